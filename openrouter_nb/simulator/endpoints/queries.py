"""Read-only endpoints."""

from openrouter_nb.simulator.api_errors import ApiError
from openrouter_nb.simulator.endpoints import account, catalog
from openrouter_nb.simulator.endpoints.call import Call
from openrouter_nb.simulator.scripted_model import ScriptedModel


def models(call: Call) -> None:
    """List the models: `GET /models`."""
    call.send_json(call.state.catalog.models(call.query()))


def model(call: Call, slug: str) -> None:
    """Describe one model: `GET /model/{author}/{slug}`."""
    call.send_json({"data": catalog.model(_known(call, slug))})


def endpoints(call: Call, slug: str) -> None:
    """List the endpoints of a model: `GET /models/{author}/{slug}/endpoints`."""
    call.send_json(catalog.endpoints(_known(call, slug)))


def providers(call: Call) -> None:
    """List the providers: `GET /providers`."""
    call.send_json(account.providers())


def key(call: Call) -> None:
    """Describe the key of the request: `GET /key`."""
    call.send_json(account.key(call.secret()))


def credits_left(call: Call) -> None:
    """Return the balance, for a management key: `GET /credits`."""
    call.send_json(account.credits_left(call.secret()))


def generation(call: Call) -> None:
    """Describe a past exchange: `GET /generation?id=…`."""
    call.secret()
    generation_id = call.query().get("id")
    if not generation_id:
        raise ApiError(400, "id: Required", "invalid_request")
    exchange = call.state.request_log.find(generation_id)
    if exchange is None:
        raise ApiError(404, f"Generation {generation_id} not found", "not_found")
    call.send_json(account.generation(exchange))


def inspection(call: Call, what: str) -> None:
    """Return the exchanges or the requests, oldest first, for tests in other processes."""
    request_log = call.state.request_log
    entries = request_log.exchanges() if what == "exchanges" else request_log.requests()
    call.send_json({"data": [entry.public() for entry in entries]})


def _known(call: Call, slug: str) -> ScriptedModel:
    """Return the script of a slug in a path; raise a 404 `ApiError` if there is none."""
    try:
        return call.state.catalog[slug]
    except ApiError as error:
        raise ApiError(404, error.message, "not_found") from None
