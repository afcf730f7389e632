"""The line of `%%chat`: leading options, then free text.

Own parsing, because IPython's `arg_split` keeps quotes and argparse exits, guesses prefixes and cannot tell an option from
prose. Everything from the first bare word on is text, so `don't`, braces and quotes survive.
"""

from __future__ import annotations

import json
import keyword
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from openrouter_nb.parameters import PARAMETERS, Parameter, nearest, problem

if TYPE_CHECKING:
    from collections.abc import Mapping


class OptionError(ValueError):
    """An option is unknown, given twice, without its value, or has a wrong one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """An option that is no request parameter.

    Attributes:
        name: Field of `Arguments` that it sets.
        flags: How it is written.
        help: One sentence.
        takes: What its value is called in the help, or None for a switch.
        repeats: Whether it may be given several times.
        low: Smallest value, of an option that takes a number.
        high: Largest value.
    """

    name: str
    flags: tuple[str, ...]
    help: str
    takes: str | None = None
    repeats: bool = False
    low: float | None = None
    high: float | None = None


OPTIONS = (
    Option(name="system", flags=("-s", "--system"), takes="TEXT", help="System prompt of the conversation."),
    Option(
        name="chat",
        flags=("-c", "--chat"),
        takes="NAME",
        help="Conversation to go on with; `main` if left out.",
    ),
    Option(name="new", flags=("--new",), help="Forget the conversation first."),
    Option(
        name="param",
        repeats=True,
        flags=("-p", "--param"),
        takes="KEY=JSON",
        help="Any other field of the request, nested ones with dots: -p provider.sort='\"price\"'. May be repeated.",
    ),
    Option(
        name="images",
        flags=("-i", "--image"),
        takes="WHAT",
        repeats=True,
        help="A picture: a path, an address, or a variable. May be repeated.",
    ),
    Option(
        name="files",
        flags=("--file",),
        takes="WHAT",
        repeats=True,
        help="A file: text, PDF, picture or sound, like -i. May be repeated.",
    ),
    Option(
        name="retries",
        flags=("--retries",),
        takes="N",
        low=0,
        high=10,
        help="How often a failed request is sent again before any answer; 2 if left out.",
    ),
    Option(
        name="timeout",
        flags=("--timeout",),
        takes="SECONDS",
        low=0.1,
        high=86_400,
        help="How long to wait for the next piece of the answer; 120 if left out.",
    ),
    Option(name="out", flags=("-o", "--out"), takes="NAME", help="Variable that gets the answer."),
    Option(name="dry_run", flags=("--dry-run",), help="Show what would be sent, and send nothing."),
    Option(name="raw", flags=("--raw",), help="Send {{double braces}} as they are, not as expressions."),
    Option(name="once", flags=("--once",), help="Neither send nor remember the conversation."),
)
PARAMETER_OPTIONS = tuple(row for row in PARAMETERS.values() if row.flags)
_ROWS: tuple[Option | Parameter, ...] = (*OPTIONS, *PARAMETER_OPTIONS)
_BY_FLAG: Mapping[str, Option | Parameter] = {flag: row for row in _ROWS for flag in row.flags}
_WORD = re.compile(r"""\s*("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|\S+)""", re.DOTALL)
_KEY = re.compile(r"sk-or-[A-Za-z0-9_-]{8,}")


@dataclass(slots=True)
class Arguments:
    """What a `%%chat` line says.

    Attributes:
        parameters: Request parameters by wire name.
        system: System prompt, or None to keep the conversation's.
        chat: Name of the conversation.
        new: Forget the conversation first.
        once: Leave the conversation alone.
        raw: Leave double braces alone.
        images: Pictures to attach.
        files: Files to attach.
        retries: How often to send again, or None for the client's own policy.
        timeout: Seconds to wait for the next piece, or None.
        out: Variable that gets the answer.
        dry_run: Show the request instead of sending it.
        text: The words after the options.
    """

    parameters: dict[str, Any] = field(default_factory=dict)
    system: str | None = None
    chat: str = "main"
    new: bool = False
    once: bool = False
    raw: bool = False
    images: list[str] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    retries: int | None = None
    timeout: float | None = None
    out: str | None = None
    dry_run: bool = False
    text: str = ""


def parse(line: str) -> Arguments:
    """Parse the line after `%%chat`.

    Raises:
        OptionError: with one sentence that names the option, and the nearest one where it is unknown.
    """
    if _KEY.search(line):
        raise OptionError(
            "The line holds an API key, which would stay in the notebook. Set OPENROUTER_API_KEY instead."
        )
    arguments = Arguments()
    seen: set[str] = set()
    position = 0
    while match := _WORD.match(line, position):
        word = match[1]
        if word == "--":
            position = match.end()
            break
        if not re.match(r"-{1,2}[A-Za-z]", word):
            break
        flag, equals, value = word.partition("=")
        row = _BY_FLAG.get(flag)
        if row is None:
            raise OptionError(
                f"Unknown option {flag}.{nearest(flag, _BY_FLAG)} Put -- before text that begins with a dash."
            )
        if row.name in seen:
            raise OptionError(f"Option {flag} is given twice.")
        if not (isinstance(row, Option) and row.repeats):
            seen.add(row.name)
        position = match.end()
        if isinstance(row, Option) and row.takes is None:
            if equals:
                raise OptionError(f"Option {flag} takes no value.")
            setattr(arguments, row.name, True)
            continue
        if equals and value[:1] in "\"'":
            # The quoted value may hold spaces, which ended the word: read it again from its quote.
            position = match.start(1) + len(flag) + 1
            equals = ""
        if not equals:
            match = _WORD.match(line, position)
            if match is None:
                raise OptionError(f"Option {flag} needs a value.")
            value, position = match[1], match.end()
            if value[0] in "\"'" and (len(value) < 2 or value[-1] != value[0]):
                raise OptionError(f"Option {flag}: the quote before {value[1:]} is not closed.")
        _set(arguments, row, flag, _unquote(value))
    arguments.text = line[position:].strip()
    return arguments


def _set(arguments: Arguments, row: Option | Parameter, flag: str, value: str) -> None:
    if isinstance(row, Option):
        if row.name == "param":
            _set_param(arguments, flag, value)
        elif row.repeats:
            getattr(arguments, row.name).append(value)
        elif row.name == "out" and (not value.isidentifier() or keyword.iskeyword(value)):
            raise OptionError(f"{flag} takes the name of a variable, not {value!r}.")
        else:
            setattr(arguments, row.name, value if row.low is None else _option_number(row, flag, value))
        return
    converted = _convert(row, flag, value)
    if wrong := problem(row.name, converted):
        raise OptionError(f"{flag}: {wrong}")
    if row.choices and converted not in row.choices:
        raise OptionError(
            f"{flag} takes {', '.join(row.choices)}, not {value!r}.{nearest(value, row.choices)}"
        )
    arguments.parameters[row.name] = converted


def _option_number(row: Option, flag: str, text: str) -> float:
    low, high = row.low or 0, row.high or 0
    try:
        value: float = int(text) if isinstance(low, int) else float(text)
    except ValueError:
        value = -1
    if not low <= value <= high:
        noun = "a whole number" if isinstance(low, int) else "a number"
        raise OptionError(f"{flag} takes {noun} from {low:g} to {high:g}, not {text!r}.")
    return value


def _set_param(arguments: Arguments, flag: str, value: str) -> None:
    path, equals, text = value.partition("=")
    if not equals or not all(path.split(".")):
        raise OptionError(f"{flag} takes KEY=JSON, not {value!r}.")
    if path.split(".")[0] in ("messages", "stream"):
        raise OptionError(f"{flag}: the cell itself sets {path.split('.')[0]}.")
    try:
        # Quotes around the whole `KEY=JSON` are gone by now; those around the value alone are not.
        parsed = json.loads(text if text[:1] != "'" else _unquote(text))
    except ValueError:
        raise OptionError(
            f"{flag}: the value of {path} is not JSON; text needs double quotes inside single ones."
        ) from None
    *outer, last = path.split(".")
    target = (
        arguments.parameters
        if path.split(".")[0] in PARAMETERS
        else arguments.parameters.setdefault("extra_body", {})
    )
    for key in outer:
        target = target.setdefault(key, {})
        if not isinstance(target, dict):
            raise OptionError(f"{flag}: {key} has a value already and cannot hold {path}.")
    if last in target:
        raise OptionError(f"{flag}: {path} is given twice.")
    target[last] = parsed
    if not outer and last in PARAMETERS and (wrong := problem(last, parsed)):
        raise OptionError(f"{flag}: {wrong}")


def _convert(row: Parameter, flag: str, value: str) -> Any:
    if row.kind in ("number", "integer"):
        try:
            return int(value) if row.kind == "integer" else float(value)
        except ValueError:
            noun = "a whole number" if row.kind == "integer" else "a number"
            raise OptionError(f"{flag} takes {noun}, not {value!r}.") from None
    if row.kind == "strings" and value.startswith("["):
        try:
            return json.loads(value)
        except ValueError:
            raise OptionError(f"{flag} takes text or a JSON list, not {value!r}.") from None
    if not value:
        raise OptionError(f"Option {flag} needs a value.")
    return value


def _unquote(word: str) -> str:
    if len(word) < 2 or word[0] not in "\"'" or word[-1] != word[0]:
        return word
    return re.sub(
        r"\\(.)", lambda match: {"n": "\n", "t": "\t"}.get(match[1], match[1]), word[1:-1], flags=re.DOTALL
    )


def help_text() -> str:
    """Return the list of options for the help page."""
    rows: list[tuple[str, str]] = [
        (", ".join(row.flags) + (f" {row.takes}" if row.takes else ""), row.help) for row in OPTIONS
    ]
    rows += [(", ".join(row.flags) + f" {_noun(row)}", row.help) for row in PARAMETER_OPTIONS]
    width = max(len(flags) for flags, _ in rows) + 2
    return "\n".join(f"    {flags:<{width}}{text}" for flags, text in rows)


def _noun(row: Parameter) -> str:
    return {"number": "X", "integer": "N", "strings": "TEXT"}.get(row.kind, "WORD" if row.choices else "TEXT")
