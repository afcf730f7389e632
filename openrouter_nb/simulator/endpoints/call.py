"""One HTTP request with its response: key check, JSON, CORS headers. It does not depend on an HTTP server."""

import dataclasses
import ipaddress
import json
import re
import time
from typing import Any
from urllib.parse import parse_qs, urlsplit

from openrouter_nb.simulator.api_errors import ApiError
from openrouter_nb.simulator.request_log import ReceivedRequest
from openrouter_nb.simulator.responses.response_writer import JSON, Reply
from openrouter_nb.simulator.responses.sse import dump
from openrouter_nb.simulator.state import State

KEY_PREFIX = "sk-or-"
_HOST = re.compile(r"(\[[^\]]*\]|[^:\[\]]*)(?::\d*)?")
EXPOSED = "X-Generation-Id, Retry-After, X-RateLimit-Limit, X-RateLimit-Remaining, X-RateLimit-Reset"


@dataclasses.dataclass(frozen=True, slots=True)
class HttpRequest:
    """An HTTP request.

    Args:
        method: HTTP method, upper case.
        uri: Path with the query string.
        headers: Names in lower case; a repeated header is joined with commas.
        content: The body.
    """

    method: str
    uri: str
    headers: dict[str, str]
    content: bytes

    @property
    def body(self) -> Any:
        """The parsed JSON body, or its bytes if it is not JSON."""
        try:
            return json.loads(self.content)
        except (ValueError, RecursionError):
            return self.content


class Call:
    """A request and its response.

    Args:
        state: State of the simulator.
        request: The request.
        reply: The response.
    """

    def __init__(self, state: State, request: HttpRequest, reply: Reply) -> None:
        self.state = state
        self.request = request
        self.reply = reply

    def allow_other_origins(self) -> None:
        """Allow requests from other origins: JupyterLite sends them from a browser."""
        self.reply.set_header("Access-Control-Allow-Origin", "*")
        self.reply.set_header("Access-Control-Expose-Headers", EXPOSED)

    def log(self) -> None:
        """Log the request."""
        request = self.request
        self.state.request_log.receive(
            ReceivedRequest(
                method=request.method,
                path=request.uri,
                headers=request.headers,
                body=request.body,
                content=request.content,
                received_at=time.monotonic(),
            )
        )

    def send_preflight(self) -> None:
        """Answer a CORS preflight request; header names are repeated because `*` does not cover `Authorization`."""
        headers, reply = self.request.headers, self.reply
        reply.set_header("Access-Control-Allow-Headers", headers.get("access-control-request-headers", "*"))
        reply.set_header("Access-Control-Allow-Methods", "GET, POST, OPTIONS")
        if is_this_machine(urlsplit(headers.get("origin", "")).hostname or ""):
            reply.set_header("Access-Control-Allow-Private-Network", "true")
        reply.set_header("Access-Control-Max-Age", "600")
        reply.set_status(204)
        reply.finish()

    def check_host(self) -> None:
        """Reject requests by another name than the server's, which a page can direct here by its DNS (DNS rebinding).

        Raises:
            ApiError: 403.
        """
        match = _HOST.fullmatch(self.request.headers.get("host", ""))
        host = match[1].strip("[]").lower() if match else ""
        if not (is_this_machine(host) or host == self.state.host):
            raise ApiError(403, "The simulator does not answer requests for other hosts.")

    def query(self) -> dict[str, str]:
        """Return the query parameters; the last value of a repeated name."""
        values = parse_qs(urlsplit(self.request.uri).query, keep_blank_values=True)
        return {name: found[-1].strip() for name, found in values.items()}

    def secret(self) -> str:
        """Return the API key of the request; `""` if there is none.

        Raises:
            ApiError: 401 if a key is required, and it is missing or has another prefix.
        """
        authorization = self.request.headers.get("authorization", "")
        scheme, _, key = authorization.partition(" ")
        key = key.strip() if scheme.lower() == "bearer" else ""
        if self.state.require_key:
            if not authorization:
                raise ApiError(401, "Missing Authentication header")
            if not key.startswith(KEY_PREFIX):
                raise ApiError(401, "User not found.")
        return key

    def send_json(self, value: Any, status: int = 200) -> None:
        """Finish with a JSON body."""
        self.reply.set_status(status)
        self.reply.set_header("Content-Type", JSON)
        self.reply.finish(dump(value))


def is_this_machine(host: str) -> bool:
    """Return whether a host is `localhost` or an address, which unlike a name no DNS server can change."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
    return True
