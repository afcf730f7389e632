"""The exception tree."""

import copy
import inspect
import pickle
import re
from pathlib import Path

import pytest

from openrouter_nb import errors
from openrouter_nb.components import ChatResult

CLASSES = {
    name: value
    for name, value in vars(errors).items()
    if inspect.isclass(value) and issubclass(value, errors.OpenRouterError) and name == value.__name__
}
ALIASES = {
    "BadRequestResponseError": "BadRequestError",
    "UnauthorizedResponseError": "UnauthorizedError",
    "PaymentRequiredResponseError": "PaymentRequiredError",
    "ForbiddenResponseError": "ForbiddenError",
    "NotFoundResponseError": "NotFoundError",
    "ConflictResponseError": "ConflictError",
    "GoneResponseError": "GoneError",
    "PayloadTooLargeResponseError": "PayloadTooLargeError",
    "UnprocessableEntityResponseError": "UnprocessableEntityError",
    "TooManyRequestsResponseError": "TooManyRequestsError",
    "ClientClosedRequestResponseError": "ClientClosedRequestError",
    "InternalServerResponseError": "InternalServerError",
    "BadGatewayResponseError": "BadGatewayError",
    "ServiceUnavailableResponseError": "ServiceUnavailableError",
    "GatewayTimeoutResponseError": "GatewayTimeoutError",
    "EdgeNetworkTimeoutResponseError": "EdgeNetworkTimeoutError",
    "ProviderOverloadedResponseError": "ProviderOverloadedError",
    **dict.fromkeys(
        (
            "BadGateway",
            "BadGatewayUnion",
            "BatchErrorResponse",
            "BatchPaymentRequiredResponseError",
            "Conflict",
            "ConflictUnion",
            "CreatePrivateEndpointValidationFailedResponseError",
            "InternalServerErrorUnion",
            "NotFound",
            "NotFoundUnion",
            "OAuthErrorResponse",
            "UnprocessableEntity",
            "UnprocessableEntityUnion",
        ),
        "OtherEndpointError",
    ),
}


@pytest.mark.parametrize(("alias", "name"), ALIASES.items())
def test_the_sdks_names_are_the_same_objects(alias, name):
    assert getattr(errors, alias) is CLASSES[name]


def test_there_are_no_other_aliases():
    others = {n for n, v in vars(errors).items() if inspect.isclass(v) and issubclass(v, Exception)} - set(
        CLASSES
    )
    assert others == set(ALIASES)


def test_the_tree_in_the_docstring_names_every_class():
    assert set(re.findall(r"\w+Error\b", errors.__doc__)) >= set(CLASSES)


def test_statuses_400_401_429_and_500_are_no_default_errors():
    with_status = {kind for kind in CLASSES.values() if kind.status_code}
    seeded = {kind for kind in with_status if kind.status_code in {400, 401, 429, 500}}
    assert all(issubclass(kind, errors.ChatError) for kind in with_status)
    assert {kind for kind in with_status if not issubclass(kind, errors.OpenRouterDefaultError)} == seeded


@pytest.mark.parametrize("kind", CLASSES.values(), ids=CLASSES)
def test_an_error_survives_pickling_and_copying(kind):
    partial = ChatResult.model_validate({"choices": [{"message": {"content": "paid"}}], "novel": 1})
    error = kind(
        "What happened",
        status_code=418,
        metadata={"a": [1]},
        headers={"h": "v"},
        retry_after=1.5,
        partial=partial,
    )
    error.add_note("a note")
    for twin in (pickle.loads(pickle.dumps(error)), copy.copy(error), copy.deepcopy(error)):  # noqa: S301 - made here
        assert type(twin) is kind
        assert vars(twin) == vars(error)
        status = "" if issubclass(kind, errors.ConfigurationError) else " (status 418)"
        assert str(twin) == str(error) == f"What happened{status}"
        assert twin.headers == {"H": "v"}
        assert twin.partial.text == "paid"


def test_an_error_without_a_status_shows_only_its_message():
    assert str(errors.NoResponseError("gone")) == "gone"


def test_a_class_with_a_status_has_it_by_itself():
    assert errors.NotFoundError("x").status_code == 404
    assert errors.UpstreamTimeoutError("x", status_code=504).status_code == 504


def test_metadata_and_headers_are_copies():
    given = {"a": "1"}
    error = errors.ChatError("x", metadata=given, headers=given)
    error.metadata["b"] = error.headers["b"] = "2"
    assert given == {"a": "1"}


def test_every_class_is_looked_at_by_a_test_of_the_client_or_of_the_replay():
    tests = Path(__file__).resolve().parent.parent
    folders = [
        *(tests / "unit" / name for name in ("client", "chat_bridge")),
        *(tests / "integration" / name for name in ("client", "conversation")),
    ]
    text = "".join(path.read_text() for folder in folders for path in folder.glob("test_*.py"))
    assert {name for name in CLASSES if not re.search(rf"\b{name}\b", text)} == set()
