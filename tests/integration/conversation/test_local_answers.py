"""Objects from a real language model: its grammar is the schema."""

import pytest
from pydantic import BaseModel, Field

from openrouter_nb import OpenRouter, stream
from openrouter_nb.simulator import Simulator

pytestmark = pytest.mark.local_model


class City(BaseModel):
    """A city."""

    name: str
    population: int = Field(ge=0)


@pytest.fixture(scope="module")
def client():
    with Simulator(local=True) as local, OpenRouter(server_url=local.base_url) as client:
        yield client


def test_what_the_local_model_writes_is_of_the_type_and_can_be_watched(client):
    pieces = stream(
        "Tell me about Lyon. Answer in JSON.",
        model="local/smollm2-135m-instruct",
        client=client,
        schema=City,
        temperature=0,
        max_tokens=300,
    )
    seen = [pieces.partial for _ in pieces]
    assert isinstance(pieces.answer.parsed, City)
    assert len({str(value) for value in seen}) > 3
