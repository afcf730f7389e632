"""Suggestions for mistyped options and values."""

from __future__ import annotations

import ast
import json
import re
import unicodedata

from openrouter_nb.notebook.options.table import BY_FLAG
from openrouter_nb.notebook.options.values import OptionError
from openrouter_nb.parameters import PARAMETERS, nearest

# Word processors replace one or two hyphens by one of these.
_DASHES = "\u00ad\u02d7\u1806\u2010-\u2015\u2043\u207b\u208b\u2212\u2796\ufe58\ufe63\uff0d"
_OTHER_DASH = re.compile(f"[{_DASHES}][{_DASHES}-]?(\\w[\\w-]*)|-[{_DASHES}](\\w[\\w-]*)")
_STUCK = re.compile(r"-\w[\d.]+")
_ASSIGNMENT = re.compile(r"(\w+)=\S")
_OTHER_QUOTE = {"'": '"', '"': "'"}
CURLY_QUOTES = "`“”„‟‘’‚‛«»‹›＂＇´′″❛❜❝❞〝〞「」『』"  # noqa: RUF001 - word processors replace straight quotes
_LIMITS = ("--max-cost", "--dry-run", "--replay")
_ALL_QUOTES = f"\"'{CURLY_QUOTES}"
# Names of other programs, of the API and of the Python SDK, and the option with the same purpose.
_SAME_PURPOSE = {
    "--fallback ID,ID for fallback models, or -m ID,ID to compare models": "models fallback-models fallbacks",
    "--max-tokens": "max-completion-tokens max-output-tokens max-length num-predict n-predict max-new-tokens",
    "--reasoning": "effort reasoning-effort thinking think",
    "--system": "system-prompt instructions prompt",
    "--tools": "functions function tool",
    "--online": "web search web-search browse",
    "--schema": "json-schema output-schema response-model output-type",
    "-f json": "json json-mode json-object",
    "-f md": "markdown md",
    "-f text": "text",
    "--chat": "conversation thread session",
    "--new": "reset clear restart fresh",
    "--once": "no-history stateless single-turn one-shot",
    "--context": "cells history above",
    "--file": "attach attachment pdf document",
    "--image": "picture photo img",
    "--out": "output variable var save-as assign",
    "--quiet": "silent no-output",
    "--no-stream": "stream nostream no-streaming",
    "--bg": "background async detach",
    "--dry-run": "estimate preview print-request",
    "--max-cost": "budget cost",
    "--approve auto": "yes auto-approve auto yolo",
    "--retries": "max-retries attempts",
    "--timeout": "timeout-ms time-limit deadline",
    "--stop": "stop-sequences stop-sequence stop-words",
    "--repetition-penalty": "repeat-penalty",
    "--replay": "cache record cassette",
    "--show-reasoning": "show-thinking",
}
_MEANT = {f"--{name}": text for text, names in _SAME_PURPOSE.items() for name in names.split()}


def refuse_invisible(word: str) -> None:
    """Reject an option, or the value of one, with a character that is not shown, such as a zero-width space."""
    hidden = [character for character in word if unicodedata.category(character) == "Cf"]
    if hidden:
        shown = "".join(character for character in word if character not in hidden)
        raise OptionError(
            f"There is an invisible character, U+{ord(hidden[0]):04X}, in {shown}: write it again."
        )


def refuse_other_dash(word: str) -> None:
    """Reject an option that begins with another dash than a hyphen, or has an invisible character."""
    bare = "".join(character for character in word if unicodedata.category(character) != "Cf")
    if bare != word and re.match("-{1,2}[A-Za-z]", bare) and bare.partition("=")[0] in BY_FLAG:
        refuse_invisible(word)
    if found := _OTHER_DASH.match(bare) or _OTHER_DASH.match(word):
        name = found[1] or found[2]
        for meant in (f"--{name}", f"-{name}"):
            if meant in BY_FLAG:
                raise OptionError(f"{found[0]} does not begin with a hyphen: write {meant}.")


def refuse_option_below(first_line: str, cell: str) -> None:
    """Reject a cell whose second line continues the options, which would be sent as text.

    Args:
        first_line: The text after the options of the first line.
        cell: The lines below it.
    """
    words = cell.split(maxsplit=1)
    if words and not first_line:
        refuse_other_dash(words[0])
    flag = words[0].partition("=")[0] if words else ""
    if flag == "%%chat":
        raise OptionError("There is a second line of %%chat below the first: write all options on one line.")
    if first_line == "\\":
        raise OptionError("The line of %%chat ends with a backslash: write all options on that line.")
    if not first_line and flag in BY_FLAG:
        raise OptionError(
            f"{flag} is below the line of %%chat: write it on that line. To send it as text, put -- at the end of that line."
        )


def refuse_late_limit(words: str) -> None:
    """Reject an option behind the words of the line that limits the cost: it would be sent as text, without a limit."""
    for word in words.split()[1:]:
        if (flag := word.partition("=")[0]) in _LIMITS:
            raise OptionError(
                f"{flag} is behind the words and would be sent as text: write it before them. To send it, put -- before the words."
            )


def refuse_split_value(flag: str, value: str, after: str) -> None:
    """Reject a value that continues behind a space: a list with a space before a comma, or a number with groups of digits.

    Args:
        flag: The option.
        value: The text after it.
        after: The rest of the line.
    """
    if re.match(r"\s+,", after):
        raise OptionError(f"Option {flag}: there is a space before a comma. Write the list without spaces.")
    if value[-1:].isdigit() and re.match(r"[\u00a0\u2007\u2009\u202f]\d", after):
        raise OptionError(f"Option {flag}: there is a space in a number. Write it without spaces.")


def unknown_option_hint(flag: str) -> str:
    """Return a hint for an unknown option: the option of the same purpose, or the nearest name; `""` if there is none."""
    if _STUCK.fullmatch(flag) and flag[:2] in BY_FLAG:  # a number is attached: -t0.3
        return f" Write {flag[:2]} {flag[2:]}."
    name = "--" + flag.lstrip("-").lower().replace("_", "-")
    if name in BY_FLAG:
        return f" Did you mean {name!r}?"
    if name in _MEANT:
        return f" Write {_MEANT[name]}."
    from openrouter_nb.components.provider import ProviderPreferences

    key = name.lstrip("-").replace("-", "_")
    if key in ProviderPreferences.model_fields:
        return f" Write -p provider.{key}=JSON."
    return nearest(flag, BY_FLAG)


def json_hint(flag: str, path: str, text: str) -> str:
    """Return a sentence with the spelling of a value that is not JSON: text without double quotes, or a value of Python."""
    bare = text.strip(_ALL_QUOTES)
    try:
        value = json.dumps(ast.literal_eval(text))
    except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
        value = json.dumps(bare, ensure_ascii=False)
        if re.match(r"[\[{(]", bare):
            return f"Put a list or an object between single quotes: {flag} {path}='[…]'."
    if "'" in value or "\\" in value:
        return "Text needs double quotes inside single quotes."
    return f"Write {flag} {path}={value if value.isalnum() else repr(value)}."


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
    if quote in CURLY_QUOTES:
        raise OptionError(f'Option {flag}: {quote} is not a straight quote. Put the value between " and ".')
    if quote not in _OTHER_QUOTE:
        return
    if len(value) < 2 or value[-1] != quote:
        raise OptionError(f"Option {flag}: the quote before {value[1:]} is not closed.")
    if after.strip():
        other = _OTHER_QUOTE[quote]
        raise OptionError(
            f"Option {flag}: its value ends after {value}. Put a value that contains {quote} between {other} and {other}."
        )
