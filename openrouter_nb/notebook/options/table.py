"""The options of `%%chat`: the table that the parser, the help page and the completer read.

Options that set a request parameter or a client setting are generated from its row in `openrouter_nb.parameters`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from openrouter_nb.parameters import PARAMETERS, SETTINGS, Parameter
from openrouter_nb.render.answer.display_formats import FORMATS
from openrouter_nb.replay.mode import MODES

if TYPE_CHECKING:
    from collections.abc import Mapping

Group = Literal["model", "parameters", "prompt", "tools", "conversation", "output", "control"]
Kind = Literal["text", "words", "integer", "number", "name", "boolean"]
Completes = Literal["model", "chat", "variable", "file", "parameter"]

CONTEXTS = ("above", "last", "error", "notebook")


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One option of `%%chat`.

    Attributes:
        name: Field of `Arguments` that it sets, or the request parameter.
        flags: Spellings.
        group: Group on the help page.
        help: One sentence.
        takes: Placeholder of its value on the help page, or None for a switch.
        kind: Type of its value; `words` is a comma-separated list, `name` a Python variable.
        repeats: Whether it may be given several times; its field is a list then.
        minimum: Smallest value, of a number.
        maximum: Largest value, of a number.
        choices: All accepted words; empty if any text is accepted.
        beginning: Words that begin like this are accepted, besides the choices: `cell:` of `cell:3`.
        completes: What the completer offers for its value, besides the choices.
        parameter: The request parameter that it sets, or None. The parameter's row validates the value.
    """

    name: str
    flags: tuple[str, ...]
    group: Group
    help: str
    takes: str | None = None
    kind: Kind = "text"
    repeats: bool = False
    minimum: float | None = None
    maximum: float | None = None
    choices: tuple[str, ...] = ()
    beginning: str = ""
    completes: tuple[Completes, ...] = ()
    parameter: Parameter | None = None

    @property
    def needs_value(self) -> bool:
        """Whether the flag alone is incomplete. A boolean parameter without a value is true."""
        return self.takes is not None and self.kind != "boolean"

    def accepts_other(self, word: str) -> bool:
        """Return whether a word is accepted that is not a choice."""
        return bool(self.beginning) and word.startswith(self.beginning) and word != self.beginning


_PLACEHOLDERS = {"number": "X", "integer": "N", "boolean": "true|false", "json": "JSON"}


def _parameter(name: str, **changes: Any) -> Option:
    """Return the option of a request parameter, with some attributes changed."""
    row = PARAMETERS[name]
    takes = _PLACEHOLDERS.get(row.kind, "WORD" if row.choices else "TEXT")
    is_boolean = row.kind == "boolean"
    attributes: dict[str, Any] = {
        "name": name,
        "flags": row.flags,
        "group": "parameters",
        "help": row.help,
        "takes": takes,
        "kind": "boolean" if is_boolean else "text",
        "choices": ("true", "false") if is_boolean else row.choices,
        "parameter": row,
    }
    return Option(**attributes | changes)


def _setting(name: str, group: Group, takes: str) -> Option:
    """Return the option of a client setting."""
    row = SETTINGS[name]
    return Option(
        name=name,
        flags=row.flags,
        group=group,
        help=row.help,
        takes=takes,
        kind="integer" if row.kind == "integer" else "number",
        minimum=row.minimum,
        maximum=row.maximum,
    )


def _option(name: str, group: Group, flags: tuple[str, ...], takes: str, text: str, **more: Any) -> Option:
    """Return an option with a value."""
    return Option(name=name, group=group, flags=flags, takes=takes, help=text, **more)


def _switch(name: str, group: Group, flags: tuple[str, ...], text: str) -> Option:
    """Return an option without a value."""
    return Option(name=name, group=group, flags=flags, help=text)


PARAMETER_OPTIONS = (
    _parameter(
        "model",
        group="model",
        takes="ID[,ID…]",
        completes=("model",),
        help="Model id, such as openai/gpt-5-mini. Several ids are compared side by side.",
    ),
    *(_parameter(name) for name, row in PARAMETERS.items() if row.flags and name != "model"),
)
OPTIONS = (
    _option(
        "fallback",
        "model",
        ("--fallback",),
        "ID[,ID…]",
        "Fallback models, tried in this order, 3 at most. May be repeated.",
        kind="words",
        repeats=True,
        completes=("model",),
    ),
    _option(
        "provider",
        "model",
        ("--provider",),
        "SLUG[,SLUG…]|JSON",
        "Providers to try first, in this order; or a JSON object with any routing preference.",
    ),
    _switch(
        "online",
        "model",
        ("--online",),
        "Let the model search the web, with the tool openrouter:web_search. Searches cost extra.",
    ),
    _switch(
        "free",
        "model",
        ("--free",),
        "Use the free variant of the model, MODEL:free; openrouter/auto becomes openrouter/free.",
    ),
    _option(
        "param",
        "parameters",
        ("-p", "--param"),
        "KEY=JSON",
        "Any other field of the request, nested ones with dots: -p provider.sort='\"price\"'. May be repeated.",
        repeats=True,
        completes=("parameter",),
    ),
    _option(
        "system",
        "prompt",
        ("-s", "--system"),
        "TEXT|@FILE",
        "System prompt of the conversation: text with {{expressions}}, or @ and the path of a text file.",
        completes=("file",),
    ),
    _option(
        "images",
        "prompt",
        ("-i", "--image"),
        "WHAT",
        "Attach an image: a path, a URL, or a variable. May be repeated.",
        repeats=True,
        completes=("variable", "file"),
    ),
    _option(
        "files",
        "prompt",
        ("--file",),
        "WHAT",
        "Attach a file: text, PDF, image, audio or video, given as for -i. May be repeated.",
        repeats=True,
        completes=("variable", "file"),
    ),
    _option(
        "context",
        "prompt",
        ("--context",),
        "above|last|error|cell:N|notebook",
        "Send the cells that were run before, the last value, the last error, one cell with its error or outputs (by its number "
        "or id), or the notebook with its outputs, shortened and without secrets.",
        choices=CONTEXTS,
        beginning="cell:",
    ),
    _switch(
        "raw",
        "prompt",
        ("--raw",),
        "Send {{double braces}} unchanged, without evaluating them; also in options.",
    ),
    _option(
        "tools",
        "tools",
        ("--tools",),
        "NAME[,NAME…]",
        "Functions of the notebook that the model may call, and server tools, such as web_search.",
        kind="words",
        repeats=True,
        completes=("variable",),
    ),
    _option(
        "approve",
        "tools",
        ("--approve",),
        "WORD",
        "ask before each call, the default, or auto: run all calls, except tools marked @tool(approve='ask').",
        choices=("ask", "auto"),
    ),
    _option(
        "chat",
        "conversation",
        ("-c", "--chat"),
        "NAME",
        "Conversation to continue. Default: `main`.",
        completes=("chat",),
    ),
    _switch(
        "new",
        "conversation",
        ("--new",),
        "Start the conversation from scratch. The previous one is replaced once the answer has arrived.",
    ),
    _switch("once", "conversation", ("--once",), "Neither send the conversation nor add to it."),
    _option(
        "schema",
        "output",
        ("--schema",),
        "NAME",
        "Answer with an object: a pydantic class, dataclass, TypedDict, list[NAME], or JSON Schema; -o gets the object.",
        completes=("variable",),
    ),
    _setting("repairs", "output", "N"),
    _option(
        "out",
        "output",
        ("-o", "--out"),
        "NAME",
        "Variable to store the answer in.",
        kind="name",
        completes=("variable",),
    ),
    _switch("quiet", "output", ("-q", "--quiet"), "Show errors only; the answer is in `_`."),
    _option(
        "form",
        "output",
        ("-f", "--format"),
        "md|text|json|code",
        "Show the answer as Markdown, as plain text, as JSON (requested with response_format; `_.parsed` is its "
        "value), or only its code.",
        choices=FORMATS,
    ),
    _switch(
        "code",
        "output",
        ("--code",),
        "Insert the answer's code into a new cell below, if the frontend supports it; otherwise use `_.code`.",
    ),
    _switch("show_reasoning", "output", ("--show-reasoning",), "Show the reasoning expanded."),
    _switch("no_stream", "output", ("--no-stream",), "Do not stream: show the answer once it is complete."),
    _option(
        "max_cost",
        "control",
        ("--max-cost",),
        "USD",
        "Do not send a request whose estimated cost, from list prices and a token estimate, is higher.",
        kind="number",
        minimum=0,
        maximum=1_000_000,
    ),
    _switch(
        "background",
        "control",
        ("--bg",),
        "Run in the background: `await _`, `_.stop()`. The next cell of the conversation waits for the answer; "
        "in non-interactive runs, as with nbclient, this cell waits, too.",
    ),
    _option(
        "on_error",
        "control",
        ("--on-error",),
        "raise|banner",
        "Whether an error fails the cell, or only shows its banner and returns None.",
        choices=("raise", "banner"),
    ),
    _option(
        "replay",
        "control",
        ("--replay",),
        "auto|live|only",
        "auto: answer repeated requests from a file next to the notebook, without cost, and record new ones; "
        "only: never send; live, the default: always send.",
        choices=MODES,
    ),
    _setting("retries", "control", "N"),
    _setting("timeout", "control", "SECONDS"),
    _switch("dry_run", "control", ("--dry-run",), "Show the request without sending it."),
)
ROWS: tuple[Option, ...] = (*PARAMETER_OPTIONS, *OPTIONS)
BY_FLAG: Mapping[str, Option] = {flag: row for row in ROWS for flag in row.flags}
