"""One call that a model asks for: what it wants, what somebody decided about it, and what came of it."""

from __future__ import annotations

import asyncio
import json
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from openrouter_nb.tools.tool_results import Content, text_of

if TYPE_CHECKING:
    from openrouter_nb.tools.tool import Tool

ToolCallStatus = Literal[
    "proposed", "waiting", "running", "done", "answered", "failed", "refused", "invalid", "unknown", "stopped"
]
ENDED: frozenset[ToolCallStatus] = frozenset(
    {"done", "answered", "failed", "refused", "invalid", "unknown", "stopped"}
)
MAX_OUTPUT = 20_000


@dataclass(frozen=True, slots=True)
class Run:
    """Run the call as the model wants it."""


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
    """Do not run the call, and tell the model so, with the reason if there is one."""

    reason: str = ""


Decision = Run | RunWith | Respond | Refuse


@dataclass(slots=True, eq=False)
class ToolCall:
    """A call of a tool, from the model's wish to its result. The loop owns it; others read it and decide.

    Attributes:
        id: Unique in its conversation; the model's own id where that is one.
        name: What the model wants to call.
        proposed: The arguments as the model wrote them.
        tool: The tool of that name, or None.
        arguments: Checked arguments to call with; None where they are wrong or nothing is known of them yet.
        status: `proposed`, `waiting` (for a decision), `running`, and then one of `done`, `answered` (by hand),
            `failed`, `refused`, `invalid` (wrong arguments), `unknown` (no such tool), `stopped`.
        content: What the model is told, once it has ended.
        value: What the function returned.
        error: What the function raised, or what was wrong with the arguments.
        output: What it printed, at most 20,000 characters of the end.
        seconds: How long it ran.
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
    _changed: str = ""
    _decision: asyncio.Future[Decision] | None = None
    _loop: asyncio.AbstractEventLoop | None = None
    _started: float = 0.0

    @property
    def has_ended(self) -> bool:
        """Whether the call has its result."""
        return self.status in ENDED

    @property
    def was_used(self) -> bool:
        """Whether it counts against the limit of calls: it ran, or somebody entered its result."""
        return self.status in ("done", "failed", "answered")

    @property
    def edited(self) -> bool:
        """Whether it runs with other arguments than the model wrote."""
        return bool(self._changed) and _canonical(self._changed) != _canonical(self.proposed)

    @property
    def identity(self) -> tuple[str, str]:
        """What the model asks for: equal for calls of the same tool with the same arguments."""
        return self.name, _canonical(self.proposed)

    @property
    def text(self) -> str:
        """The result as text."""
        return text_of(self.content)

    @property
    def signature(self) -> str:
        """The function as its author wrote it, for the person who decides."""
        return (self.tool.signature if self.tool else "") or self.name

    @property
    def arguments_text(self) -> str:
        """The arguments in one canonical form, for reading and editing: the model's, or those that took their place."""
        text = self._changed or self.proposed or "{}"
        try:
            value = json.loads(text)
        except ValueError:
            return text
        return json.dumps(value, ensure_ascii=False, indent=2)

    @property
    def message(self) -> dict[str, Any]:
        """The message that tells the model the result."""
        return {"role": "tool", "tool_call_id": self.id, "content": self.content}

    def decide(self, decision: Decision) -> None:
        """Say what becomes of a call that waits. The first decision counts; any thread may make it.

        Raises:
            TypeError: it is no decision.
            WrongValueError: `RunWith` arguments that the function does not take. The call goes on waiting.
        """
        if not isinstance(decision, (Run, RunWith, Respond, Refuse)):
            raise TypeError(
                f"approve() returns Run(), RunWith(), Respond(), Refuse(), True or False, not {decision!r}."
            )
        if isinstance(decision, RunWith) and self.tool is not None:
            text = decision.arguments
            self.tool.read(text if isinstance(text, str) else json.dumps(text))
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._resolve, decision)

    def wait(self) -> asyncio.Future[Decision]:
        """Return what will hold the decision. For the loop that owns the call."""
        self.status = "waiting"
        self._loop = asyncio.get_running_loop()
        self._decision = self._loop.create_future()
        return self._decision

    def validate(self) -> None:
        """Check the arguments as the model wrote them. For the loop that owns the call.

        Raises:
            WrongValueError: they are not what the tool takes.
        """
        if self.tool is not None:
            self.arguments = self.tool.read(self.proposed)

    def set_arguments(self, arguments: dict[str, Any] | str) -> None:
        """Put other arguments in the place of the model's. For the loop that owns the call.

        Raises:
            WrongValueError: they are not what the tool takes.
        """
        text = arguments if isinstance(arguments, str) else json.dumps(arguments, ensure_ascii=False)
        if self.tool is not None:
            self.arguments = self.tool.read(text)
        self._changed = text

    def start(self) -> None:
        """Note that the function runs. For the loop that owns the call."""
        self.status = "running"
        self._started = time.monotonic()

    def append_output(self, text: str) -> None:
        """Add to the output; the end is kept. For the loop that owns the call."""
        self.output = (self.output + text)[-MAX_OUTPUT:]

    def finish(
        self,
        status: ToolCallStatus,
        content: Content,
        *,
        value: Any = None,
        error: BaseException | None = None,
    ) -> None:
        """Note the result. For the loop that owns the call."""
        if self.status == "running":
            self.seconds = time.monotonic() - self._started
        self.status, self.content, self.value, self.error = status, content, value, error

    def _resolve(self, decision: Decision) -> None:
        if self._decision is not None and not self._decision.done():
            self._decision.set_result(decision)


def _canonical(arguments: str) -> str:
    try:
        return json.dumps(json.loads(arguments or "{}"), sort_keys=True)
    except ValueError:
        return arguments
