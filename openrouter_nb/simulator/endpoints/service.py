"""The simulator without an HTTP server: routes from requests to endpoints."""

import inspect
import re
from collections.abc import Awaitable, Callable
from urllib.parse import unquote, urlsplit

from openrouter_nb.simulator.api_errors import ApiError
from openrouter_nb.simulator.endpoints import queries
from openrouter_nb.simulator.endpoints.call import Call, HttpRequest
from openrouter_nb.simulator.endpoints.chat import chat_completions
from openrouter_nb.simulator.responses.response_writer import Reply
from openrouter_nb.simulator.state import State

BASE = "/api/v1"
# `author/slug`; recorded models have an additional part.
SLUG = "(.+/.+)"
Endpoint = Callable[..., Awaitable[None] | None]
ROUTES: dict[str, tuple[str, Endpoint]] = {
    "/chat/completions": ("POST", chat_completions),
    "/models": ("GET", queries.models),
    f"/model/{SLUG}": ("GET", queries.model),
    f"/models/{SLUG}/endpoints": ("GET", queries.endpoints),
    "/providers": ("GET", queries.providers),
    "/key": ("GET", queries.key),
    "/credits": ("GET", queries.credits_left),
    "/generation": ("GET", queries.generation),
    "/_simulator/(exchanges|requests)": ("GET", queries.inspection),
}


class Service:
    """Answers requests.

    Args:
        state: State of the simulator.
    """

    def __init__(self, state: State) -> None:
        self.state = state

    async def answer(self, request: HttpRequest, reply: Reply) -> None:
        """Answer a request; cancelled when its client disconnects."""
        call = Call(self.state, request, reply)
        reply.set_header("Server", "openrouter-nb simulator")
        path = urlsplit(request.uri).path
        matches = ((re.fullmatch(BASE + route, path), *ROUTES[route]) for route in ROUTES)
        match, method, endpoint = next(filter(lambda found: found[0], matches), (None, "", queries.models))
        # The log contains prompts: pages of other origins cannot read it, and requests for it are not logged.
        is_inspection = endpoint is queries.inspection
        if not is_inspection:
            call.allow_other_origins()
        try:
            call.check_host()
            if not is_inspection:
                call.log()
            if match is None:
                raise ApiError(404, "Not Found")
            if request.method == "OPTIONS":
                call.send_preflight()
                return
            if request.method != method:
                raise ApiError(405, "Method Not Allowed")
            answering = endpoint(call, *map(unquote, match.groups()))
            if inspect.isawaitable(answering):
                await answering
        except ApiError as error:
            call.send_json(error.body(), error.status)
