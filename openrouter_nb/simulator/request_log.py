"""Log of received requests and of chat exchanges with their outcomes."""

import dataclasses
import hashlib
import re
import threading
import time
from collections import deque
from typing import Any, Literal

from openrouter_nb.simulator.parsed_request import ParsedChatRequest

Outcome = Literal["running", "done", "client gone", "server closed"]

_SECRET_HEADER = re.compile("authorization|cookie|key|token|secret")
# Requests and exchanges each; bounds the memory of a simulator that runs for days.
MAX_ENTRIES = 4000


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class ReceivedRequest:
    """One HTTP request as received.

    Args:
        method: HTTP method, upper case.
        path: Path with the query string.
        headers: Names in lower case; a repeated header is joined with commas.
        body: Parsed JSON, or the bytes if they are not JSON.
        content: The bytes of the body.
        received_at: Seconds on `time.monotonic()`, when the body was complete.
    """

    method: str
    path: str
    headers: dict[str, str] = dataclasses.field(repr=False)
    body: Any
    content: bytes = dataclasses.field(default=b"", repr=False)
    received_at: float

    def public(self) -> dict[str, Any]:
        """Return the fields as JSON values; secrets are replaced by their presence, and the key by eight digits of its SHA-256."""
        key = self.headers.get("authorization", "").removeprefix("Bearer ").strip()
        headers = {
            name: "present" if _SECRET_HEADER.search(name) else value for name, value in self.headers.items()
        }
        body = self.body if not isinstance(self.body, bytes) else self.body.decode(errors="replace")
        return {
            "method": self.method,
            "path": self.path,
            "headers": headers | {"authorization": "present" if key else "absent"},
            "key_fingerprint": hashlib.sha256(key.encode()).hexdigest()[:8] if key else None,
            "body": body,
            "received_at": self.received_at,
        }


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class LoggedExchange:
    """One chat completion, from request to end of response.

    Args:
        generation_id: The `gen-…` id sent with the response.
        model: Slug of the model that answered.
        outcome: "running", "done" (the response was sent, or ended early by its script), "client gone" (the
            client closed the connection first) or "server closed".
        started_at: Seconds on `time.monotonic()`.
        closed_at: On the same clock; None while running.
        sent_chunks: Number of network writes of the body.
        status: HTTP status sent; 0 before the first byte.
        usage: The `usage` object of the response; None if there is none.
        finish_reason: The finish reason sent; None if there was none.
        request: The validated request.
    """

    generation_id: str
    model: str
    outcome: Outcome = "running"
    started_at: float
    closed_at: float | None = None
    sent_chunks: int = 0
    status: int = 0
    usage: dict[str, Any] | None = None
    finish_reason: str | None = None
    request: ParsedChatRequest = dataclasses.field(repr=False)

    def public(self) -> dict[str, Any]:
        """Return the fields as JSON values, without the request."""
        names = (field.name for field in dataclasses.fields(self) if field.name != "request")
        return {name: getattr(self, name) for name in names}


class RequestLog:
    """The log of a simulator. Thread-safe."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._requests: deque[ReceivedRequest] = deque(maxlen=MAX_ENTRIES)
        self._exchanges: dict[str, LoggedExchange] = {}

    def receive(self, request: ReceivedRequest) -> None:
        """Record a request."""
        with self._changed:
            self._requests.append(request)

    def open(self, request: ParsedChatRequest) -> None:
        """Record the start of a chat exchange."""
        with self._changed:
            self._exchanges[request.generation_id] = LoggedExchange(
                generation_id=request.generation_id,
                model=request.model,
                started_at=time.monotonic(),
                request=request,
            )
            if len(self._exchanges) > MAX_ENTRIES:
                del self._exchanges[next(iter(self._exchanges))]

    def update(self, generation_id: str, **changes: Any) -> None:
        """Change fields of a running exchange."""
        with self._changed:
            exchange = self._exchanges.get(generation_id)
            if exchange is not None and exchange.outcome == "running":
                self._exchanges[generation_id] = dataclasses.replace(exchange, **changes)

    def close(self, generation_id: str, outcome: Outcome) -> None:
        """Record the outcome of an exchange; later calls have no effect."""
        with self._changed:
            self.update(generation_id, outcome=outcome, closed_at=time.monotonic())
            self._changed.notify_all()

    def close_all(self, outcome: Outcome) -> None:
        """Record the same outcome for all running exchanges."""
        with self._changed:
            for exchange in self._running():
                self.close(exchange.generation_id, outcome)

    def find(self, generation_id: str) -> LoggedExchange | None:
        """Return one exchange; None if the id is unknown or was evicted."""
        with self._changed:
            return self._exchanges.get(generation_id)

    def requests(self) -> list[ReceivedRequest]:
        """Return the most recent requests, oldest first."""
        with self._changed:
            return list(self._requests)

    def exchanges(self) -> list[LoggedExchange]:
        """Return the most recent exchanges, oldest first."""
        with self._changed:
            return list(self._exchanges.values())

    def wait_for_close(self, timeout: float) -> None:
        """Block until no exchange is running.

        Raises:
            TimeoutError: An exchange is still running after `timeout` seconds.
        """
        with self._changed:
            if not self._changed.wait_for(lambda: not self._running(), timeout):
                models = ", ".join(sorted({exchange.model for exchange in self._running()}))
                raise TimeoutError(f"still running after {timeout} s: {models}")

    def _running(self) -> list[LoggedExchange]:
        return [exchange for exchange in self._exchanges.values() if exchange.outcome == "running"]
