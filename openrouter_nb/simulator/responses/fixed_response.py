"""A fixed HTTP response."""

import dataclasses
from collections.abc import Mapping
from typing import Any

from openrouter_nb.simulator.parsed_request import ParsedChatRequest
from openrouter_nb.simulator.responses.response_writer import JSON, ResponseWriter
from openrouter_nb.simulator.responses.sse import dump


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class FixedResponse:
    """A response that is the same in both modes.

    Args:
        status: HTTP status.
        body: Bytes, or a value to send as JSON.
        content_type: Of the body.
        headers: Further headers.
    """

    status: int
    body: Any
    content_type: str = JSON
    headers: Mapping[str, str] = dataclasses.field(default_factory=dict)

    async def perform(self, stage: ResponseWriter, request: ParsedChatRequest) -> None:  # noqa: ARG002 - the protocol's shape
        """Write the response."""
        stage.begin(self.status, self.content_type, dict(self.headers))
        body = self.body if isinstance(self.body, bytes) else dump(self.body)
        await stage.finish(body)
