"""The options of `%%chat`, once: the table that the parser, the help page and the completion read.

The request parameters have their options in `openrouter_nb.parameters`; the rows here are the rest.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from openrouter_nb.notebook.cell.context import CONTEXTS
from openrouter_nb.parameters import PARAMETERS, Parameter
from openrouter_nb.render.answer.display_formats import FORMATS
from openrouter_nb.replay.mode import MODES

if TYPE_CHECKING:
    from collections.abc import Mapping

Group = Literal["model", "parameters", "prompt", "tools", "conversation", "output", "control"]
Kind = Literal["text", "words", "integer", "number", "name"]
Completes = Literal["model", "chat", "variable", "file", "parameter"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """An option that is no request parameter.

    Attributes:
        name: Field of `Arguments` that it sets.
        flags: How it is written.
        group: Where it stands on the help page.
        help: One sentence.
        takes: What its value is called in the help, or None for a switch.
        kind: What its value is; `words` is a list parted by commas, `name` a Python variable.
        repeats: Whether it may be given several times; its field is a list then.
        low: Smallest value, of a number.
        high: Largest value, of a number.
        choices: All words that it takes; empty where it takes any.
        completes: What the Tab key offers for its value, beside the choices.
    """

    name: str
    flags: tuple[str, ...]
    group: Group
    help: str
    takes: str | None = None
    kind: Kind = "text"
    repeats: bool = False
    low: float | None = None
    high: float | None = None
    choices: tuple[str, ...] = ()
    completes: tuple[Completes, ...] = ()


OPTIONS = (
    Option(
        name="fallback",
        group="model",
        flags=("--fallback",),
        takes="ID[,ID…]",
        kind="words",
        repeats=True,
        completes=("model",),
        help="Models to try where the first cannot answer, in this order, 3 at most. May be repeated.",
    ),
    Option(
        name="provider",
        group="model",
        flags=("--provider",),
        takes="SLUG[,SLUG…]|JSON",
        help="Providers to try first, in this order; or a JSON object with any routing preference.",
    ),
    Option(
        name="online",
        group="model",
        flags=("--online",),
        help="Let the model search the web, with the tool openrouter:web_search; a search costs extra.",
    ),
    Option(
        name="free",
        group="model",
        flags=("--free",),
        help="Take the free variant of the model, MODEL:free; of openrouter/auto it is openrouter/free.",
    ),
    Option(
        name="param",
        group="parameters",
        repeats=True,
        flags=("-p", "--param"),
        takes="KEY=JSON",
        completes=("parameter",),
        help="Any other field of the request, nested ones with dots: -p provider.sort='\"price\"'. May be repeated.",
    ),
    Option(
        name="system",
        group="prompt",
        flags=("-s", "--system"),
        takes="TEXT|@FILE",
        completes=("file",),
        help="System prompt of the conversation: text with {{expressions}}, or @ and the path of a text file.",
    ),
    Option(
        name="images",
        group="prompt",
        flags=("-i", "--image"),
        takes="WHAT",
        repeats=True,
        completes=("variable", "file"),
        help="A picture: a path, an address, or a variable. May be repeated.",
    ),
    Option(
        name="files",
        group="prompt",
        flags=("--file",),
        takes="WHAT",
        repeats=True,
        completes=("variable", "file"),
        help="A file: text, PDF, picture, sound or video, like -i. May be repeated.",
    ),
    Option(
        name="context",
        group="prompt",
        flags=("--context",),
        takes="above|last|error",
        choices=CONTEXTS,
        help="Send along the cells that were run before, the last value, or the last error; without keys, and bounded.",
    ),
    Option(
        name="raw",
        group="prompt",
        flags=("--raw",),
        help="Send {{double braces}} as they are, not as expressions; in options, too.",
    ),
    Option(
        name="tools",
        group="tools",
        flags=("--tools",),
        takes="NAME[,NAME…]",
        kind="words",
        repeats=True,
        completes=("variable",),
        help="Functions of the notebook that the model may ask for, and tools that OpenRouter runs, such as web_search.",
    ),
    Option(
        name="approve",
        group="tools",
        flags=("--approve",),
        takes="WORD",
        choices=("ask", "auto"),
        help="ask before each call, as usual, or auto: run all, but those marked @tool(approve='ask').",
    ),
    Option(
        name="chat",
        group="conversation",
        flags=("-c", "--chat"),
        takes="NAME",
        completes=("chat",),
        help="Conversation to go on with; `main` if left out.",
    ),
    Option(
        name="new",
        group="conversation",
        flags=("--new",),
        help="Begin the conversation anew; the old one is kept until the answer is there.",
    ),
    Option(
        name="once",
        group="conversation",
        flags=("--once",),
        help="Neither send nor remember the conversation.",
    ),
    Option(
        name="schema",
        group="output",
        flags=("--schema",),
        takes="NAME",
        completes=("variable",),
        help="Answer with an object: a pydantic class, dataclass, TypedDict, list[NAME], or JSON Schema; -o gets the object.",
    ),
    Option(
        name="repairs",
        group="output",
        flags=("--repairs",),
        takes="N",
        kind="integer",
        low=0,
        high=5,
        help="How often an answer that does not fit --schema is sent back with what is wrong; 0 if left out.",
    ),
    Option(
        name="out",
        group="output",
        flags=("-o", "--out"),
        takes="NAME",
        kind="name",
        completes=("variable",),
        help="Variable that gets the answer.",
    ),
    Option(
        name="quiet",
        group="output",
        flags=("-q", "--quiet"),
        help="Show nothing but a failure; the answer is in `_`.",
    ),
    Option(
        name="form",
        group="output",
        flags=("-f", "--format"),
        takes="md|text|json|code",
        choices=FORMATS,
        help="Show it as Markdown, as it stands, as JSON (asked for with response_format; `_.parsed` is its value), or "
        "its code alone.",
    ),
    Option(
        name="code",
        group="output",
        flags=("--code",),
        help="Put its code into a new cell below, where the frontend allows; else it is in `_.code`.",
    ),
    Option(
        name="show_reasoning",
        group="output",
        flags=("--show-reasoning",),
        help="Leave the reasoning unfolded.",
    ),
    Option(
        name="no_stream",
        group="output",
        flags=("--no-stream",),
        help="Ask for the whole answer at once.",
    ),
    Option(
        name="max_cost",
        group="control",
        flags=("--max-cost",),
        takes="USD",
        kind="number",
        low=0,
        high=1_000_000,
        help="Do not send what would cost more, by the list of prices and a guess at its tokens.",
    ),
    Option(
        name="background",
        group="control",
        flags=("--bg",),
        help="Go on at once while the answer arrives: `await _`, `_.stop()`. The next cell of the conversation waits "
        "for it; without a reader, as in nbclient, so does this one.",
    ),
    Option(
        name="on_error",
        group="control",
        flags=("--on-error",),
        takes="raise|banner",
        choices=("raise", "banner"),
        help="Whether a failure ends the run, or only shows its banner and leaves None.",
    ),
    Option(
        name="replay",
        group="control",
        flags=("--replay",),
        takes="auto|live|only",
        choices=MODES,
        help="auto: answer what was asked before from a file beside the notebook, unpaid, and keep what was not; only: "
        "never send; live, the default: always send.",
    ),
    Option(
        name="retries",
        group="control",
        flags=("--retries",),
        takes="N",
        kind="integer",
        low=0,
        high=10,
        help="How often a failed request is sent again before any answer; 2 if left out.",
    ),
    Option(
        name="timeout",
        group="control",
        flags=("--timeout",),
        takes="SECONDS",
        kind="number",
        low=0.1,
        high=86_400,
        help="How long to wait for the next piece of the answer; 120 if left out.",
    ),
    Option(
        name="dry_run",
        group="control",
        flags=("--dry-run",),
        help="Show what would be sent, and send nothing.",
    ),
)
PARAMETER_OPTIONS = tuple(row for row in PARAMETERS.values() if row.flags)
ROWS: tuple[Option | Parameter, ...] = (*PARAMETER_OPTIONS, *OPTIONS)
BY_FLAG: Mapping[str, Option | Parameter] = {flag: row for row in ROWS for flag in row.flags}
