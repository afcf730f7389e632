"""The variables that the code with a magic sees, for names that are in the text of the magic."""

from __future__ import annotations

import ast
import keyword
import re
import sys
import unicodedata
from types import CodeType
from typing import TYPE_CHECKING, Any

from openrouter_nb.notebook.literal_lines import aliases_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import FrameType

# Before Python 3.14, the name of a comprehension in another one does not say that it is local.
_NESTED = re.compile(r"<locals>|(?:comp|expr)>\.")
_IPYTHON = ("IPython.core.magic", "IPython.core.interactiveshell")
_CALLS = ("run_line_magic", "run_cell_magic")
_WORD = re.compile(r"[^\W\d]\w*")
_UNBOUND: Any = object()


def caller_variables(user_ns: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Return the variables of the function that calls a magic, for `with_variables`; None outside of functions.

    They include those of its module, and of the functions around it that are running: `MagicClosures` cannot name variables of
    text that is composed at run time. The `needs_local_scope` of IPython passes variables only to line magics, and without
    those of outer functions. Before Python 3.12, a comprehension is an inner function.

    Args:
        user_ns: The variables of the notebook.
    """
    frame = _caller()
    if frame.f_locals is user_ns:
        return None
    scopes = [_variables(frame)]
    code, outer = frame.f_code, frame.f_back
    while outer is not None and _NESTED.search(code.co_qualname):
        if _contains(outer.f_code, code):
            scopes.append(_variables(outer))
            code = outer.f_code
        outer = outer.f_back
    if frame.f_globals is not user_ns:
        scopes.append(frame.f_globals)
    return {name: value for scope in reversed(scopes) for name, value in scope.items()}


def with_variables(user_ns: Mapping[str, Any], variables: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return the variables of the notebook, replaced by those of a function.

    A variable of the function that has no value yet is not defined, as in Python: it is not the one of the notebook.
    """
    merged = {**user_ns, **(variables or {})}
    return {name: value for name, value in merged.items() if value is not _UNBOUND}


class MagicClosures(ast.NodeTransformer):
    """An AST transformer that names the words of a magic's text in the code of its function.

    Python passes a variable of an outer function only to an inner function whose code names it, and the text of a magic is not
    code: where the outer function has ended, as in a decorator, a task or a thread, `{{name}}` would be a variable of the
    notebook with the same name.

    Args:
        shell: The IPython shell.
        names: The magics.
    """

    def __init__(self, shell: Any, names: tuple[str, ...]) -> None:
        self._shell = shell
        self._names = names

    def install(self) -> None:
        """Start changing code."""
        self._shell.ast_transformers.append(self)

    def remove(self) -> None:
        """Stop changing code."""
        if self in self._shell.ast_transformers:
            self._shell.ast_transformers.remove(self)

    def visit_Call(self, node: ast.Call) -> ast.AST:
        """Replace the call of a magic by `(call, lambda: (word, …))[0]`. The function is never called."""
        self.generic_visit(node)
        first = node.args[0] if node.args else None
        is_ours = isinstance(first, ast.Constant) and first.value in self._names
        if not (is_ours or (isinstance(node.func, ast.Attribute) and node.func.attr in _CALLS)):
            return node
        texts = [
            each.value
            for argument in node.args
            for each in ast.walk(argument)
            if isinstance(each, ast.Constant) and isinstance(each.value, str)
        ]
        words = dict.fromkeys(_WORD.findall(unicodedata.normalize("NFKC", " ".join(texts))))
        aliases = [name for name, _ in aliases_of(self._shell, self._names)]
        if words.keys().isdisjoint((*self._names, *aliases)):
            return node  # another magic, and none of ours in its text
        names: list[ast.expr] = [ast.Name(word, ast.Load()) for word in words if not keyword.iskeyword(word)]
        nothing = ast.arguments(posonlyargs=[], args=[], kwonlyargs=[], kw_defaults=[], defaults=[])
        named = ast.Lambda(nothing, ast.Tuple(names, ast.Load()))
        both = ast.Tuple([node, named], ast.Load())
        whole = ast.Subscript(both, ast.Constant(0), ast.Load())
        return ast.fix_missing_locations(ast.copy_location(whole, node))


def _caller() -> FrameType:
    """Return the frame that calls a magic: the first one outside of this package and of IPython."""
    frame = sys._getframe(1)  # noqa: SLF001 - as IPython itself does
    while frame.f_back is not None:
        module = frame.f_globals.get("__name__") or ""
        if module not in _IPYTHON and module.partition(".")[0] != "openrouter_nb":
            break
        frame = frame.f_back
    return frame


def _variables(frame: FrameType) -> Mapping[str, Any]:
    code = frame.f_code
    names = (*code.co_varnames, *code.co_cellvars, *code.co_freevars)
    return {**dict.fromkeys(names, _UNBOUND), **frame.f_locals}


def _contains(outer: CodeType, inner: CodeType) -> bool:
    """Return whether a function is defined in another one, or in a class in it."""
    return any(
        each is inner or _contains(each, inner) for each in outer.co_consts if isinstance(each, CodeType)
    )
