"""Find the JSON value in the text of an answer.

Models write the value between thoughts, sentences and code fences. Sources: recorded answers without strict mode, and
public reports (zettelrobbe#74, bili-core#289, gbrain PR 3378, langchain-google#1109, pydantic-ai#7911).
"""

from __future__ import annotations

import json
import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from openrouter_nb.surrogates import well_formed, well_formed_values

if TYPE_CHECKING:
    from collections.abc import Iterable

#: Deeper values can be neither validated nor displayed: both recurse.
MAX_DEPTH = 200
# These bound the time for a text of many braces that are not JSON.
_MAX_SCANNED = 2_000_000  # characters
_MAX_FAILURES = 1_000
_MAX_SHOWN = 60  # characters of a text without JSON
_MAX_CUT = 5  # characters of a word or an escape that can be cut off: `fals`, `\\u12a`

_SPACE = "\ufeff \t\r\n"
_FENCE = "```"
_THOUGHT = re.compile(r"<(/?)(?:think|thinking|thoughts?|reasoning)>|\[(/?)THINK\]", re.IGNORECASE)
# Braces and brackets that can begin a value, unlike those of code and formulas.
_OPENER = re.compile(r'\{(?=\s*["}])|\[(?=\s*(?:[\[\]{"]|-?\d|(?:true|false|null|NaN|-?Infinity)\b))')
_STRUCTURE = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\]]', re.DOTALL)
_ESCAPED_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")


class JSONTextError(ValueError):
    """A text without a usable JSON value.

    Attributes:
        message: The reason, in a few words.
        name: The name of the member that the reason is about; `""` for the value itself.
        is_syntax_error: Whether the text is not JSON at all.
    """

    def __init__(self, message: str, name: str = "", *, is_syntax_error: bool = False) -> None:
        super().__init__(f"{name} {message}".lstrip())
        self.message = message
        self.name = name
        self.is_syntax_error = is_syntax_error


@dataclass(frozen=True, slots=True)
class JSONSpan:
    """A JSON value in a text.

    Attributes:
        source: Its JSON text.
        value: The value.
        is_embedded: Whether there is other text around it.
    """

    source: str
    value: Any
    is_embedded: bool = False


def parse_json(text: str, *, replace_surrogates: bool = False) -> Any:
    """Return the value of a JSON text. A byte order mark and space around it are skipped.

    Args:
        text: The text.
        replace_surrogates: Whether lone surrogates become U+FFFD.

    Raises:
        JSONTextError: a syntax error, a name given twice, a number that Python cannot hold (NaN, 1e999, 5,000 digits),
            a lone surrogate that is not replaced, more than 200 levels of nesting, or a size that takes too much memory.
    """
    _check_size(text)
    value = _parse(text)
    if not _may_have_halves(text):
        return value
    replaced = well_formed_values(value)
    if replaced != value and not replace_surrogates:
        raise JSONTextError("a lone surrogate is not text")
    return replaced


def _parse(text: str) -> Any:
    source = text.strip(_SPACE)
    try:
        value, end = _decode(source, 0)
    except json.JSONDecodeError as error:
        raise _syntax_error(error) from None
    if end != len(source):
        raise _syntax_error(json.JSONDecodeError("Extra data", source, end))
    return value


def json_spans(text: str) -> list[JSONSpan]:
    """Return the JSON values of an answer, in order: the whole text, or the objects and lists in it.

    Thoughts in `<think>` tags are skipped: they can contain drafts. Lone surrogates become U+FFFD, as in other texts.

    Raises:
        JSONTextError: one of them is cut off, or none can be used.
    """
    _check_size(text)
    text = well_formed(text)
    spoken = _without_thoughts(text)
    for source in (text, spoken, _unfenced(spoken)):
        try:
            return [_span(source, _parse(source))]
        except JSONTextError as error:
            problem = error
    if not spoken.strip(_SPACE):
        raise JSONTextError("nothing follows the thoughts" if text.strip(_SPACE) else "the answer is empty")
    if spans := _scan(spoken):
        return spans
    raise no_json(spoken) if problem.is_syntax_error else problem  # another one is about a number such as NaN


def no_json(text: str) -> JSONTextError:
    """Return the error of a text without a JSON value."""
    said = " ".join(text.split())
    return JSONTextError(f"not JSON: {said[:_MAX_SHOWN]!r}{'…' if len(said) > _MAX_SHOWN else ''}")


def largest_json(text: str) -> Any:
    """Return the JSON value of an answer without a schema: of several, the one with the longest source.

    Raises:
        JSONTextError: as for `json_spans`.
    """
    return max(json_spans(text), key=lambda span: len(span.source)).value


def begun_json(text: str) -> str:
    """Return an incomplete answer from the start of its JSON value; `""` before that."""
    source = _without_thoughts(text)
    begin = _OPENER.search(source)
    if begin is not None:
        return source[begin.start() :]
    source = source.strip(_SPACE)
    return source if source[:1] in ("{", "[", '"') else ""


def _without_thoughts(text: str) -> str:
    """Return a text without its thoughts. Some models omit the opening tag; a thought without a closing tag is cut off."""
    spoken, position, is_thought = "", 0, False
    for tag in _THOUGHT.finditer(text):
        is_end = bool(tag[1] or tag[2])
        if is_end and not is_thought:
            spoken = ""
        elif not is_thought:
            spoken += text[position : tag.start()]
        position, is_thought = tag.end(), not is_end
    return spoken if is_thought else spoken + text[position:]


def _unfenced(text: str) -> str:
    """Return a text without the code fence around it, if there is one."""
    inside = text.strip(_SPACE)
    if not (inside.startswith(_FENCE) and inside.endswith(_FENCE)):
        return text
    return inside.partition("\n")[2].removesuffix(_FENCE)


def _check_size(text: str) -> None:
    from openrouter_nb.json_size import JsonTooLargeError, check_json_size  # not needed by `%load_ext`

    try:
        check_json_size(text)
    except JsonTooLargeError as error:
        raise JSONTextError(f"too large: it has {error}") from None


def _scan(text: str) -> list[JSONSpan]:
    """Return the objects and lists in a text.

    Raises:
        JSONTextError: one of them is cut off, or none can be used.
    """
    spans: list[JSONSpan] = []
    problems: list[JSONTextError] = []
    position, left = 0, _MAX_SCANNED
    while left > 0 and len(problems) < _MAX_FAILURES and (opener := _OPENER.search(text, position)):
        start = opener.start()
        try:
            value, position = _decode(text, start)
        except (json.JSONDecodeError, JSONTextError) as error:
            problems.append(error if isinstance(error, JSONTextError) else _syntax_error(error))
            end = _end_of_brackets(text, start)
            left -= (len(text) if end is None else end) - start
            if end is not None:
                position = end
            elif isinstance(error, JSONTextError) or _is_cut_off(error):
                raise problems[-1] from None  # the lists and objects in it are not the answer
            else:
                position = max(error.pos, start + 1)  # prose
        else:
            spans.append(_span(text[start:position], value, is_embedded=True))
    if problems and not spans:
        raise problems[0]
    return spans


def _is_cut_off(error: json.JSONDecodeError) -> bool:
    """Return whether the text ends inside the value."""
    left = len(error.doc.rstrip(_SPACE)) - error.pos
    return left <= _MAX_CUT or error.msg.startswith("Unterminated string")


def _end_of_brackets(text: str, start: int) -> int | None:
    """Return the index after the bracket that closes the one at `start`; None if none does."""
    depth = 0
    for token in _STRUCTURE.finditer(text, start):
        depth += {"{": 1, "[": 1, "}": -1, "]": -1}.get(token[0], 0)
        if depth == 0:
            return token.end()
    return None


def _decode(text: str, start: int) -> tuple[Any, int]:
    """Return the value that begins at an index, and the index after it."""
    try:
        value, end = _DECODER.raw_decode(text, start)
        is_deep = is_deeper(value, MAX_DEPTH)
    except RecursionError:
        is_deep = True
    if is_deep:
        raise JSONTextError(f"nested more than {MAX_DEPTH} levels deep")
    return value, end


def _may_have_halves(source: str) -> bool:
    return not source.isascii() or _ESCAPED_SURROGATE.search(source) is not None


def _span(source: str, value: Any, *, is_embedded: bool = False) -> JSONSpan:
    if _ESCAPED_SURROGATE.search(source):
        value = well_formed_values(value)
    return JSONSpan(source, value, is_embedded)


def is_deeper(value: Any, levels: int) -> bool:
    """Return whether a JSON value has more levels of objects and lists."""
    layer = [value]
    for _ in range(levels):
        layer = [item for each in layer for item in _items(each)]
    return any(isinstance(each, (dict, list)) for each in layer)


def _items(value: Any) -> Iterable[Any]:
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        seen: set[str] = set()
        for name, _ in pairs:
            if name in seen:
                raise JSONTextError("is given twice", name)
            seen.add(name)
    return found


def _integer(text: str) -> int:
    try:
        return int(text)
    except ValueError:  # `sys.get_int_max_str_digits`
        raise JSONTextError(f"a number of {len(text):,} digits is too long") from None


def _float(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise JSONTextError(f"{text[:_MAX_SHOWN]} is too large a number")
    return number


def _no_constant(word: str) -> Any:
    raise JSONTextError(f"{word} is not valid JSON")


_DECODER = json.JSONDecoder(
    object_pairs_hook=_unique, parse_constant=_no_constant, parse_int=_integer, parse_float=_float
)


def _syntax_error(error: json.JSONDecodeError) -> JSONTextError:
    message = f"not JSON, or cut off: {error.msg} (character {error.pos})"
    return JSONTextError(message, is_syntax_error=True)
