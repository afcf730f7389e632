"""A server that answers each row by what it says."""

import collections
import json
import threading

import pytest
from support.wire import WAIT, RawServer, events, reply, say

from openrouter_nb import OpenRouter

PRICE = 0.01


class Rows:
    """Answers `Say X` with X. `Say 404 …` is refused with that status, `Say busy …` with 429 once, `Say wait` never ends while
    `waits`.

    Attributes:
        asked: What was asked, in the order of arrival.
        most: Requests that were open at once, at most.
    """

    def __init__(self):
        self.asked = []
        self.most = 0
        self.waits = True
        self.held = threading.Event()
        self.held.set()
        self._open = 0
        self._seen = collections.Counter()
        self._lock = threading.Lock()
        self.server = RawServer((self._answer,))
        self.base_url = self.server.base_url

    def _answer(self, request):
        if request.body is None:  # GET /models: no price is known
            return refuse(404)
        said = request.body["messages"][-1]["content"].removeprefix("Say ")
        with self._lock:
            self.asked.append(said)
            self._seen[said] += 1
            self._open += 1
            self.most = max(self.most, self._open)
        try:
            self.held.wait(30)
            return self._reply(said)
        finally:
            with self._lock:
                self._open -= 1

    def _reply(self, said):
        if said == "wait" and self.waits:
            return WAIT
        word = said.split()[0]
        if word.isdecimal():
            return refuse(int(word))
        if word == "busy" and self._seen[said] == 1:
            return refuse(429, "Retry-After: 0.05\r\n")
        usage = {"prompt_tokens": 3, "completion_tokens": 1, "total_tokens": 4, "cost": PRICE}
        return reply(events(say(said), say("", "stop") | {"usage": usage}))


def refuse(status, headers=""):
    body = json.dumps({"error": {"code": status, "message": f"refused with {status}"}}).encode()
    return reply(body, status=f"{status} X", kind="application/json", headers=headers)


@pytest.fixture
def rows():
    made = Rows()
    yield made
    made.held.set()
    made.server.close()


@pytest.fixture(autouse=True)
def where(rows, monkeypatch, tmp_path):
    monkeypatch.setenv("OPENROUTER_BASE_URL", rows.base_url)
    monkeypatch.setenv("OPENROUTER_NB_MODEL", "demo/parrot")
    monkeypatch.setenv("OPENROUTER_NB_LIVE", "0")
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def once(rows):
    """A client that repeats nothing."""
    with OpenRouter(server_url=rows.base_url, retry_config=None) as client:
        yield client
