"""Parse a chat cell: options, prompt with interpolated values, and the key of its turn."""

from __future__ import annotations

import copy
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from openrouter_nb.live.ipython_frontend import IPythonFrontend
from openrouter_nb.notebook.cell.context import ContextSource, context, earlier_error
from openrouter_nb.notebook.options.parser import Arguments, parse, refuse_key
from openrouter_nb.notebook.options.table import BY_FLAG, OPTIONS
from openrouter_nb.notebook.options.typo_hints import refuse_late_limit, refuse_option_below
from openrouter_nb.notebook.options.values import OptionError
from openrouter_nb.notebook.scope import with_variables
from openrouter_nb.parameters import PARAMETERS, nearest
from openrouter_nb.prompt import Prompt, PromptError, attach, interpolate, read_text

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Mapping, Sequence

_MODEL = re.compile(r"~?[a-z0-9-]+/[a-z0-9][\w.:-]*", re.IGNORECASE)
_SYSTEM = r"(?:^|\s)(?:-s|--system)"
_NUMBER = re.compile(r"/[^\d/]*\d")
_PROMPT = frozenset(option.name for option in OPTIONS if option.group == "prompt") - {"system"}
# Excludes options that belong to the question, and those that are already converted to parameters.
_CHANGEABLE = (
    frozenset(option.name for option in OPTIONS) - _PROMPT - {"param", "fallback", "provider", "online"}
)

_UNDEFINED = {
    "error": "It is the last error of a cell, as with --context error, and no cell except chat cells has failed.",
    **dict.fromkeys(
        ("err", "exc", "exception", "last_error", "stacktrace", "tb", "traceback"),
        "Write {{error}} for the last error of a cell, or add --context error.",
    ),
}


@dataclass(frozen=True, slots=True)
class ChatCell:
    """A parsed and validated cell.

    Attributes:
        arguments: The options.
        prompt: The user message.
        key: Key of the turn: the cell's id if the frontend sends one, otherwise the number of the execution.
        variables: Variables of the function that the magic is in, of those that --tools and --schema name.
    """

    arguments: Arguments
    prompt: Prompt
    key: str
    variables: Mapping[str, Any] = field(default_factory=dict)

    def namespace(self, user_ns: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return the variables in which --tools and --schema are looked up: those of the notebook, and of the function."""
        return with_variables(user_ns, self.variables) if self.variables else user_ns

    def again(
        self, line: str, user_ns: Mapping[str, Any], variables: Mapping[str, Any] | None = None
    ) -> ChatCell:
        """Return the same question with some options changed, for the same turn.

        Args:
            line: The options.
            user_ns: Variables of the notebook.
            variables: Variables of the function that the magic is in.

        Raises:
            OptionError: an option is not valid, or the line contains text, which would be another question.
        """
        changed = parse(line, filler(with_variables(user_ns, variables)))
        if changed.text:
            raise OptionError("%chat_retry takes options only: it asks the last question again.")
        if about := sorted(_PROMPT & changed.given):
            raise OptionError(f"%chat_retry asks the last question again: {about[0]} would be another one.")
        arguments = copy.deepcopy(self.arguments)
        if changed.models:
            arguments.parameters.pop("model", None)
            arguments.models = changed.models
        elif "model" in changed.parameters:
            arguments.models = []
        if "model" in changed.given:
            arguments.free = False  # --free was for the previous model
        arguments.parameters |= changed.parameters
        arguments.dry_run = False
        for name in changed.given & _CHANGEABLE:
            setattr(arguments, name, getattr(changed, name))
        named = {**self.variables, **_named(changed, variables)}
        return ChatCell(arguments, self.prompt, self.key, named)


class KnownModels(Protocol):
    """The known models."""

    @property
    def ids(self) -> Container[str]:
        """Ids of the models."""


class Session(ContextSource, Protocol):
    """The members of `NotebookSession` that `read` uses."""

    @property
    def catalog(self) -> KnownModels:
        """The known models."""

    def occurrence(self, execution: int) -> int:
        """Return the number of a question within one execution, from 1."""


def read(
    line: str, cell: str, shell: Any, session: Session, variables: Mapping[str, Any] | None = None
) -> ChatCell:
    """Parse a cell.

    Args:
        line: The line after the name of the magic.
        cell: The lines below it.
        shell: The IPython shell.
        session: The session.
        variables: Variables of the function that the magic is in.

    Raises:
        OptionError: an option is not valid, or there is no prompt.
        PromptError: an expression or an attachment cannot be sent.
    """
    namespace = with_variables(_variables(shell, session), variables)
    cell = cell.replace("\r\n", "\n")
    refuse_key(line, cell)
    arguments = parse(line, filler(namespace))
    if not re.search(r"(?:^|\s)--\s*$", line.rstrip().removesuffix(arguments.text)):
        refuse_late_limit(arguments.text)
        refuse_option_below(arguments.text, cell)
    _refuse_model(arguments.text, cell, session)
    text = "\n\n".join(part for part in (arguments.text, cell.strip("\n")) if part.strip())
    if not text:
        raise OptionError("There is no prompt: write it below %%chat, or after %chat.")
    prompt = _fill(text, namespace, raw=arguments.raw)
    if (
        arguments.text
        and arguments.system
        and re.search(rf"{_SYSTEM}[ =]\s*{re.escape(arguments.system)}\s", line)
    ):
        prompt.notes.append(f"system prompt: {arguments.system}. Put several words between quotes")
    if late := [word for word in arguments.text.split()[1:] if word in BY_FLAG]:
        prompt.notes.append(f"{late[0]} was sent as text: options go before the words")
    for name in arguments.parameters.get("extra_body") or ():
        if close := nearest(name, PARAMETERS):
            prompt.notes.append(f"{name} is not a known parameter and was sent unchanged.{close}")
    if arguments.context is not None:
        parts, note = context(arguments.context, shell, session)
        prompt = _joined(parts, prompt)
        prompt.notes.append(note)
    for specs, image in ((arguments.images, True), (arguments.files, False)):
        for spec in specs:
            part, note = attach(spec, namespace, image=image)
            prompt.add(part)
            prompt.notes.append(note)
    if arguments.system:
        arguments.system = _system(arguments, namespace)
    key = IPythonFrontend(shell).cell_id or f"execution {shell.execution_count}"
    # A cell may send several questions, in lines of %chat or in a loop: each has its own turn.
    if (count := session.occurrence(shell.execution_count)) > 1:
        key += f", question {count}"
    return ChatCell(arguments, prompt, key, _named(arguments, variables))


def _named(arguments: Arguments, variables: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return those of the variables that --tools and --schema name."""
    names = re.findall(r"\w+", " ".join([*arguments.tools, arguments.schema or ""]))
    return {name: variables[name] for name in names if name in variables} if variables else {}


def _variables(shell: Any, session: Session) -> Mapping[str, Any]:
    """Return the variables of the notebook, with the last error of a cell as `error` if the notebook has no such variable."""
    namespace: dict[str, Any] = shell.user_ns
    error = session.last_error or earlier_error()
    return {"error": error, **namespace} if error is not None else namespace


def filler(namespace: Mapping[str, Any]) -> Callable[[str, str], str]:
    """Return a function that interpolates values into the text of an option."""

    def fill(flag: str, text: str) -> str:
        content = interpolate(text, namespace, undefined=_UNDEFINED).content
        if not isinstance(content, str):
            raise PromptError(f"{flag}: the value cannot be an image.")
        return content

    return fill


def _refuse_model(words: str, cell: str, session: Session) -> None:
    """Reject a model id without -m, as other magics accept it: the default model would answer, at a cost."""
    if _MODEL.fullmatch(words) and cell.strip() and (_NUMBER.search(words) or words in session.catalog.ids):
        raise OptionError(f"Write -m {words} to ask that model. Without -m it is part of the prompt.")


def _joined(parts: Sequence[dict[str, Any]], prompt: Prompt) -> Prompt:
    whole = Prompt(notes=prompt.notes)
    for part in (*parts, *prompt.parts):
        whole.add(part)
    return whole


def _system(arguments: Arguments, namespace: Mapping[str, Any]) -> str:
    """Return the text of -s: interpolated, or the unchanged contents of a file."""
    text = arguments.system or ""
    if text.startswith("@"):
        return read_text(text[1:])
    content = _fill(text, namespace, raw=arguments.raw).content
    if not isinstance(content, str):
        raise PromptError("-s: a system prompt is text, not an image.")
    return content


def _fill(template: str, namespace: Mapping[str, Any], *, raw: bool) -> Prompt:
    return (
        Prompt([{"type": "text", "text": template}])
        if raw
        else interpolate(template, namespace, undefined=_UNDEFINED)
    )
