"""A response that begins well and does not end well."""

import dataclasses
from collections.abc import Callable
from typing import Literal

from openrouter_nb.simulator.parsed_request import ParsedChatRequest
from openrouter_nb.simulator.responses.response_writer import JSON, ResponseWriter
from openrouter_nb.simulator.responses.scripted_answer import ScriptedAnswer
from openrouter_nb.simulator.responses.sse import dump

Ending = Literal["close", "cut", "reset", "stall", "stall with comments"]


def nothing(request: ParsedChatRequest) -> bytes:  # noqa: ARG001 - the type's shape
    """Add nothing after the last delta."""
    return b""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class BrokenResponse:
    """An answer whose end is replaced.

    Args:
        answer: What is said before it breaks.
        tail: Bytes of the stream after the last delta.
        body: The whole body without streaming; None is the first half of the answer's JSON.
        ending: "close" ends the response as HTTP wants it; "cut" closes the connection inside the body; "reset"
            breaks it with a TCP RST; the two others never end.
    """

    answer: ScriptedAnswer
    tail: Callable[[ParsedChatRequest], bytes] = nothing
    body: Callable[[ParsedChatRequest], bytes] | None = None
    ending: Ending = "close"

    async def perform(self, stage: ResponseWriter, request: ParsedChatRequest) -> None:
        """Write the beginning, then break."""
        if request.stream:
            await self.answer.stream_deltas(stage, request)
            rest = self.tail(request)
        else:
            stage.begin(200, JSON)
            whole = dump(self.answer.result(request))
            rest = self.body(request) if self.body else whole[: len(whole) // 2]
        if self.ending == "close":
            await stage.finish(rest)
            return
        if rest:
            await stage.send(rest)
        match self.ending:
            case "cut":
                await stage.cut()
            case "reset":
                await stage.reset()
            case "stall" | "stall with comments":
                await stage.stall(comments=self.ending == "stall with comments")
