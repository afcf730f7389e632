"""What every endpoint does: the log, the key, errors in OpenRouter's JSON, and headers for browsers."""

import json
import time
from typing import Any

from tornado.web import Finish, HTTPError, RequestHandler

from openrouter_nb.simulator.api_errors import ApiError, error_body
from openrouter_nb.simulator.request_log import ReceivedRequest
from openrouter_nb.simulator.responses.sse import dump
from openrouter_nb.simulator.state import State

KEY_PREFIX = "sk-or-"
EXPOSED = "X-Generation-Id, Retry-After, X-RateLimit-Limit, X-RateLimit-Remaining, X-RateLimit-Reset"


class Handler(RequestHandler):
    """Base of the endpoints."""

    state: State

    def initialize(self, state: State) -> None:
        """Take what all handlers share."""
        self.state = state

    def set_default_headers(self) -> None:
        """Let pages of other origins in: JupyterLite calls from a browser."""
        self.set_header("Server", "openrouter-nb simulator")
        self.set_header("Access-Control-Allow-Origin", "*")
        self.set_header("Access-Control-Expose-Headers", EXPOSED)

    def prepare(self) -> None:
        """Note the request before it is answered."""
        self.state.journal.receive(
            ReceivedRequest(
                method=self.request.method or "",
                path=self.request.uri or "",
                headers=self.header_values(),
                body=self.parsed_body(),
                received_at=time.monotonic(),
            )
        )

    def options(self, *_: str) -> None:
        """Answer a preflight request: `*` would not cover `Authorization`, so the names are repeated."""
        wished = self.request.headers.get("Access-Control-Request-Headers", "*")
        self.set_header("Access-Control-Allow-Headers", wished)
        self.set_header("Access-Control-Allow-Methods", "GET, POST, OPTIONS")
        self.set_header("Access-Control-Allow-Private-Network", "true")
        self.set_header("Access-Control-Max-Age", "600")
        self.set_status(204)

    def header_values(self) -> dict[str, str]:
        """Return the request headers, names in lower case."""
        return {name.lower(): value for name, value in self.request.headers.items()}

    def parsed_body(self) -> Any:
        """Return the JSON of the body, or its bytes where it is none."""
        try:
            return json.loads(self.request.body)
        except (ValueError, RecursionError):
            return self.request.body

    def query(self) -> dict[str, str]:
        """Return the query parameters; the last one of a name wins."""
        return {name: self.get_query_argument(name) for name in self.request.query_arguments}

    def secret(self) -> str:
        """Return the key of the request, empty where there is none.

        Raises:
            Problem: 401, where a key is demanded and it is missing or of another kind.
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
        """Log failures of the simulator; a refusal is none."""
        if not isinstance(value, ApiError | HTTPError | Finish):
            super().log_exception(typ, value, tb)

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        """Answer every failure in OpenRouter's JSON."""
        failure = kwargs.get("exc_info", (None, None, None))[1]
        if isinstance(failure, ApiError):
            self.send_json(failure.body(), failure.status)
        else:
            self.send_json(error_body(status_code, self._reason), status_code)


class UnknownPath(Handler):
    """Every path that is not served."""

    def prepare(self) -> None:
        """Answer 404 to any method."""
        super().prepare()
        raise ApiError(404, "Not Found")
