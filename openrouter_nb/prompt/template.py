"""`{{expression}}` in a prompt: evaluated once, in the user's namespace, and never a second time.

Single braces are text. `str.format` would let a value of somebody else's read `{os.environ[...]}`; here only what the user
wrote in the cell is evaluated, and what it evaluates to is data (C4 of the threats: prompt injection through variables).
"""

from __future__ import annotations

import ast
import difflib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from openrouter_nb._traceback import ShortTraceback
from openrouter_nb.prompt.value_text import NotPromptableError, to_prompt_value

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_OPEN, _CLOSE = "{{", "}}"
_MAX_EXPRESSION = 2_000
_RAW = "To send double braces as they are, use --raw."


class PromptError(ShortTraceback, ValueError):
    """The prompt cannot be sent as it stands."""


@dataclass(slots=True)
class Prompt:
    """A prompt with its values put in.

    Attributes:
        parts: Content parts in OpenRouter's form: text and images.
        notes: What was cut, for the reader: `df: 50 of 1,000 rows`.
    """

    parts: list[dict[str, Any]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def content(self) -> str | list[dict[str, Any]]:
        """The content of a message: text where there is only text."""
        if any(part["type"] != "text" for part in self.parts):
            return self.parts
        return "".join(part["text"] for part in self.parts)

    def add(self, part: dict[str, Any]) -> None:
        """Append a part; text joins text."""
        if part["type"] == "text" and self.parts and self.parts[-1]["type"] == "text":
            self.parts[-1]["text"] += part["text"]
        elif part["type"] != "text" or part["text"]:
            self.parts.append(dict(part))


def interpolate(template: str, namespace: Mapping[str, Any], *, literally: str = _RAW) -> Prompt:
    """Put the values of all `{{expression}}` into a prompt.

    Args:
        template: The prompt.
        namespace: What the expressions may name.
        literally: How double braces are sent as they are, for the messages.

    Raises:
        PromptError: an expression that is none, a name that is not defined, an expression that fails, or a value that
            has no text form.
    """
    prompt = Prompt()
    for is_code, piece in _pieces(template, literally):
        if not is_code:
            prompt.add({"type": "text", "text": piece})
            continue
        value = _evaluate(piece, namespace, literally)
        try:
            inserted = to_prompt_value(value)
        except NotPromptableError as error:
            raise PromptError(f"{{{{{piece}}}}}: {error}") from None
        prompt.add(inserted.part)
        if inserted.note:
            prompt.notes.append(f"{piece}: {inserted.note}")
    return prompt


def _pieces(template: str, literally: str) -> Iterator[tuple[bool, str]]:
    """Yield text and expressions in turn."""
    position = 0
    while (start := template.find(_OPEN, position)) >= 0:
        yield False, template[position:start]
        expression, position = _expression(template, start + len(_OPEN), literally)
        yield True, expression
    yield False, template[position:]


def _expression(template: str, start: int, literally: str) -> tuple[str, int]:
    """Return the expression that begins here, and where the text goes on.

    An expression may hold closing braces itself, as `{{ {"a": {"b": 1}}["a"] }}` does: the first pair that leaves
    something that parses is the end.
    """
    end = template.find(_CLOSE, start)
    if end < 0:
        raise PromptError(f"There is {_OPEN} without {_CLOSE}. {literally}".rstrip())
    first = end
    while 0 <= end <= start + _MAX_EXPRESSION:
        source = template[start:end].strip()
        try:
            ast.parse(source, mode="eval")
        except (SyntaxError, ValueError, MemoryError, RecursionError):
            end = template.find(_CLOSE, end + 1)
            continue
        # `}}}` closes a dictionary and then the expression only where the shorter reading does not parse.
        return source, end + len(_CLOSE)
    shown = template[start:first].strip()
    raise PromptError(f"{_OPEN}{shown[:60]}{_CLOSE} is not a Python expression. {literally}".rstrip())


def _evaluate(expression: str, namespace: Mapping[str, Any], literally: str) -> Any:
    try:
        return eval(compile(expression, "<prompt>", "eval"), dict(namespace))  # noqa: S307 - the user's own code
    except NameError as error:
        near = difflib.get_close_matches(
            str(error.name), [name for name in namespace if name[:1] != "_"], n=1
        )
        hint = f" Did you mean {near[0]!r}?" if near else ""
        raise PromptError(
            f"{_OPEN}{expression}{_CLOSE}: {error.name!r} is not defined.{hint} {literally}".rstrip()
        ) from None
    except Exception as error:  # noqa: BLE001 - whatever the user's expression raises is said in one line
        raise PromptError(f"{_OPEN}{expression}{_CLOSE} fails: {type(error).__name__}: {error}") from None
