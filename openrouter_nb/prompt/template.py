"""Evaluate `{{expression}}` in a prompt, once, in the user's namespace.

Single braces are text. `str.format` would evaluate `{os.environ[...]}` in an untrusted value; here only the template from
the cell is evaluated, and the values are data.
"""

from __future__ import annotations

import ast
import difflib
import re
from dataclasses import dataclass, field
from types import MappingProxyType, ModuleType
from typing import TYPE_CHECKING, Any

from openrouter_nb._traceback import ShortTraceback
from openrouter_nb.prompt.value_text import NotPromptableError, to_prompt_value
from openrouter_nb.surrogates import well_formed, well_formed_values

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_OPEN, _CLOSE = "{{", "}}"
_MAX_EXPRESSION = 2_000
# Chinese and Japanese input methods write full-width braces; an invisible character may be between two braces.
_HIDDEN = "[\u00ad\u200b-\u200f\u2060-\u2064\ufeff]*"
_OPENING, _CLOSING = "[{\uff5b\ufe5b\u2774\u2983]", "[}\uff5d\ufe5c\u2775\u2984]"
# Takes linear time: the text between contains no opening brace.
_LOOK_ALIKE = re.compile(
    f"{_OPENING}{_HIDDEN}{_OPENING}([^\n{_OPENING[1:-1]}]{{1,200}}?){_CLOSING}{_HIDDEN}{_CLOSING}"
)
_RAW = "To send double braces as they are, use --raw."


class PromptError(ShortTraceback, ValueError):
    """A prompt that cannot be sent."""


@dataclass(slots=True)
class Prompt:
    """A prompt with its values inserted.

    Attributes:
        parts: Content parts in OpenRouter's form: text and images.
        notes: What was truncated, for the footer: `df: 50 of 1,000 rows`.
    """

    parts: list[dict[str, Any]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    _ends_with_block: bool = field(default=False, init=False, repr=False)

    @property
    def content(self) -> str | list[dict[str, Any]]:
        """Content of the message: a string if there is only text, else parts."""
        if any(part["type"] != "text" for part in self.parts):
            return [well_formed_values(part) for part in self.parts]
        return well_formed("".join(part["text"] for part in self.parts))

    def add(self, part: dict[str, Any], *, is_block: bool = False) -> None:
        """Append a part; adjacent text parts are joined.

        Args:
            part: The part.
            is_block: Whether it is Markdown that needs a blank line before and after it, such as a table.
        """
        last = self.parts[-1] if self.parts else None
        if part["type"] == "text" and last is not None and last["type"] == "text":
            if (is_block or self._ends_with_block) and part["text"].strip():
                last["text"] = last["text"].rstrip(" \t")
                part = part | {"text": part["text"].lstrip(" \t")}
                lines = _line_breaks(last["text"], part["text"]) if last["text"] else 2
                last["text"] += "\n" * (2 - lines)
            last["text"] += part["text"]
        elif part["type"] != "text" or part["text"]:
            self.parts.append(dict(part))
        if part["type"] != "text" or part["text"].strip():
            self._ends_with_block = is_block


def _line_breaks(before: str, after: str) -> int:
    """Return the number of line breaks between two texts, at most 2."""
    count = len(before) - len(before.rstrip("\n")) + len(after) - len(after.lstrip("\n"))
    return min(count, 2)


def interpolate(
    template: str,
    namespace: Mapping[str, Any],
    *,
    escape_hint: str = _RAW,
    undefined: Mapping[str, str] = MappingProxyType({}),
) -> Prompt:
    """Replace every `{{expression}}` in a prompt by its value.

    Args:
        template: The prompt.
        namespace: Variables of the expressions.
        escape_hint: How to send double braces unchanged, for error messages.
        undefined: Sentences about names that are not always defined, for error messages.

    Raises:
        PromptError: a syntax error, an undefined name, an expression that raises, or a value that cannot be converted.
    """
    prompt = Prompt()
    for is_code, piece in _pieces(template, escape_hint):
        if not is_code:
            _refuse_look_alikes(piece, escape_hint)
            prompt.add({"type": "text", "text": piece})
            continue
        value = _evaluate(piece, namespace, escape_hint, undefined)
        try:
            inserted = to_prompt_value(value)
        except NotPromptableError as error:
            # An imported module, such as `traceback`, is not what the name was written for.
            hint = undefined.get(piece, "") if isinstance(value, ModuleType) else ""
            raise PromptError(f"{{{{{piece}}}}}: {error}. {hint}".removesuffix(". ")) from None
        prompt.add(inserted.part, is_block=inserted.is_block)
        if inserted.note:
            prompt.notes.append(f"{piece}: {inserted.note}")
    return prompt


def _pieces(template: str, escape_hint: str) -> Iterator[tuple[bool, str]]:
    """Yield (is_code, piece): text and expressions alternately."""
    position = 0
    while (start := template.find(_OPEN, position)) >= 0:
        yield False, template[position:start]
        expression, position = _expression(template, start + len(_OPEN), escape_hint)
        yield True, expression
    yield False, template[position:]


def _refuse_look_alikes(text: str, escape_hint: str) -> None:
    """Reject double braces that are other characters, which would be sent as text."""
    if found := _LOOK_ALIKE.search(text):
        raise PromptError(
            f"{found[0][:60]} is not evaluated: these are not two braces of the keyboard in a row. Write"
            f" {_OPEN}{found[1][:60].strip()}{_CLOSE}. {escape_hint}".rstrip()
        )


def _expression(template: str, start: int, escape_hint: str) -> tuple[str, int]:
    """Return the expression at `start`, and the position after it.

    An expression may contain closing braces, as in `{{ {"a": {"b": 1}}["a"] }}`: the first pair after which the
    expression parses ends it.
    """
    end = template.find(_CLOSE, start)
    if end < 0:
        raise PromptError(f"There is {_OPEN} without {_CLOSE}. {escape_hint}".rstrip())
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
    raise PromptError(f"{_OPEN}{shown[:60]}{_CLOSE} is not a Python expression. {escape_hint}".rstrip())


def _evaluate(
    expression: str, namespace: Mapping[str, Any], escape_hint: str, undefined: Mapping[str, str]
) -> Any:
    try:
        return eval(compile(expression, "<prompt>", "eval"), dict(namespace))  # noqa: S307 - the user's own code
    except NameError as error:
        name = str(error.name)
        near = difflib.get_close_matches(name, [known for known in namespace if known[:1] != "_"], n=1)
        hint = f" Did you mean {near[0]!r}?" if near else ""
        if name in undefined:
            hint = f" {undefined[name]}"
        raise PromptError(
            f"{_OPEN}{expression}{_CLOSE}: {error.name!r} is not defined.{hint} {escape_hint}".rstrip()
        ) from None
    except Exception as error:  # noqa: BLE001 - any exception of the user's expression is reported in one line
        raise PromptError(f"{_OPEN}{expression}{_CLOSE} fails: {type(error).__name__}: {error}") from None
