"""Suggestions for mistyped options and values."""

from __future__ import annotations

import re

from openrouter_nb.notebook.options.table import BY_FLAG
from openrouter_nb.notebook.options.values import OptionError
from openrouter_nb.parameters import PARAMETERS

_LONG_DASH = re.compile(r"[–—]\w")  # noqa: RUF001 - word processors replace two hyphens by one
_STUCK = re.compile(r"-\w[\d.]+")
_ASSIGNMENT = re.compile(r"(\w+)=\S")
_OTHER_QUOTE = {"'": '"', '"': "'"}


def refuse_long_dash(word: str) -> None:
    """Reject an option that begins with a long dash."""
    if _LONG_DASH.match(word) and (meant := f"--{word[1:]}") in BY_FLAG:
        raise OptionError(f"{word} begins with a long dash: write {meant}.")


def attached_value_hint(flag: str) -> str:
    """Return a hint for a short option with its number attached, such as `-t0.3`; `""` for any other word."""
    return f" Write {flag[:2]} {flag[2:]}." if _STUCK.fullmatch(flag) and flag[:2] in BY_FLAG else ""


def refuse_assignment(text: str) -> None:
    """Reject a prompt that begins with a Python assignment of a parameter: `temperature=0.2`."""
    found = _ASSIGNMENT.match(text)
    if found is None or found[1] not in PARAMETERS:
        return
    flags = PARAMETERS[found[1]].flags
    instead = f"{max(flags, key=len)} and its value" if flags else f"-p {found[1]}=…"
    raise OptionError(
        f"{found[1]}=… is not an option: write {instead}. Put -- before text that begins like this."
    )


def refuse_partial_value(flag: str, value: str, after: str) -> None:
    """Reject a value that is incomplete because of its quotes, or that is the next option.

    Args:
        flag: The option.
        value: The text after it, with its quotes.
        after: The next character, `""` at the end of the line.
    """
    if value in BY_FLAG:
        raise OptionError(
            f"Option {flag} needs a value, and {value} is an option. To use it as a value, put it in quotes."
        )
    quote = value[0]
    if quote not in _OTHER_QUOTE:
        return
    if len(value) < 2 or value[-1] != quote:
        raise OptionError(f"Option {flag}: the quote before {value[1:]} is not closed.")
    if after.strip():
        other = _OTHER_QUOTE[quote]
        raise OptionError(
            f"Option {flag}: its value ends after {value}. Put a value that contains {quote} between {other} and {other}."
        )
