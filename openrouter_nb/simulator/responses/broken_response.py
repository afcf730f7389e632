"""A response that breaks off or ends incorrectly."""

import dataclasses
from collections.abc import Callable
from typing import Literal

from openrouter_nb.simulator.parsed_request import ParsedChatRequest
from openrouter_nb.simulator.responses.response_writer import JSON, ResponseWriter
from openrouter_nb.simulator.responses.scripted_answer import ScriptedAnswer
from openrouter_nb.simulator.responses.sse import dump

Ending = Literal["close", "cut", "reset", "stall", "stall with comments"]


def nothing(request: ParsedChatRequest) -> bytes:  # noqa: ARG001 - required by the type of `tail`
    """Add nothing after the last delta."""
    return b""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class BrokenResponse:
    """An answer with a replaced ending.

    Args:
        answer: The answer before the break.
        tail: Bytes of the stream after the last delta.
        body: The complete body without streaming; None for the first half of the answer's JSON.
        ending: "close" ends the HTTP response correctly; "cut" closes the connection inside the body; "reset" sends a
            TCP RST; the other two never end.
    """

    answer: ScriptedAnswer
    tail: Callable[[ParsedChatRequest], bytes] = nothing
    body: Callable[[ParsedChatRequest], bytes] | None = None
    ending: Ending = "close"

    async def write_to(self, writer: ResponseWriter, request: ParsedChatRequest) -> None:
        """Write the beginning, then the ending."""
        if request.stream:
            await self.answer.stream_deltas(writer, request)
            rest = self.tail(request)
        else:
            writer.begin(200, JSON)
            complete = dump(self.answer.result(request))
            rest = self.body(request) if self.body else complete[: len(complete) // 2]
        if self.ending == "close":
            await writer.finish(rest)
            return
        if rest:
            await writer.send(rest)
        match self.ending:
            case "cut":
                await writer.cut()
            case "reset":
                await writer.reset()
            case "stall" | "stall with comments":
                await writer.stall(comments=self.ending == "stall with comments")
