"""Each variant of a request that OpenRouter's OpenAPI document allows is on the wire as it was given to `chat.send`."""

import contextlib
import json

import pytest
from support.variants import fields, refusal, schemas, variants

from openrouter_nb.errors import ChatError, ConfigurationError

pytestmark = pytest.mark.filterwarnings("ignore:top_logprobs requires:UserWarning")
PROSE = {"description", "example", "deprecated"}


def without_prose(schema):
    if isinstance(schema, list):
        return [without_prose(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    kept = {key: without_prose(item) for key, item in schema.items() if key not in PROSE and key[:2] != "x-"}
    if isinstance(properties := schema.get("properties"), dict):  # whose names may be those of prose
        kept["properties"] = {name: without_prose(inner) for name, inner in properties.items()}
    return kept


def test_the_schemas_are_those_of_the_document(recordings):
    path = recordings.parent / "contract" / "openapi.json"
    if not path.is_file():
        pytest.skip("no contract beside the recordings")
    document = json.loads(path.read_text())["components"]["schemas"]
    assert {name: without_prose(document[name]) for name in schemas()} == schemas()


@pytest.mark.parametrize("name", sorted(fields()))
def test_each_variant_of_a_field_is_sent_as_it_is(client, simulator, name):
    for number, value in enumerate(variants(fields()[name])):
        messages = [{"role": "user", "content": str(number)}]
        call = {"messages": messages, "model": "demo/echo", "stream": False, name: value}
        if words := refusal({name: value}):
            with pytest.raises(ConfigurationError, match=words):
                client.chat.send(**call)
            continue
        # The simulator rejects some, such as unknown models: those have arrived, too.
        with contextlib.suppress(ChatError):
            answer = client.chat.send(**call)
            with answer if call["stream"] else contextlib.nullcontext():
                pass
        assert json.dumps(simulator.requests[-1].body, sort_keys=True) == json.dumps(call, sort_keys=True)
