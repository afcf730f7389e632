"""A tool call: its arguments, the approval decision, and the result."""

from __future__ import annotations

import asyncio
import json
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from openrouter_nb.json_extraction import JSONTextError, parse_json
from openrouter_nb.surrogates import well_formed, well_formed_values
from openrouter_nb.tools.tool_results import Content, error_text, text_of

if TYPE_CHECKING:
    from openrouter_nb.tools.tool import Tool

ToolCallStatus = Literal[
    "proposed", "waiting", "running", "done", "answered", "failed", "refused", "invalid", "unknown", "stopped"
]
ENDED: frozenset[ToolCallStatus] = frozenset(
    {"done", "answered", "failed", "refused", "invalid", "unknown", "stopped"}
)
MAX_OUTPUT = 20_000  # characters


@dataclass(frozen=True, slots=True)
class Run:
    """Run the call with the model's arguments."""


@dataclass(frozen=True, slots=True)
class RunWith:
    """Run the call with other arguments: an object, or its JSON text."""

    arguments: dict[str, Any] | str


@dataclass(frozen=True, slots=True)
class Respond:
    """Do not run the call; this text is its result."""

    text: str


@dataclass(frozen=True, slots=True)
class Refuse:
    """Do not run the call; the model receives the refusal and the reason, if there is one.

    Attributes:
        reason: The reason.
        error: The exception of the approval function, which is why the call is not run.
    """

    reason: str = ""
    error: BaseException | None = None


Decision = Run | RunWith | Respond | Refuse


def decision_of(value: Any) -> Decision:
    """Return the decision that an approval function returned; True means `Run()`, False `Refuse()`.

    Raises:
        TypeError: it is another value.
    """
    if isinstance(value, bool):
        return Run() if value else Refuse()
    if not isinstance(value, (Run, RunWith, Respond, Refuse)):
        raise TypeError(
            f"approve() returns Run(), RunWith(), Respond(), Refuse(), True or False, not {value!r}."
        )
    return value


def failed_approval(error: BaseException) -> Refuse:
    """Return the decision of an approval function that raised an exception, or returned no decision."""
    return Refuse(f"the approval failed. {error_text(error)}", error)


@dataclass(slots=True, eq=False)
class ToolCall:
    """A tool call, from the model's request to its result. Owned by the tool loop; other code reads it and decides.

    Attributes:
        id: Id, unique in the conversation; the model's id if that is unique.
        name: Name of the tool.
        proposed: Arguments as written by the model, JSON text.
        tool: The tool with that name, or None.
        arguments: Validated arguments; None if invalid or not validated yet.
        status: `proposed`, `waiting` (for a decision), `running`, and finally `done`, `answered` (result entered by the
            user), `failed`, `refused`, `invalid` (invalid arguments), `unknown` (no such tool) or `stopped`.
        content: Content of the tool message for the model; empty until the call has ended.
        value: Return value of the function.
        error: Exception of the function, the validation or the approval.
        output: Printed text, the last 20,000 characters.
        seconds: Run time.
        is_decided: Whether a decision was made, which takes effect as soon as the event loop continues.
    """

    id: str
    name: str
    proposed: str
    tool: Tool | None = None
    arguments: dict[str, Any] | None = None
    status: ToolCallStatus = "proposed"
    content: Content = ""
    value: Any = None
    error: BaseException | None = None
    output: str = ""
    seconds: float | None = None
    is_decided: bool = False
    _changed: str = ""
    _decision: asyncio.Future[Decision] | None = None
    _loop: asyncio.AbstractEventLoop | None = None
    _started: float = 0.0

    @property
    def has_ended(self) -> bool:
        """Whether the call has ended, with or without a result."""
        return self.status in ENDED

    @property
    def was_used(self) -> bool:
        """Whether the call counts against the call limit: it ran, or the user entered its result."""
        return self.status in ("done", "failed", "answered")

    @property
    def edited(self) -> bool:
        """Whether the user changed the arguments."""
        return bool(self._changed) and _canonical(self._changed) != _canonical(self.proposed)

    @property
    def identity(self) -> tuple[str, str]:
        """Tool name and canonical arguments: equal for identical calls."""
        return self.name, _canonical(self.proposed)

    @property
    def text(self) -> str:
        """The result as text."""
        return text_of(self.content)

    @property
    def signature(self) -> str:
        """Signature of the function as in the source; the tool name if unknown."""
        return (self.tool.signature if self.tool else "") or self.name

    @property
    def arguments_text(self) -> str:
        """Current arguments as indented JSON; unchanged if they are not valid JSON."""
        text = self._changed or self.proposed or "{}"
        try:
            return json.dumps(parse_json(text), ensure_ascii=False, indent=2)
        except JSONTextError:
            return text

    @property
    def message(self) -> dict[str, Any]:
        """The tool message with the result."""
        return {"role": "tool", "tool_call_id": self.id, "content": self.content}

    def decide(self, decision: Decision | bool) -> None:
        """Decide about a waiting call. Thread-safe; only the first decision has an effect.

        Raises:
            TypeError: not a decision.
            WrongValueError: invalid `RunWith` arguments. The call is still waiting.
        """
        decision = decision_of(decision)
        if isinstance(decision, RunWith) and self.tool is not None:
            text = decision.arguments
            self.tool.read(text if isinstance(text, str) else json.dumps(text))
        if self._loop is not None and not self._loop.is_closed():
            self.is_decided = True
            self._loop.call_soon_threadsafe(self._resolve, decision)

    def wait(self) -> asyncio.Future[Decision]:
        """Return a future for the decision. Only for the tool loop."""
        self.status = "waiting"
        self._loop = asyncio.get_running_loop()
        self._decision = self._loop.create_future()
        return self._decision

    def validate(self) -> None:
        """Validate the model's arguments. Only for the tool loop.

        Raises:
            WrongValueError: they are invalid.
        """
        if self.tool is not None:
            self.arguments = self.tool.read(self.proposed)

    def set_arguments(self, arguments: dict[str, Any] | str) -> None:
        """Replace the model's arguments. Only for the tool loop.

        Raises:
            WrongValueError: they are invalid.
        """
        text = arguments if isinstance(arguments, str) else json.dumps(arguments, ensure_ascii=False)
        if self.tool is not None:
            self.arguments = self.tool.read(text)
        self._changed = text

    def start(self) -> None:
        """Record the start of the function. Only for the tool loop."""
        self.status = "running"
        self._started = time.monotonic()

    def append_output(self, text: str) -> None:
        """Append to the output, truncated at the start. Only for the tool loop."""
        self.output = (self.output + well_formed(text))[-MAX_OUTPUT:]

    def finish(
        self,
        status: ToolCallStatus,
        content: Content,
        *,
        value: Any = None,
        error: BaseException | None = None,
    ) -> None:
        """Record the result. Only for the tool loop."""
        if self.status == "running":
            self.seconds = time.monotonic() - self._started
        self.status, self.content = status, well_formed_values(content)
        self.value, self.error = value, error

    def _resolve(self, decision: Decision) -> None:
        if self._decision is not None and not self._decision.done():
            self._decision.set_result(decision)


def _canonical(arguments: str) -> str:
    try:
        return json.dumps(parse_json(arguments or "{}"), sort_keys=True)
    except JSONTextError:
        return arguments
