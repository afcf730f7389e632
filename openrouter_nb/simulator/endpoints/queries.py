"""The helper endpoints: everything that is only read."""

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


class Endpoints(Handler):
    """`GET /models/{author}/{slug}/endpoints`."""

    def get(self, slug: str) -> None:
        """List who serves a model."""
        self.send_json(endpoints(known(self, slug)))


class Providers(Handler):
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
        """Tell the balance to a management key."""
        self.send_json(account.credits_left(self.secret()))


class Generation(Handler):
    """`GET /generation?id=…`."""

    def get(self) -> None:
        """Describe a past exchange."""
        self.secret()
        generation_id = self.query().get("id")
        if not generation_id:
            raise ApiError(400, "id: Required", "invalid_request")
        exchange = self.state.journal.find(generation_id)
        if exchange is None:
            raise ApiError(404, f"Generation {generation_id} not found", "not_found")
        self.send_json(account.generation(exchange))


class Inspection(Handler):
    """The log, for tests in other processes; closed to web pages, because prompts are in it."""

    def set_default_headers(self) -> None:
        """Let no page of another origin read the log."""

    def prepare(self) -> None:
        """Keep the reading of the log out of the log."""

    def get(self, what: str) -> None:
        """Answer with the exchanges or the requests, oldest first."""
        journal = self.state.journal
        entries = journal.exchanges() if what == "exchanges" else journal.requests()
        self.send_json({"data": [entry.public() for entry in entries]})


def known(handler: Handler, slug: str) -> ScriptedModel:
    """Return the script of a slug in a path, 404 where there is none."""
    try:
        return handler.state.catalog[slug]
    except ApiError as problem:
        raise ApiError(404, problem.message, "not_found") from None
