"""Read-only endpoints."""

from openrouter_nb.simulator.api_errors import ApiError
from openrouter_nb.simulator.endpoints import account
from openrouter_nb.simulator.endpoints.catalog import endpoints, model
from openrouter_nb.simulator.endpoints.handler import Handler
from openrouter_nb.simulator.scripted_model import ScriptedModel


class ModelsHandler(Handler):
    """`GET /models`."""

    def get(self) -> None:
        """List the models."""
        self.send_json(self.state.catalog.models(self.query()))


class ModelHandler(Handler):
    """`GET /model/{author}/{slug}`."""

    def get(self, slug: str) -> None:
        """Describe one model."""
        self.send_json({"data": model(known(self, slug))})


class EndpointsHandler(Handler):
    """`GET /models/{author}/{slug}/endpoints`."""

    def get(self, slug: str) -> None:
        """List the endpoints of a model."""
        self.send_json(endpoints(known(self, slug)))


class ProvidersHandler(Handler):
    """`GET /providers`."""

    def get(self) -> None:
        """List the providers."""
        self.send_json(account.providers())


class KeyHandler(Handler):
    """`GET /key`."""

    def get(self) -> None:
        """Describe the key of the request."""
        self.send_json(account.key(self.secret()))


class CreditsHandler(Handler):
    """`GET /credits`."""

    def get(self) -> None:
        """Return the balance; requires a management key."""
        self.send_json(account.credits_left(self.secret()))


class GenerationHandler(Handler):
    """`GET /generation?id=…`."""

    def get(self) -> None:
        """Describe a past exchange."""
        self.secret()
        generation_id = self.query().get("id")
        if not generation_id:
            raise ApiError(400, "id: Required", "invalid_request")
        exchange = self.state.request_log.find(generation_id)
        if exchange is None:
            raise ApiError(404, f"Generation {generation_id} not found", "not_found")
        self.send_json(account.generation(exchange))


class InspectionHandler(Handler):
    """The request log, for tests in other processes. Not readable by web pages, because it contains prompts."""

    def set_default_headers(self) -> None:
        """Set no CORS headers, so that pages of other origins cannot read the log."""

    def prepare(self) -> None:
        """Check the host. Requests for the log are not logged."""
        self.check_host()

    def get(self, what: str) -> None:
        """Return the exchanges or the requests, oldest first."""
        request_log = self.state.request_log
        entries = request_log.exchanges() if what == "exchanges" else request_log.requests()
        self.send_json({"data": [entry.public() for entry in entries]})


def known(handler: Handler, slug: str) -> ScriptedModel:
    """Return the script of a slug in a path; raise a 404 `ApiError` if there is none."""
    try:
        return handler.state.catalog[slug]
    except ApiError as error:
        raise ApiError(404, error.message, "not_found") from None
