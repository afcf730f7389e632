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

from openrouter_nb.notebook.options.table import BY_FLAG, Option
from openrouter_nb.notebook.options.typo_hints import (
    apart,
    refuse_assignment,
    refuse_beginning,
    refuse_long_dash,
)
from openrouter_nb.notebook.options.values import (
    OptionError,
    converted,
    either,
    number,
    preferences,
    unquoted,
    words,
)
from openrouter_nb.parameters import PARAMETERS, Parameter, nearest, problem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from openrouter_nb.notebook.cell.context import Context
    from openrouter_nb.render.answer.display_formats import Format

_QUOTED = r"""(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')"""
#: A word: in quotes, or up to a space, which may stand in quotes behind an equals sign.
WORD = re.compile(rf"\s*({_QUOTED}|[\w.-]+={_QUOTED}(?!\S)|\S+)", re.DOTALL)
_KEY = re.compile(r"sk-or-[A-Za-z0-9_-]{8,}")
_WHOLE_KEY = re.compile(r"sk-or-v\d-[0-9a-f]{16,}")
_HELP = ("-h", "--help")
_WEB_SEARCH = {"type": "openrouter:web_search"}


@dataclass(slots=True)
class Arguments:
    """What a `%%chat` line says.

    Attributes:
        parameters: Request parameters by wire name; the options that set one have put it there.
        models: The models to ask side by side, where several were named; `parameters` has no model then.
        free: Take the free variant of the model.
        system: System prompt, or None to keep the conversation's.
        tools: Names of what the model may call.
        approve: `ask` or `auto`, or None.
        schema: Name of the type that the answer must have, or None.
        repairs: How often an answer that is not of the type is sent back.
        chat: Name of the conversation.
        new: Begin the conversation anew.
        once: Leave the conversation alone.
        raw: Leave double braces alone.
        images: Pictures to attach.
        files: Files to attach.
        context: What of the notebook goes along, or None.
        retries: How often to send again, or None for the client's own policy.
        timeout: Seconds to wait for the next piece, or None.
        out: Variable that gets the answer.
        dry_run: Show the request instead of sending it.
        quiet: Show nothing but a failure.
        form: How the answer is shown, or None.
        code: Put the code of the answer into a new cell.
        show_reasoning: Leave the reasoning unfolded.
        no_stream: Ask for the whole answer at once.
        max_cost: Most US dollars, or None.
        background: Return at once.
        on_error: `raise` or `banner`, or None.
        replay: `auto`, `live` or `only`, or None.
        given: Names of the options and parameters that were given.
        text: The words after the options.
    """

    parameters: dict[str, Any] = field(default_factory=dict)
    models: list[str] = field(default_factory=list)
    fallback: list[str] = field(default_factory=list)
    provider: str | None = None
    online: bool = False
    free: bool = False
    param: list[str] = field(default_factory=list)
    system: str | None = None
    tools: list[str] = field(default_factory=list)
    approve: str | None = None
    schema: str | None = None
    repairs: int = 0
    chat: str = "main"
    new: bool = False
    once: bool = False
    raw: bool = False
    images: list[str] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    context: Context | None = None
    retries: int | None = None
    timeout: float | None = None
    out: str | None = None
    dry_run: bool = False
    quiet: bool = False
    form: Format | None = None
    code: bool = False
    show_reasoning: bool = False
    no_stream: bool = False
    max_cost: float | None = None
    background: bool = False
    on_error: str | None = None
    replay: str | None = None
    given: set[str] = field(default_factory=set)
    text: str = ""


def parse(line: str, fill: Callable[[str, str], str] = lambda _flag, text: text) -> Arguments:
    """Parse the line after `%%chat`.

    Args:
        line: The line.
        fill: Puts the values of `{{expressions}}` into the text of an option, whose flag it is given for the message.

    Raises:
        OptionError: with one sentence that names the option, and the nearest one where it is unknown.
    """
    refuse_key(line)
    arguments = Arguments()
    options = list(_options(line, arguments))
    is_raw = any(row.name == "raw" for row, _, _ in options)
    for row, flag, text in options:
        has_values = bool(text) and "{{" in str(text) and row.name != "system" and not is_raw
        value = fill(flag, str(text)) if has_values else text
        if row.name in arguments.given and not (isinstance(row, Option) and row.repeats):
            raise OptionError(f"Option {flag} is given twice.")
        arguments.given.add(row.name)
        if isinstance(row, Option):
            _set_option(arguments, row, flag, value)
        else:
            _set_parameter(arguments, row, flag, value)
    # Last, so that -p provider.zdr=true and --provider may come in any order.
    _set_routing(arguments)
    if arguments.background and arguments.code and not arguments.models:
        raise OptionError("--bg and --code exclude each other: a cell that is over can add no other.")
    return arguments


def refuse_key(line: str, cell: str = "") -> None:
    """Refuse what holds an OpenRouter key: on the line whatever looks like one, in the cell what is one.

    Raises:
        OptionError: it does.
    """
    if _KEY.search(line) or _WHOLE_KEY.search(cell):
        raise OptionError(
            "The cell holds an API key, which would stay in the notebook. Set OPENROUTER_API_KEY instead."
        )


def _options(line: str, arguments: Arguments) -> Iterator[tuple[Option | Parameter, str, str | None]]:
    """Yield the leading options, each with its value, None for a switch; leave the rest of the line as the text."""
    position = 0
    while match := WORD.match(line, position):
        word = match[1]
        if word == "--":
            position = match.end()
            break
        refuse_long_dash(word)
        if not re.match(r"-{1,2}[A-Za-z]", word):
            break
        flag, equals, value = word.partition("=")
        row = BY_FLAG.get(flag)
        if flag in _HELP:
            raise OptionError("%%chat? shows the help page.")
        if row is None:
            meant = apart(flag) or nearest(flag, BY_FLAG)
            raise OptionError(f"Unknown option {flag}.{meant} Put -- before text that begins with a dash.")
        position = match.end()
        is_switch = row.takes is None if isinstance(row, Option) else row.kind == "boolean"
        if is_switch and not equals:
            yield row, flag, None
            continue
        if is_switch and isinstance(row, Option):
            raise OptionError(f"Option {flag} takes no value.")
        if equals and value[:1] in ('"', "'"):
            # The quoted value may hold spaces, which ended the word: read it again from its quote.
            position = match.start(1) + len(flag) + 1
            equals = ""
        if not equals:
            match = WORD.match(line, position)
            if match is None:
                raise OptionError(f"Option {flag} needs a value. {row.help}")
            value, position = match[1], match.end()
            refuse_beginning(flag, value, line[position : position + 1])
        yield row, flag, unquoted(value)
    arguments.text = line[position:].strip()
    if not line[:position].rstrip().endswith("--"):
        refuse_assignment(arguments.text)


def _set_option(arguments: Arguments, row: Option, flag: str, text: str | None) -> None:
    if text is None:
        setattr(arguments, row.name, True)
        return
    if row.choices and text not in row.choices:
        raise OptionError(f"{flag} takes {either(row.choices)}, not {text!r}.{nearest(text, row.choices)}")
    if not text and row.name != "system":
        raise OptionError(f"Option {flag} needs a value.")
    value: Any = text
    if row.kind in ("integer", "number"):
        value = number(row, flag, text)
    elif row.kind == "words":
        value = words(flag, text)
    elif row.kind == "name" and (not text.isidentifier() or keyword.iskeyword(text)):
        raise OptionError(f"{flag} takes the name of a variable, not {text!r}.")
    if row.name == "param":
        _set_param(arguments, flag, text)
    elif row.repeats:
        getattr(arguments, row.name).extend(value if row.kind == "words" else [value])
    else:
        setattr(arguments, row.name, value)


def _set_parameter(arguments: Arguments, row: Parameter, flag: str, text: str | None) -> None:
    if row.name == "model" and text and "," in text:
        arguments.models = words(flag, text)
        return
    value = True if text is None else converted(row, flag, text)
    if wrong := problem(row.name, value):
        raise OptionError(f"{flag}: {wrong}")
    if row.choices and value not in row.choices:
        raise OptionError(
            f"{flag} takes {', '.join(row.choices)}, not {text!r}.{nearest(str(value), row.choices)}"
        )
    _put(arguments, flag, (row.name,), value)


def _set_routing(arguments: Arguments) -> None:
    parameters = arguments.parameters
    if arguments.models and "model" in parameters:
        raise OptionError("-m: model is given twice.")
    if arguments.fallback:
        _put(arguments, "--fallback", ("models",), arguments.fallback)
        if wrong := problem("models", arguments.fallback):
            raise OptionError(f"--fallback: {wrong}")
    if arguments.provider is not None:
        for key, value in preferences(arguments.provider).items():
            _put(arguments, "--provider", ("provider", key), value)
    if arguments.form == "json":
        _put(arguments, "--format json", ("response_format",), {"type": "json_object"})
    if arguments.online:
        parameters["tools"] = [*(parameters.get("tools") or []), dict(_WEB_SEARCH)]


def _set_param(arguments: Arguments, flag: str, given: str) -> None:
    path, equals, text = given.partition("=")
    keys = tuple(path.split("."))
    if not equals or not all(keys):
        raise OptionError(f"{flag} takes KEY=JSON, not {given!r}.")
    if keys[0] in ("messages", "stream"):
        instead = " Use --no-stream." if keys[0] == "stream" else ""
        raise OptionError(f"{flag}: the cell itself sets {keys[0]}.{instead}")
    try:
        # Quotes around the whole `KEY=JSON` are gone by now; those around the value alone are not.
        value = json.loads(text if text[:1] != "'" else unquoted(text))
    except ValueError:
        raise OptionError(
            f"{flag}: the value of {path} is not JSON; text needs double quotes inside single ones."
        ) from None
    _put(arguments, flag, keys, value)
    if len(keys) == 1 and path in PARAMETERS and (wrong := problem(path, value)):
        raise OptionError(f"{flag}: {wrong}")


def _put(arguments: Arguments, flag: str, keys: tuple[str, ...], value: Any) -> None:
    """Set a field of the request, nested by its keys, that no option has set before."""
    *outer, last = keys
    target = arguments.parameters
    if keys[0] not in PARAMETERS:
        target = target.setdefault("extra_body", {})
    for key in outer:
        target = target.setdefault(key, {})
        if not isinstance(target, dict):
            raise OptionError(f"{flag}: {key} has a value already and cannot hold {'.'.join(keys)}.")
    if last in target:
        raise OptionError(f"{flag}: {'.'.join(keys)} is given twice.")
    target[last] = value
