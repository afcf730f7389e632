"""A kernel with widgets whose pages send chat requests, and a page that is only its messages."""

import itertools
import json

import pytest
from support.kernel import Kernel

from openrouter_nb.simulator import Simulator

KEY = "sk-or-v1-3c59dc048e8850243be8079a5c74d079"
SETUP = """
from openrouter_nb import ChatBridge, Limits, bridge, tool

class Widget(ChatBridge):
    _esm = "export default { render() {} }"

ran = []

def weather(city: str) -> str:
    '''Return the weather.

    Args:
        city: Name of the city.
    '''
    ran.append(city)
    return f"sunny in {city}"
"""


@pytest.fixture(scope="module")
def server():
    with Simulator(require_key=True) as simulator:
        yield simulator


@pytest.fixture(scope="module")
def kernel(server):
    with Kernel(env={"OPENROUTER_BASE_URL": server.base_url, "OPENROUTER_API_KEY": KEY}) as started:
        assert started.run(SETUP).reply["status"] == "ok"
        yield started


@pytest.fixture
def sent(server):
    """The bytes of the chat requests since the beginning of the test."""
    before = len(server.requests)

    def bodies():
        return [
            request.content
            for request in server.requests[before:]
            if request.path.endswith("/chat/completions")
        ]

    return bodies


def body(text="Hi", model="demo/parrot", **fields):
    """A body as a page sends it."""
    return json.dumps({"model": model, "messages": [{"role": "user", "content": text}], **fields})


class Page:
    """A page of one widget."""

    _ids = itertools.count(2**40)
    _runs = itertools.count(1)

    def __init__(self, kernel, comm):
        self.kernel = kernel
        self.comm = comm
        self.cell = kernel.start("None")  # receives the messages of all widgets until the end of the test
        self.cell.until(lambda: self.cell.reply)

    @property
    def messages(self):
        return self.cell.custom(self.comm)

    def send(self, kind, **fields):
        """Send a message with an id, and return the id."""
        message = {"openrouter": 1, "kind": kind, "id": next(self._ids), **fields}
        self.kernel.send_custom(self.comm, message)
        return message["id"]

    def chat(self, body, **fields):
        """Send a chat request; return its id and its run."""
        run = fields.pop("run", None) or f"run-{next(self._runs)}"
        return self.send("chat", run=run, body=body, **fields), run

    def replies(self, id_):
        return [each for each in self.messages if each["kind"] == "reply" and each["id"] == id_]

    def reply(self, id_):
        """Wait for a reply."""
        return self.cell.until(lambda: self.replies(id_))[0]

    def ask(self, kind, **fields):
        """Send a message and wait for its reply."""
        return self.reply(self.send(kind, **fields))

    def answer(self, body, **fields):
        """Send a chat request and wait for its reply."""
        return self.reply(self.chat(body, **fields)[0])

    def deltas(self, run):
        return [delta for delta in self.cell.deltas(self.comm) if delta["run"] == run]

    def calls(self, run):
        """The newest state of the tool calls of an answer."""
        return next((d["tool_calls"] for d in reversed(self.deltas(run)) if "tool_calls" in d), [])

    def waiting(self, run):
        """Wait for a tool call that waits for a decision, and return it."""
        return self.cell.until(
            lambda: next((call for call in self.calls(run) if call["state"] == "waiting"), None)
        )

    def tell(self, kind, **fields):
        """Send a message that has no reply."""
        self.kernel.send_custom(self.comm, {"openrouter": 1, "kind": kind, **fields})

    def python(self, expression):
        """Return the value of an expression of the kernel, as JSON values."""
        run = self.kernel.run(f"import json; print(json.dumps({expression}))")
        assert run.reply["status"] == "ok", run.text
        return json.loads(run.text)


@pytest.fixture
def page(kernel):
    """Create a widget, named `w` in the kernel, and return its page: `page("models='demo/parrot'")`.

    KEYWORDS in `code` is replaced.
    """
    pages = []

    def create(keywords="models='demo/parrot'", code="w = Widget(KEYWORDS)"):
        run = kernel.run(f"ran.clear()\n{code.replace('KEYWORDS', keywords)}\nprint(w.model_id)")
        assert run.reply["status"] == "ok", run.text
        pages.append(Page(kernel, run.text.strip()))
        return pages[-1]

    yield create
    for each in pages:
        kernel.runs.remove(each.cell)
    kernel.run("w.close()")
