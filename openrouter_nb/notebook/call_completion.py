"""Tab completion for keywords in calls of this package, such as `chat("Hi", temp`."""

from __future__ import annotations

import inspect
import io
import re
import tokenize
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_OPEN, _CLOSE = "([{", ")]}"
_NAME = re.compile(r"(?<!\w)(?<!\w \. )(?:[A-Za-z_]\w* \. )*[A-Za-z_]\w*$")


def call_keywords(before: str, namespace: Mapping[str, Any]) -> tuple[str, list[str]]:
    """Return the typed start of a keyword, and the keywords of the call; empty outside of a call of this package.

    Only calls that pass other keywords on to the request are completed: the keywords of the others are in their signatures.

    Args:
        before: The code before the cursor.
        namespace: The variables of the notebook.
    """
    tokens = list(_tokens(before))
    typed = tokens.pop() if tokens and tokens[-1].isidentifier() and before.endswith(tokens[-1]) else ""
    if not tokens or tokens[-1] not in ("(", ","):
        return "", []
    called = _value(_called(tokens), namespace)
    if called is None:
        return "", []
    try:
        parameters = inspect.signature(called).parameters.values()
    except (TypeError, ValueError):
        return "", []
    if all(parameter.kind is not parameter.VAR_KEYWORD for parameter in parameters):
        return "", []
    from openrouter_nb.conversation.call_settings import KEYWORDS

    own = [parameter.name for parameter in parameters if parameter.kind is parameter.KEYWORD_ONLY]
    return typed, [f"{name}=" for name in dict.fromkeys((*own, *sorted(KEYWORDS)))]


def _tokens(code: str) -> Iterator[str]:
    """Yield the names, operators and literals of incomplete code."""
    try:
        for token in tokenize.generate_tokens(io.StringIO(code).readline):
            if token.type not in (tokenize.NL, tokenize.NEWLINE, tokenize.COMMENT) and token.string.strip():
                yield token.string
    except tokenize.TokenError as error:  # the end of the incomplete code
        # Without its quote, the text of an unterminated string would be that of a keyword.
        if "string" in error.args[0]:
            yield '"'
    except SyntaxError:
        return


def _called(tokens: list[str]) -> str:
    """Return the dotted name before the innermost open parenthesis, or an empty string."""
    depth = 0
    for index in range(len(tokens) - 1, -1, -1):
        if tokens[index] in _CLOSE:
            depth += 1
        elif tokens[index] in _OPEN:
            depth -= 1
            if depth < 0:
                break
    if depth >= 0 or tokens[index] != "(":
        return ""
    name = _NAME.search(" ".join(tokens[:index]))
    return name[0].replace(" ", "") if name else ""


def _value(path: str, namespace: Mapping[str, Any]) -> Any:
    """Return the function or class of this package with a dotted name, else None. Attributes of other objects are not read."""
    first, *attributes = path.split(".")
    value = namespace.get(first)
    for name in attributes:
        if not _is_ours(value):
            return None
        value = getattr(value, name, None)
    return value if callable(value) and _is_ours(value) else None


def _is_ours(value: Any) -> bool:
    module = getattr(value, "__module__", None) or getattr(value, "__name__", None)
    return isinstance(module, str) and module.partition(".")[0] == "openrouter_nb"
