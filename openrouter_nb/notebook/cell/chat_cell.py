"""What a chat cell asks: its options, its prompt with the values put in, and which turn of a conversation it is."""

from __future__ import annotations

import copy
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from openrouter_nb.live.ipython_frontend import IPythonFrontend
from openrouter_nb.notebook.cell.context import context
from openrouter_nb.notebook.options.parser import Arguments, parse, refuse_key
from openrouter_nb.notebook.options.table import BY_FLAG, OPTIONS
from openrouter_nb.notebook.options.values import OptionError
from openrouter_nb.parameters import PARAMETERS, nearest
from openrouter_nb.prompt import Prompt, PromptError, attach, interpolate, read_text

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Mapping, Sequence

_MODEL = re.compile(r"~?[a-z0-9-]+/[a-z0-9][\w.:-]*", re.IGNORECASE)
_NUMBER = re.compile(r"/\D*\d")
_PROMPT = frozenset(option.name for option in OPTIONS if option.group == "prompt") - {"system"}
# All but those that belong to the question, and those that have set parameters by now.
_CHANGEABLE = (
    frozenset(option.name for option in OPTIONS) - _PROMPT - {"param", "fallback", "provider", "online"}
)


@dataclass(frozen=True, slots=True)
class ChatCell:
    """A cell, read and checked.

    Attributes:
        arguments: The options.
        prompt: The user message.
        key: What asks: the cell's id where the frontend sends one, else the number of the execution.
    """

    arguments: Arguments
    prompt: Prompt
    key: str

    def again(self, line: str, namespace: Mapping[str, Any] | None = None) -> ChatCell:
        """Return the same question with some options changed, in the place of the old one.

        Args:
            line: The options.
            namespace: What `{{expressions}}` in them may name.

        Raises:
            OptionError: a wrong option, or text, which would be another question.
        """
        changed = parse(line, filler(namespace or {}))
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
            arguments.free = False  # it was the free variant of another one
        arguments.parameters |= changed.parameters
        arguments.dry_run = False
        for name in changed.given & _CHANGEABLE:
            setattr(arguments, name, getattr(changed, name))
        return ChatCell(arguments, self.prompt, self.key)


class KnownModels(Protocol):
    """The known models."""

    @property
    def ids(self) -> Container[str]:
        """Their ids."""


class Session(Protocol):
    """What reading a cell needs of `NotebookSession`."""

    last_error: BaseException | None

    @property
    def catalog(self) -> KnownModels:
        """The known models."""

    def occurrence(self, execution: int) -> int:
        """Count the questions of one execution: 1 for the first."""


def read(line: str, cell: str, shell: Any, session: Session) -> ChatCell:
    """Read a cell.

    Raises:
        OptionError: a wrong option, or no prompt.
        PromptError: an expression or an attachment that cannot be sent.
    """
    namespace = shell.user_ns
    refuse_key(line, cell)
    arguments = parse(line, filler(namespace))
    _refuse_model(arguments.text, cell, session)
    text = "\n\n".join(part for part in (arguments.text, cell.strip("\n")) if part.strip())
    if not text:
        raise OptionError("There is no prompt: write it below %%chat, or after %chat.")
    prompt = _fill(text, namespace, raw=arguments.raw)
    if late := [word for word in arguments.text.split()[1:] if word in BY_FLAG]:
        prompt.notes.append(f"{late[0]} was sent as text: options go before the words")
    for name in arguments.parameters.get("extra_body") or ():
        if close := nearest(name, PARAMETERS):
            prompt.notes.append(f"{name} is no parameter known here and was sent as it is.{close}")
    if arguments.context is not None:
        parts, note = context(arguments.context, shell, session.last_error)
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
    # A cell may ask several times, in lines of %chat or in a loop: each has its own turn.
    if (count := session.occurrence(shell.execution_count)) > 1:
        key += f", question {count}"
    return ChatCell(arguments, prompt, key)


def filler(namespace: Mapping[str, Any]) -> Callable[[str, str], str]:
    """Return what puts values into the text of an option."""

    def fill(flag: str, text: str) -> str:
        content = interpolate(text, namespace).content
        if not isinstance(content, str):
            raise PromptError(f"{flag}: a picture is no value for it.")
        return content

    return fill


def _refuse_model(words: str, cell: str, session: Session) -> None:
    """Refuse a model's id where words for the model go, as other magics take it: the wrong one would be asked, and paid."""
    if _MODEL.fullmatch(words) and cell.strip() and (_NUMBER.search(words) or words in session.catalog.ids):
        raise OptionError(f"Write -m {words} to ask that model. It stands where words of the prompt go.")


def _joined(parts: Sequence[dict[str, Any]], prompt: Prompt) -> Prompt:
    whole = Prompt(notes=prompt.notes)
    for part in (*parts, *prompt.parts):
        whole.add(part)
    return whole


def _system(arguments: Arguments, namespace: Mapping[str, Any]) -> str:
    """Return the text of -s: as it stands, or of a file, whose braces are text."""
    text = arguments.system or ""
    if text.startswith("@"):
        return read_text(text[1:])
    content = _fill(text, namespace, raw=arguments.raw).content
    if not isinstance(content, str):
        raise PromptError("-s: a system prompt is text, and no picture.")
    return content


def _fill(template: str, namespace: Mapping[str, Any], *, raw: bool) -> Prompt:
    return Prompt([{"type": "text", "text": template}]) if raw else interpolate(template, namespace)
