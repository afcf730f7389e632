"""Routes of the simulator."""

from collections.abc import Callable

from tornado.web import Application, RequestHandler

from openrouter_nb.simulator.endpoints.chat import ChatCompletions
from openrouter_nb.simulator.endpoints.handler import UnknownPath
from openrouter_nb.simulator.endpoints.queries import (
    CreditsHandler,
    EndpointsHandler,
    GenerationHandler,
    InspectionHandler,
    KeyHandler,
    ModelHandler,
    ModelsHandler,
    ProvidersHandler,
)
from openrouter_nb.simulator.state import State

BASE = "/api/v1"
# `author/slug`; recorded models have an additional part.
SLUG = "(.+/.+)"


def application(state: State, log: Callable[[RequestHandler], None]) -> Application:
    """Return the web application.

    Args:
        state: State shared by the handlers.
        log: Called for each finished request.
    """
    routes: list[tuple[str, type[RequestHandler]]] = [
        ("/chat/completions", ChatCompletions),
        ("/models", ModelsHandler),
        (f"/model/{SLUG}", ModelHandler),
        (f"/models/{SLUG}/endpoints", EndpointsHandler),
        ("/providers", ProvidersHandler),
        ("/key", KeyHandler),
        ("/credits", CreditsHandler),
        ("/generation", GenerationHandler),
        ("/_simulator/(exchanges|requests)", InspectionHandler),
    ]
    shared = {"state": state}
    return Application(
        [(BASE + path, handler, shared) for path, handler in routes],
        default_handler_class=UnknownPath,
        default_handler_args=shared,
        log_function=log,
    )
