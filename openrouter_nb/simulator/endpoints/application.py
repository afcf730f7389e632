"""The routes of the simulator."""

from collections.abc import Callable

from tornado.web import Application, RequestHandler

from openrouter_nb.simulator.endpoints.chat import ChatCompletions
from openrouter_nb.simulator.endpoints.handler import UnknownPath
from openrouter_nb.simulator.endpoints.queries import (
    Credits,
    Endpoints,
    Generation,
    Inspection,
    Key,
    Model,
    Models,
    Providers,
)
from openrouter_nb.simulator.state import State

BASE = "/api/v1"
# `author/slug`; recorded models have one more part.
SLUG = "(.+/.+)"


def application(state: State, log: Callable[[RequestHandler], None]) -> Application:
    """Return the web application.

    Args:
        state: What the handlers share.
        log: Called once for each finished request.
    """
    routes: list[tuple[str, type[RequestHandler]]] = [
        ("/chat/completions", ChatCompletions),
        ("/models", Models),
        (f"/model/{SLUG}", Model),
        (f"/models/{SLUG}/endpoints", Endpoints),
        ("/providers", Providers),
        ("/key", Key),
        ("/credits", Credits),
        ("/generation", Generation),
        ("/_simulator/(exchanges|requests)", Inspection),
    ]
    shared = {"state": state}
    return Application(
        [(BASE + path, handler, shared) for path, handler in routes],
        default_handler_class=UnknownPath,
        default_handler_args=shared,
        log_function=log,
    )
