"""Widgets of users whose page sends chat requests: what OpenRouter's TypeScript SDK sends and returns, without a key in the page."""

import json
import subprocess
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import expect
from support.playground import KEY
from support.react_widget import ASK, press_buttons, react_widget

pytestmark = pytest.mark.browser
both = pytest.mark.parametrize("server", ["lab", "notebook"], indirect=True)

JS = Path(__file__).resolve().parents[2] / "js"
MODEL = "openai/gpt-4o"

# The key is read from a file, so that the test does not send it to the kernel.
READ_KEY = "import os, pathlib\nos.environ['OPENROUTER_API_KEY'] = pathlib.Path('key.txt').read_text()"
CONNECTION = """
from openrouter_nb import ChatBridge, OpenRouter

class Connection(ChatBridge):
    _esm = '''
    import { connect } from "@openrouter-nb/client";
    export default {
      render({ model, el }) {
        globalThis.connection = connect(model);
        el.textContent = "connected";
      },
    };
    '''

w = Connection(**KEYWORDS)
w
"""
# Turns "Save Widget State Automatically" on or off.
SAVE_WIDGETS = "@jupyter-widgets/jupyterlab-manager:saveWidgetState"
SEND = """async (requests) => {
    const results = [];
    for (const request of JSON.parse(requests)) {
        const { ok, error } = await connection.chatSend(request);
        const { name, message, statusCode } = error ?? {};
        results.push({ ok, name, message, status: statusCode ?? null });
    }
    return results;
}"""
MARKDOWN = """
from openrouter_nb import ChatBridge

class Text(ChatBridge):
    _esm = '''
    import "@openrouter-nb/client/markdown";
    export default { render({ el }) { el.append(document.createElement("openrouter-markdown")); } };
    '''

Text(models="demo/parrot")
"""


class Service:
    """A server that records the bodies of requests, and gives one answer."""

    def __init__(self):
        self.bodies = []
        self.answer = {}

    @contextmanager
    def serve(self):
        service = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                service.bodies.append(self.rfile.read(int(self.headers["content-length"])).decode())
                body = service.answer["body"].encode()
                self.send_response(service.answer["status"])
                if service.answer["contentType"]:
                    self.send_header("content-type", service.answer["contentType"])
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/api/v1"
        finally:
            server.shutdown()
            server.server_close()


@pytest.fixture(scope="module")
def sdk(tmp_path_factory):
    """What the SDK sends and returns: `bodies` and `results`, written by `js/test/client/sdk-reference.ts`."""
    script = tmp_path_factory.mktemp("sdk") / "reference.mjs"
    bundle = ["--bundle", "--platform=node", "--format=esm", f"--outfile={script}", "--log-level=error"]
    esbuild = JS / "node_modules" / ".bin" / "esbuild"
    subprocess.run([esbuild, "test/client/sdk-reference.ts", *bundle], cwd=JS, check=True)
    return json.loads(subprocess.run(["node", script], capture_output=True, check=True).stdout)


@pytest.fixture
def connected(notebook):
    """Opens a notebook with a widget that offers its connection to the page: `connected("models=['demo/parrot']")`."""

    def open_notebook(keywords, **options):
        lab = notebook(READ_KEY, CONNECTION.replace("**KEYWORDS", keywords), **options)
        (lab.path.parent / "key.txt").write_text(KEY)
        lab.run(0)
        lab.run(1)
        expect(lab.output(1)).to_contain_text("connected")
        return lab

    return open_notebook


def test_requests_and_results_are_those_of_the_sdk(connected, sdk):
    service = Service()
    with service.serve() as url:
        fields = "'tools', 'plugins'"
        lab = connected(
            f"models=[{MODEL!r}, 'anthropic/claude-sonnet-4.5'], allow_fields=[{fields}], "
            f"client=OpenRouter(server_url={url!r}, retry_config=None)"
        )
        service.answer = sdk["results"][0]["answer"]
        requests = [each["request"] for each in sdk["bodies"]]
        results = lab.page.evaluate(SEND, json.dumps(requests))
        refused = [result for result in results if not result["ok"]]
        assert {result["message"] for result in refused} == set()
        assert len(requests) == 301
        assert service.bodies == [each["body"] for each in sdk["bodies"]]

        different = {}
        for expected in sdk["results"]:
            service.answer = expected["answer"]
            (result,) = lab.page.evaluate(SEND, json.dumps(requests[:1]))
            compared = ("ok",) if expected["name"] is None else ("ok", "name", "status")
            if any(result[name] != expected[name] for name in compared):
                different[expected["answer"]["name"]] = (result, expected["name"])
        # A result without a content type has been paid for, so it is a result here.
        assert different.keys() == {"200 without a type"}
        assert different["200 without a type"][0]["ok"]
        assert len({expected["name"] for expected in sdk["results"]}) == 4


@both
def test_a_stream_arrives_in_events_and_the_page_has_no_key(connected, simulator):
    lab = connected("models=['demo/reasoner', 'demo/parrot'], max_tokens=200, max_cost=0.002")
    traffic = lab.watch.traffic = []
    events = lab.page.evaluate(
        f"""async () => {{
            const request = ({ASK})("demo/reasoner", "Hello");
            const events = [];
            for await (const event of connection.stream(request)) events.push(event);
            return events;
        }}"""
    )
    (result,) = [event for event in events if event["type"] == "result"]
    assert result["result"]["ok"], result
    message = result["result"]["value"]["choices"][0]["message"]
    for type_, whole in (("text", message["content"]), ("reasoning", message["reasoning"])):
        pieces = [event["text"] for event in events if event["type"] == type_]
        assert "".join(pieces) == whole
        assert pieces
    sent = len(simulator.requests)
    for request, reason in (
        ("'demo/echo', 'Hi'", "model"),
        ("'demo/parrot', 'Hi', { maxTokens: 201 }", "max_tokens"),
        ("'demo/parrot', 'Hi', { models: ['demo/echo'] }", "model"),
        ("'demo/parrot', 'Hi', { plugins: [{ id: 'web' }] }", "plugins"),
        ("'demo/parrot', 'word '.repeat(20_000)", "cost"),
    ):
        error = lab.page.evaluate(
            f"""async () => {{
                const {{ error }} = await connection.chatSend(({ASK})({request}));
                return [error.name, error.reason];
            }}"""
        )
        assert error == ["BridgeRefusedError", reason]
    assert len(simulator.requests) == sent
    session = lab.page.context.new_cdp_session(lab.page)
    heap = []
    session.on("HeapProfiler.addHeapSnapshotChunk", lambda part: heap.append(part["chunk"]))
    session.send("HeapProfiler.takeHeapSnapshot", {"reportProgress": False})
    lab.command(SAVE_WIDGETS)
    saved = lab.save()
    lab.command(SAVE_WIDGETS)
    lab.watch.traffic = None
    (state,) = json.loads(saved)["metadata"]["widgets"].values()
    assert any("connected" in str(each) for each in state["state"].values())
    asked = {
        request.headers.get("authorization")
        for request in simulator.requests
        if request.path.endswith("completions")
    }
    assert asked == {f"Bearer {KEY}"}
    assert len(heap) > 10
    assert len(traffic) > 10
    for place in ("".join(heap), saved, lab.page.content(), *map(str, traffic)):
        assert KEY[9:] not in place


@pytest.mark.usefixtures("simulator")
def test_32_requests_mix_nothing_and_end_with_the_kernel(connected):
    lab = connected("models=['demo/parrot', 'demo/stall']")
    assert lab.page.evaluate(
        f"""async () => {{
            const texts = [...Array(32).keys()].map((number) => `text ${{number}} `.repeat(5).trim());
            const calls = texts.map((text) => connection.chatSend(({ASK})("demo/parrot", text, {{ stream: true }})));
            const results = await Promise.all(calls);
            return results.map((result) => result.value?.choices[0].message.content) + "" === texts + "";
        }}"""
    )
    lab.page.evaluate(
        f"""async () => {{
            const begun = [];
            globalThis.calls = [0, 1, 2].map((number) => {{
                let onEvent;
                begun.push(new Promise((resolve) => {{ onEvent = ({{ type }}) => type === "text" && resolve(); }}));
                return connection.chatSend(({ASK})("demo/stall", "Hi", {{ stream: true }}), {{ onEvent }});
            }});
            await Promise.all(begun);
            calls[1].abort();
        }}"""
    )
    assert lab.page.evaluate("async () => (await calls[1]).error.name") == "RequestAbortedError"
    assert (
        lab.page.evaluate(
            "async () => (await Promise.race([calls[0], calls[2], Promise.resolve('running')]))"
        )
        == "running"
    )
    lab.page.evaluate("() => window.__panel.sessionContext.session.kernel.restart()")
    names = lab.page.evaluate("async () => [(await calls[0]).error.name, (await calls[2]).error.name]")
    assert names == ["KernelDisconnectedError"] * 2


@both
def test_a_react_component_sees_the_states_of_the_sdks_hook(notebook, simulator):
    lab = notebook(react_widget(simulator.base_url))
    lab.run(0)
    press_buttons(lab.output(0).locator(".asker"))


@pytest.mark.usefixtures("simulator")
def test_the_markdown_element_renders_safely_and_survives_a_move(notebook):
    lab = notebook(MARKDOWN)
    lab.run(0)
    element = lab.output(0).locator("openrouter-markdown")
    element.evaluate(
        """async (element) => {
            element.streaming = true;
            const text = "A **bold** [link](https://a.example) <img src=x onerror=alert(1)>\\n\\n| a | b |\\n|---|---|\\n| 1 | 2 |";
            for (const piece of text.match(/.{1,7}/gs)) element.append(piece);
            element.streaming = false;
        }"""
    )
    expect(element.locator("strong")).to_have_text("bold")
    expect(element.locator("img")).to_have_count(0)
    expect(element.locator("td")).to_have_text(["1", "2"])
    for theme in ("JupyterLab Light", "JupyterLab Dark", "JupyterLab Light"):
        lab.theme(theme)
        link = element.get_by_role("link", name="link")
        expect(link).to_have_css("text-decoration-line", "underline")
        colors = [node.evaluate("(node) => getComputedStyle(node).color") for node in (link, element)]
        assert len(set(colors)) == 2, theme
    element.evaluate("(element) => element.parentElement.append(element)")
    element.evaluate("(element) => element.append('\\n\\nand more')")
    expect(element).to_contain_text("and more")
