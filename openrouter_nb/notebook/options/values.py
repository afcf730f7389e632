"""Convert the text of an option to its value."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from openrouter_nb.parameters import nearest
from openrouter_nb.surrogates import loads

if TYPE_CHECKING:
    from openrouter_nb.notebook.options.table import Option
    from openrouter_nb.parameters import Parameter


class OptionError(ValueError):
    """An option is unknown, given twice, without its value, or has an invalid value."""


def parse_json(text: str) -> Any:
    """Return the value of JSON text. Strings may contain line breaks: quotes on the line have replaced their escape sequences."""
    return loads(text, strict=False)


def parse_provider(text: str) -> dict[str, Any]:
    """Return the routing preferences of `--provider`: slugs in order, or a JSON object."""
    if not text.startswith("{"):
        return {"order": split_words("--provider", text)}
    try:
        value = parse_json(text)
    except ValueError:
        value = None
    if not isinstance(value, dict):
        raise OptionError(f"--provider takes slugs or a JSON object, not {text!r}.")
    return value


def split_words(flag: str, text: str) -> list[str]:
    """Return the words of a comma-separated list."""
    found = [word.strip() for word in text.split(",")]
    if not all(found):
        raise OptionError(f"{flag} takes comma-separated words, not {text!r}.")
    return found


def parse_number(option: Option, flag: str, text: str) -> float:
    """Return the number of an option, within its bounds."""
    low, high = option.minimum or 0, option.maximum or 0
    whole = option.kind == "integer"
    try:
        value: float = int(text) if whole else float(text)
    except ValueError:
        value = -1
    if not low <= value <= high:
        noun = "a whole number" if whole else "a number"
        raise OptionError(
            f"{flag} takes {noun} from {low:,.10g} to {high:,.10g}, not {text!r}.{_comma_hint(text)}"
        )
    return value


def convert(row: Parameter, flag: str, text: str) -> Any:
    """Return the value of a request parameter as the type of its row. Bounds are validated elsewhere."""
    if row.kind in ("number", "integer"):
        try:
            # A whole number is sent as it was written: 1, not 1.0.
            return int(text) if row.kind == "integer" or re.fullmatch(r"-?\d+", text) else float(text)
        except ValueError:
            wanted = "a whole number" if row.kind == "integer" else "a number"
            raise OptionError(f"{flag} takes {wanted}, not {text!r}.{_comma_hint(text)}") from None
    if not text:
        raise OptionError(f"Option {flag} needs a value.")
    if row.kind == "boolean":
        if text not in ("true", "false"):
            raise OptionError(f"{flag} takes true or false, not {text!r}.{nearest(text, ('true', 'false'))}")
        return text == "true"
    if row.kind == "json" or (row.kind == "strings" and text.startswith("[")):
        try:
            return parse_json(text)
        except ValueError:
            if row.kind == "json" and row.container is None and re.fullmatch(r"\w+", text):
                return text
            noun = {"object": "a JSON object", "array": "a JSON list"}.get(
                row.container or "", "text or a JSON list"
            )
            raise OptionError(f"{flag} takes {noun}, not {text!r}.") from None
    return text


def _comma_hint(text: str) -> str:
    """Return a hint for a number with a comma: before decimals, or between groups of digits."""
    if re.fullmatch(r"-?[1-9]\d{0,2}(?:,\d{3})+", text):
        return f" Write {text.replace(',', '')}."
    return f" Write {text.replace(',', '.')}." if re.fullmatch(r"-?\d+,\d+", text) else ""


def join_or(choices: tuple[str, ...]) -> str:
    """Return words as a list in a sentence: `a, b or c`."""
    return f"{', '.join(choices[:-1])} or {choices[-1]}" if len(choices) > 1 else choices[0]


def unquote(word: str, *, is_path: bool = False) -> str:
    r"""Return a word without the quotes around it, and with its escape sequences replaced.

    Other backslashes remain. In a path only a quote is escaped: `C:\new` has no line break.
    """
    if len(word) < 2 or word[0] not in "\"'" or word[-1] != word[0]:
        return word
    if is_path:
        return word[1:-1].replace(f"\\{word[0]}", word[0])
    return re.sub(r"\\([nt\"'\\])", lambda match: {"n": "\n", "t": "\t"}.get(match[1], match[1]), word[1:-1])
