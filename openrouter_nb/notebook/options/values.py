"""What is written after an option, as the value that it stands for."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from openrouter_nb.parameters import nearest

if TYPE_CHECKING:
    from openrouter_nb.notebook.options.table import Option
    from openrouter_nb.parameters import Parameter


class OptionError(ValueError):
    """An option is unknown, given twice, without its value, or has a wrong one."""


def preferences(text: str) -> dict[str, Any]:
    """Return the routing preferences of `--provider`: slugs in order, or a JSON object."""
    if not text.startswith("{"):
        return {"order": words("--provider", text)}
    try:
        value = json.loads(text)
    except ValueError:
        value = None
    if not isinstance(value, dict):
        raise OptionError(f"--provider takes slugs or a JSON object, not {text!r}.")
    return value


def words(flag: str, text: str) -> list[str]:
    """Return words that commas part."""
    found = [word.strip() for word in text.split(",")]
    if not all(found):
        raise OptionError(f"{flag} takes words parted by commas, not {text!r}.")
    return found


def number(row: Option, flag: str, text: str) -> float:
    """Return the number of an option, within its bounds."""
    low, high = row.low or 0, row.high or 0
    whole = row.kind == "integer"
    try:
        value: float = int(text) if whole else float(text)
    except ValueError:
        value = -1
    if not low <= value <= high:
        noun = "a whole number" if whole else "a number"
        raise OptionError(
            f"{flag} takes {noun} from {low:,.10g} to {high:,.10g}, not {text!r}.{_point(text)}"
        )
    return value


def converted(row: Parameter, flag: str, text: str) -> Any:
    """Return the value of a request parameter, of the kind that its row says; its bounds are looked at elsewhere."""
    if row.kind in ("number", "integer"):
        try:
            return int(text) if row.kind == "integer" else float(text)
        except ValueError:
            wanted = "a whole number" if row.kind == "integer" else "a number"
            raise OptionError(f"{flag} takes {wanted}, not {text!r}.{_point(text)}") from None
    if not text:
        raise OptionError(f"Option {flag} needs a value.")
    if row.kind == "boolean":
        if text not in ("true", "false"):
            raise OptionError(f"{flag} takes true or false, not {text!r}.{nearest(text, ('true', 'false'))}")
        return text == "true"
    if row.kind == "json" or (row.kind == "strings" and text.startswith("[")):
        try:
            return json.loads(text)
        except ValueError:
            if row.kind == "json" and row.container is None and re.fullmatch(r"\w+", text):
                return text
            noun = {"object": "a JSON object", "array": "a JSON list"}.get(
                row.container or "", "text or a JSON list"
            )
            raise OptionError(f"{flag} takes {noun}, not {text!r}.") from None
    return text


def _point(text: str) -> str:
    """Return a hint for a number with a comma where English has a point."""
    return f" Write {text.replace(',', '.')}." if re.fullmatch(r"-?\d+,\d+", text) else ""


def either(choices: tuple[str, ...]) -> str:
    """Return words as a sentence lists them: `a, b or c`."""
    return f"{', '.join(choices[:-1])} or {choices[-1]}" if len(choices) > 1 else choices[0]


def unquoted(word: str) -> str:
    """Return a word without the quotes around it, and what is escaped inside as it is meant."""
    if len(word) < 2 or word[0] not in "\"'" or word[-1] != word[0]:
        return word
    return re.sub(
        r"\\(.)", lambda match: {"n": "\n", "t": "\t"}.get(match[1], match[1]), word[1:-1], flags=re.DOTALL
    )
