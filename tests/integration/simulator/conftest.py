"""A client of the simulator that hides nothing: plain httpx, and events parsed in four lines."""

import json

import httpx
import pytest

HELLO = [{"role": "user", "content": "Hello"}]


class Client:
    """Sends chat requests to a simulator."""

    def __init__(self, simulator, model=None):
        self._http = httpx.Client(base_url=simulator.base_url, trust_env=False, timeout=30)
        self._model = model
        self.base_url = simulator.base_url

    def chat(self, model=None, *, headers=None, **fields):
        return self._http.post("/chat/completions", json=self.body(model, fields), headers=headers)

    def open(self, model=None, **fields):
        return self._http.stream(
            "POST", "/chat/completions", json=self.body(model, fields) | {"stream": True}
        )

    def body(self, model, fields):
        return {"model": model or self._model, "messages": HELLO} | fields

    def get(self, path, **options):
        return self._http.get(path, **options)

    def post(self, path, **options):
        return self._http.post(path, **options)

    def close(self):
        self._http.close()


def chunks(response):
    """The JSON of every data event, without `[DONE]`."""
    text = response if isinstance(response, str) else response.content.decode()
    data = [line.removeprefix("data: ") for line in text.split("\n") if line.startswith("data: ")]
    return [json.loads(item) for item in data if item != "[DONE]"]


def text_of(response):
    """The text of an answer in either mode."""
    if response.headers["content-type"] == "application/json":
        return response.json()["choices"][0]["message"]["content"]
    return "".join(
        choice["delta"]["content"] or "" for chunk in chunks(response) for choice in chunk["choices"]
    )


@pytest.fixture
def client(simulator):
    made = Client(simulator)
    yield made
    made.close()


@pytest.fixture(name="chunks")
def _chunks():
    return chunks


@pytest.fixture(name="text_of")
def _text_of():
    return text_of


@pytest.fixture(scope="session")
def client_of():
    """Make a client for another simulator than the usual one."""
    return Client
