"""Base request handler: logging, key check, errors in OpenRouter's JSON, CORS headers."""

import ipaddress
import json
import re
import time
from typing import Any
from urllib.parse import urlsplit

from tornado.web import Finish, HTTPError, RequestHandler

from openrouter_nb.simulator.api_errors import ApiError, error_body
from openrouter_nb.simulator.request_log import ReceivedRequest
from openrouter_nb.simulator.responses.sse import dump
from openrouter_nb.simulator.state import State

KEY_PREFIX = "sk-or-"
_HOST = re.compile(r"(\[[^\]]*\]|[^:\[\]]*)(?::\d*)?")
EXPOSED = "X-Generation-Id, Retry-After, X-RateLimit-Limit, X-RateLimit-Remaining, X-RateLimit-Reset"


class Handler(RequestHandler):
    """Base of the endpoints."""

    state: State

    def initialize(self, state: State) -> None:
        """Set the shared state."""
        self.state = state

    def set_default_headers(self) -> None:
        """Allow requests from other origins: JupyterLite sends them from a browser."""
        self.set_header("Server", "openrouter-nb simulator")
        self.set_header("Access-Control-Allow-Origin", "*")
        self.set_header("Access-Control-Expose-Headers", EXPOSED)

    def prepare(self) -> None:
        """Check the host, and log the request before handling it."""
        self.check_host()
        self.state.request_log.receive(
            ReceivedRequest(
                method=self.request.method or "",
                path=self.request.uri or "",
                headers=self.header_values(),
                body=self.parsed_body(),
                content=self.request.body,
                received_at=time.monotonic(),
            )
        )

    def options(self, *_: str) -> None:
        """Answer a CORS preflight request; header names are repeated because `*` does not cover `Authorization`."""
        requested = self.request.headers.get("Access-Control-Request-Headers", "*")
        self.set_header("Access-Control-Allow-Headers", requested)
        self.set_header("Access-Control-Allow-Methods", "GET, POST, OPTIONS")
        if is_this_machine(urlsplit(self.request.headers.get("Origin", "")).hostname or ""):
            self.set_header("Access-Control-Allow-Private-Network", "true")
        self.set_header("Access-Control-Max-Age", "600")
        self.set_status(204)

    def check_host(self) -> None:
        """Reject requests by another name than the server's, which a page can direct here by its DNS (DNS rebinding).

        Raises:
            ApiError: 403.
        """
        match = _HOST.fullmatch(self.request.host)
        host = match[1].strip("[]").lower() if match else ""
        if not (is_this_machine(host) or host == self.state.host):
            raise ApiError(403, "The simulator does not answer requests for other hosts.")

    def header_values(self) -> dict[str, str]:
        """Return the request headers, names in lower case."""
        return {name.lower(): value for name, value in self.request.headers.items()}

    def parsed_body(self) -> Any:
        """Return the parsed JSON body, or its bytes if it is not JSON."""
        try:
            return json.loads(self.request.body)
        except (ValueError, RecursionError):
            return self.request.body

    def query(self) -> dict[str, str]:
        """Return the query parameters; the last value of a repeated name."""
        return {name: self.get_query_argument(name) for name in self.request.query_arguments}

    def secret(self) -> str:
        """Return the API key of the request; `""` if there is none.

        Raises:
            ApiError: 401 if a key is required, and it is missing or has another prefix.
        """
        authorization = self.request.headers.get("Authorization", "")
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
        self.set_status(status)
        self.set_header("Content-Type", "application/json")
        self.finish(dump(value))

    def log_exception(self, typ: Any, value: Any, tb: Any) -> None:
        """Log failures of the simulator, but not rejected requests."""
        if not isinstance(value, ApiError | HTTPError | Finish):
            super().log_exception(typ, value, tb)

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        """Answer every error in OpenRouter's JSON."""
        failure = kwargs.get("exc_info", (None, None, None))[1]
        if isinstance(failure, ApiError):
            self.send_json(failure.body(), failure.status)
        else:
            self.send_json(error_body(status_code, self._reason), status_code)


def is_this_machine(host: str) -> bool:
    """Return whether a host is `localhost` or an address, which unlike a name no DNS server can change."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
    return True


class UnknownPath(Handler):
    """Handler of unknown paths."""

    def prepare(self) -> None:
        """Answer 404 to any method."""
        super().prepare()
        raise ApiError(404, "Not Found")
