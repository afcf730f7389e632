"""A fixed HTTP response."""

import dataclasses
from collections.abc import Mapping
from typing import Any

from openrouter_nb.simulator.parsed_request import ParsedChatRequest
from openrouter_nb.simulator.responses.response_writer import JSON, ResponseWriter
from openrouter_nb.simulator.responses.sse import dump


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class FixedResponse:
    """A response that does not depend on `stream`.

    Args:
        status: HTTP status.
        body: Bytes, or a value to send as JSON.
        content_type: Content type of the body.
        headers: Additional headers.
    """

    status: int
    body: Any
    content_type: str = JSON
    headers: Mapping[str, str] = dataclasses.field(default_factory=dict)

    async def write_to(self, writer: ResponseWriter, request: ParsedChatRequest) -> None:  # noqa: ARG002 - required by the protocol
        """Write the response."""
        writer.begin(self.status, self.content_type, dict(self.headers))
        body = self.body if isinstance(self.body, bytes) else dump(self.body)
        await writer.finish(body)
