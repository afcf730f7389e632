"""The variables that code in a function sees, for names that are in the text of a magic."""

from __future__ import annotations

import re
from types import CodeType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import FrameType

# Before Python 3.14, the name of a comprehension in another one does not say that it is local.
_NESTED = re.compile(r"<locals>|(?:comp|expr)>\.")


def function_variables(frame: FrameType, user_ns: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Return the variables of a function, and of the functions around it that are running; None outside of functions.

    Python passes a variable of an outer function only to an inner function whose code names it, and the text of a magic is not
    code. Before Python 3.12, a comprehension is an inner function.

    Args:
        frame: The frame of the code with the magic.
        user_ns: The variables of the notebook.
    """
    if frame.f_locals is user_ns:
        return None
    scopes: list[Mapping[str, Any]] = [frame.f_locals]
    code, outer = frame.f_code, frame.f_back
    while outer is not None and _NESTED.search(code.co_qualname):
        if _contains(outer.f_code, code):
            scopes.append(outer.f_locals)
            code = outer.f_code
        outer = outer.f_back
    return {name: value for scope in reversed(scopes) for name, value in scope.items()}


def _contains(outer: CodeType, inner: CodeType) -> bool:
    """Return whether a function is defined in another one, or in a class in it."""
    return any(
        each is inner or _contains(each, inner) for each in outer.co_consts if isinstance(each, CodeType)
    )
