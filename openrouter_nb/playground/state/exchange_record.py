"""Record of one exchange, for the raw view, the history and Python."""

from __future__ import annotations

import json
import time
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from openrouter_nb.redaction import HIDDEN, redact
from openrouter_nb.render.errors.banners import banner

if TYPE_CHECKING:
    from collections.abc import Mapping

    from openrouter_nb.components import ChatResult, ChatStreamChunk
    from openrouter_nb.errors import OpenRouterError

_MAX_CHUNKS = 2_000
_MAX_CHUNK_CHARACTERS = 4_000
_MAX_HEADER = 1_000
# Response headers whose values must not be saved in a notebook that is shared.
_HIDDEN = ("set-cookie", "authorization", "cookie")


@dataclass(slots=True)
class ExchangeRecord:
    """One request and its response.

    Attributes:
        body: Request body.
        started: Start time in Unix seconds.
    """

    body: dict[str, Any]
    started: float = field(default_factory=time.time)
    headers: dict[str, str] = field(default_factory=dict)
    chunks: deque[dict[str, Any]] = field(default_factory=lambda: deque(maxlen=_MAX_CHUNKS))
    chunk_count: int = 0
    upstream: list[Any] = field(default_factory=list)
    timeline: list[dict[str, Any]] = field(default_factory=list)
    result: ChatResult | None = None
    failure: str = ""
    first_token_s: float | None = None
    reasoning_s: float | None = None
    seconds: float = 0.0
    _clock: float = field(default_factory=time.monotonic)

    @property
    def elapsed_s(self) -> float:
        """Seconds since the start."""
        return time.monotonic() - self._clock

    def add_event(self, what: str) -> None:
        """Add an event to the timeline."""
        self.timeline.append({"at_ms": round(self.elapsed_s * 1000), "what": what})

    def set_headers(self, headers: Mapping[str, str]) -> None:
        """Store the response headers, with the values of secret ones hidden."""
        self.headers = {
            name: HIDDEN if name.lower() in _HIDDEN else redact(str(value)[:_MAX_HEADER])
            for name, value in headers.items()
        }

    def set_failure(self, error: OpenRouterError) -> None:
        """Store the error of a failed request, and the partial answer."""
        self.result = error.partial
        # Error bodies contain account ids and quote keys.
        self.failure = redact(error.body[:_MAX_CHUNK_CHARACTERS])
        if error.headers and not self.headers:
            self.set_headers(error.headers)
        self.add_event(f"failed: {banner(error).title}")

    def add_chunk(self, chunk: ChatStreamChunk) -> None:
        """Store a chunk; only the newest 2,000 are retained."""
        self.chunk_count += 1
        self.chunks.append(chunk)
        debug = chunk.get("debug")
        if isinstance(debug, dict) and "echo_upstream_body" in debug:
            self.upstream.append(debug["echo_upstream_body"])

    def to_panel(self) -> dict[str, Any]:
        """Return the contents of the raw view."""
        return {
            "request": truncate(self.body),
            "upstream": truncate(self.upstream),
            "chunks": [
                *(_short(json.dumps(chunk, ensure_ascii=False)) for chunk in self.chunks),
                *([self.failure] if self.failure else []),
            ],
            "dropped": self.chunk_count - len(self.chunks),
            "headers": self.headers,
            "timeline": self.timeline,
        }


def truncate(value: Any, longest: int = 20_000) -> Any:
    """Return a JSON value with long strings, such as encoded images, truncated."""
    if isinstance(value, str) and len(value) > longest:
        return f"{value[:200]}… [{len(value):,} characters]"
    if isinstance(value, dict):
        return {key: truncate(item, longest) for key, item in value.items()}
    return [truncate(item, longest) for item in value] if isinstance(value, list) else value


def _short(text: str) -> str:
    if len(text) <= _MAX_CHUNK_CHARACTERS:
        return text
    return f"{text[:_MAX_CHUNK_CHARACTERS]}… [{len(text):,} characters]"
