"""Playgrounds that talk to the simulator, and a page that is only its messages."""

import itertools
import threading

import pytest

from openrouter_nb import Playground


@pytest.fixture(autouse=True)
def server(simulator, monkeypatch):
    monkeypatch.setenv("OPENROUTER_BASE_URL", simulator.base_url)
    opened = set()  # holds them, as a notebook's variables do
    monkeypatch.setattr("openrouter_nb.playground.shutdown.open_playgrounds", opened)
    yield simulator
    for playground in list(opened):
        playground._controller.panel = None
        playground.close()


@pytest.fixture
def sent(simulator):
    """The bodies that were sent so far."""

    def bodies():
        return [request.body for request in simulator.requests if request.path.endswith("/chat/completions")]

    return bodies


# A page begins at a random number.
_FIRST_IDS = itertools.count(1, 10_000)


class Page:
    """What a browser would be: it gets what the kernel sends, and says what a person does."""

    def __init__(self, playground):
        self.controller = playground._controller
        self.controller.panel = self
        self.state = {}
        self.messages = []
        self._ids = itertools.count(next(_FIRST_IDS))
        self._uploads = itertools.count(1)
        self._news = threading.Condition()
        self.show(self.controller.panel_traits())

    def show(self, state):
        with self._news if hasattr(self, "_news") else threading.Lock():
            self.state = {**self.state, **state}
            self._news.notify_all()

    def send(self, content, buffers=None):
        with self._news:
            self.messages.append((content, buffers or []))
            self._news.notify_all()

    def send_module(self):
        self.send({"kind": "module", "v": 1})

    def tell(self, kind, /, *, buffers=(), **fields):
        """Send a message and return the problem of its acknowledgement, or the value of its reply."""
        id_ = next(self._ids)
        self.controller.receive({"v": 1, "id": id_, "kind": kind, **fields}, buffers)
        answer, _ = self.wait_for(lambda: self._answer(id_))
        if answer["kind"] == "ack":
            return answer["problem"]
        assert answer["problem"] == "", answer["problem"]
        return answer["value"]

    def op(self, word, /, *, buffers=(), **fields):
        return self.tell("op", op=word, buffers=buffers, **fields)

    def attach(self, data, name, item=None, piece=2**20):
        """Upload a file in pieces and attach it. Return the first problem."""
        upload = f"x{next(self._uploads)}"
        for at in range(0, len(data) or 1, piece):
            if problem := self.op("upload", upload=upload, at=at, buffers=[data[at : at + piece]]):
                return problem
        return self.op("attach", item=item, name=name, upload=upload)

    def ask(self, word, /, **fields):
        return self.tell("ask", ask=word, **fields)

    def wait_for(self, condition, timeout=30):
        with self._news:
            assert self._news.wait_for(condition, timeout), "nothing of the kind came"
            return condition()

    def ended(self):
        """Wait until nothing is being written."""
        self.wait_for(lambda: not any(column["run"] for column in self.state["columns"]))

    def deltas(self):
        return [
            d for content, _ in list(self.messages) if content["kind"] == "deltas" for d in content["deltas"]
        ]

    def texts(self):
        """The conversation as it stands in the panel: role and text of each card."""
        return [
            (item["role"], "".join(part.get("text", "") for part in card["parts"]))
            for item in self.state["thread"]
            for card in item["cards"]
        ]

    def column(self, index=0):
        return self.state["columns"][index]

    def last_item(self):
        return self.state["thread"][-1]["id"]

    def _answer(self, id_):
        for content, buffers in self.messages:
            if content["kind"] in ("ack", "reply") and content["id"] == id_:
                return content, buffers
        return None


@pytest.fixture
def panel():
    """Open a playground with a page that looks at it: `panel(model=..., ...)` returns both."""

    def open_(model="demo/parrot", **given):
        playground = Playground(model, **given)
        return playground, Page(playground)

    return open_
