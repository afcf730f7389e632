"""Parse the line of `%%chat`: leading options, then free text.

The parser is not based on IPython's `arg_split`, which leaves quotes in place, nor on argparse, which exits, guesses prefixes
and cannot distinguish an option from prose. Everything after the first bare word is text, so `don't`, braces and quotes are
preserved.
"""

from __future__ import annotations

import keyword
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from openrouter_nb.notebook.options.table import BY_FLAG, Option
from openrouter_nb.notebook.options.typo_hints import (
    CURLY_QUOTES,
    json_hint,
    refuse_assignment,
    refuse_invisible,
    refuse_other_dash,
    refuse_partial_value,
    refuse_split_value,
    unknown_option_hint,
)
from openrouter_nb.notebook.options.values import (
    OptionError,
    convert,
    join_or,
    parse_json,
    parse_number,
    parse_provider,
    split_words,
    unquote,
)
from openrouter_nb.parameters import PARAMETERS, Parameter, nearest, problem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from openrouter_nb.render.answer.display_formats import Format

_QUOTED = r"""(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')"""
#: A quoted word, or one that ends at a space outside of `{{…}}`; a value after an equals sign may be quoted.
WORD = re.compile(rf"\s*({_QUOTED}|[\w.-]+={_QUOTED}(?!\S)|(?:{{{{[^{{}}]*}}}}|\S)+)", re.DOTALL)
_KEY = re.compile(r"sk-or-[A-Za-z0-9_-]{8,}")
_WHOLE_KEY = re.compile(r"sk-or-v\d-[0-9a-f]{16,}")
_HELP = ("-h", "--help")
_PATHS = ("images", "files")
_NAMES = ("model", "fallback", "provider", "chat", "tools", "schema")
_WEB_SEARCH = {"type": "openrouter:web_search"}


@dataclass(slots=True)
class Arguments:
    """The parsed line of a `%%chat` cell.

    Attributes:
        parameters: Request parameters by wire name, set by their options.
        models: The models to compare, if several were named; `parameters` has no model then.
        fallback: Fallback models.
        provider: Value of `--provider`, or None.
        online: Let the model search the web.
        free: Use the free variant of the model.
        param: Values of `-p`.
        system: System prompt, or None for that of the conversation.
        tools: Names of the tools that the model may call.
        approve: `ask` or `auto`, or None.
        schema: Name of the type of the answer, or None.
        repairs: How many times an answer that does not match the type is sent back.
        chat: Name of the conversation.
        new: Start the conversation from scratch.
        once: Neither send nor change the conversation.
        raw: Do not evaluate double braces.
        images: Images to attach.
        files: Files to attach.
        context: Part of the notebook to send: one of `CONTEXTS`, `cell:ID`, or None.
        retries: Number of retries, or None for the client's policy.
        timeout: Seconds to wait for the next part of the answer, or None.
        out: Variable to store the answer in.
        dry_run: Show the request instead of sending it.
        quiet: Show errors only.
        form: Display format of the answer, or None.
        code: Insert the code of the answer into a new cell.
        show_reasoning: Show the reasoning expanded.
        no_stream: Do not stream.
        max_cost: Highest estimated cost in US dollars, or None.
        background: Return immediately.
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
    context: str | None = None
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
        fill: Called with a flag and the text of its value; replaces `{{expressions}}` by their values.

    Raises:
        OptionError: with one sentence that names the option, and the nearest known one if it is unknown.
    """
    refuse_key(line)
    arguments = Arguments()
    given = list(_options(line, arguments))
    is_raw = any(option.name == "raw" for option, _, _ in given)
    for option, flag, text in given:
        has_values = bool(text) and "{{" in str(text) and option.name != "system" and not is_raw
        value = fill(flag, str(text)) if has_values else text
        if option.name in arguments.given and not option.repeats:
            raise OptionError(f"Option {flag} is given twice.")
        arguments.given.add(option.name)
        if option.parameter is None:
            _set_option(arguments, option, flag, value)
        else:
            _set_parameter(arguments, option.parameter, flag, value)
    # Last, so that the order of -p provider.zdr=true and --provider does not matter.
    _set_routing(arguments)
    if arguments.background and arguments.code and not arguments.models:
        raise OptionError("--bg and --code exclude each other: a finished cell cannot insert a new one.")
    return arguments


def refuse_key(line: str, cell: str = "") -> None:
    """Reject an OpenRouter API key: on the line anything that resembles one, in the cell a complete key.

    Raises:
        OptionError: there is a key.
    """
    if _KEY.search(line) or _WHOLE_KEY.search(cell):
        raise OptionError(
            "The cell contains an API key, which would be saved in the notebook. Set OPENROUTER_API_KEY instead."
        )


def _options(line: str, arguments: Arguments) -> Iterator[tuple[Option, str, str | None]]:
    """Yield the leading options, each with its value, None for a switch. Store the rest of the line as the text."""
    position = 0
    while match := WORD.match(line, position):
        word = match[1]
        if word == "--":
            position = match.end()
            break
        refuse_other_dash(word)
        if not re.match(r"-{1,2}[A-Za-z]", word):
            break
        flag, equals, value = word.partition("=")
        option = BY_FLAG.get(flag)
        if flag in _HELP:
            raise OptionError("%%chat? shows the help page.")
        if option is None:
            meant = unknown_option_hint(flag)
            raise OptionError(f"Unknown option {flag}.{meant} Put -- before text that begins with a dash.")
        position = match.end()
        if not (option.needs_value or equals):
            yield option, flag, None
            continue
        if option.takes is None:
            raise OptionError(f"Option {flag} takes no value.")
        if equals and value[:1] in ('"', "'"):
            # The word ended at a space, which may be part of the quoted value: read it again from the quote.
            position = match.start(1) + len(flag) + 1
            equals = ""
        if not equals:
            match = WORD.match(line, position)
            if match is None:
                raise OptionError(f"Option {flag} needs a value. {option.help}")
            value, position = match[1], match.end()
            refuse_partial_value(flag, value, line[position : position + 1])
        elif value and value[0] in CURLY_QUOTES:
            refuse_partial_value(flag, value, "")
        if option.name in _NAMES:
            refuse_invisible(value)
        elif option.name == "param":
            refuse_invisible(value.partition("=")[0])
        refuse_split_value(flag, value, line[position:])
        is_path = option.name in _PATHS or (option.name == "system" and value[1:2] == "@")
        yield option, flag, unquote(value, is_path=is_path)
    arguments.text = line[position:].strip()
    if not line[:position].rstrip().endswith("--"):
        refuse_assignment(arguments.text)


def _set_option(arguments: Arguments, option: Option, flag: str, text: str | None) -> None:
    if text is None:
        setattr(arguments, option.name, True)
        return
    if option.choices and text not in option.choices and not option.accepts_other(text):
        words = (*option.choices, *([f"{option.beginning}N"] if option.beginning else []))
        raise OptionError(f"{flag} takes {join_or(words)}, not {text!r}.{nearest(text, words)}")
    if not text and option.name != "system":
        raise OptionError(f"Option {flag} needs a value.")
    value: Any = text
    if option.kind in ("integer", "number"):
        value = parse_number(option, flag, text)
    elif option.kind == "words":
        value = split_words(flag, text)
    elif option.kind == "name" and (not text.isidentifier() or keyword.iskeyword(text)):
        raise OptionError(f"{flag} takes the name of a variable, not {text!r}.")
    if option.name == "param":
        _set_param(arguments, flag, text)
    elif option.repeats:
        getattr(arguments, option.name).extend(value if option.kind == "words" else [value])
    else:
        setattr(arguments, option.name, value)


def _set_parameter(arguments: Arguments, row: Parameter, flag: str, text: str | None) -> None:
    if row.name == "model" and text and "," in text:
        arguments.models = split_words(flag, text)
        return
    value = True if text is None else convert(row, flag, text)
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
        for key, value in parse_provider(arguments.provider).items():
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
        # Quotes around the whole `KEY=JSON` are already removed; quotes around the value alone are not.
        value = parse_json(text if text[:1] != "'" else unquote(text))
    except ValueError:
        raise OptionError(f"{flag}: the value of {path} is not JSON. {json_hint(flag, path, text)}") from None
    _put(arguments, flag, keys, value)
    if len(keys) == 1 and path in PARAMETERS and (wrong := problem(path, value)):
        raise OptionError(f"{flag}: {wrong}")


def _put(arguments: Arguments, flag: str, keys: tuple[str, ...], value: Any) -> None:
    """Set a field of the request, nested by its keys. Setting a field twice is an error."""
    *outer, last = keys
    target = arguments.parameters
    if keys[0] not in PARAMETERS:
        target = target.setdefault("extra_body", {})
    for key in outer:
        target = target.setdefault(key, {})
        if not isinstance(target, dict):
            raise OptionError(f"{flag}: {key} already has a value and cannot contain {'.'.join(keys)}.")
    if last in target:
        raise OptionError(f"{flag}: {'.'.join(keys)} is given twice.")
    target[last] = value
