"""Pages with the Content-Security-Policy of VS Code's notebooks: none by default, and the one of its setting
`notebook.experimental.enableCsp`, which refuses modules from blob URLs and with them every anywidget.
"""

import base64
import json
import re

import pytest
from playwright.sync_api import Error, expect
from support.kernel import Kernel

from openrouter_nb.live.answer import LiveAnswer
from openrouter_nb.live.views.widget import LiveWidget

pytestmark = pytest.mark.browser

# Source: microsoft/vscode, src/vs/workbench/contrib/notebook/browser/view/renderers/backLayerWebView.ts (generateContent) and
# src/vs/workbench/contrib/webview/common/webview.ts (webviewGenericCspSource), read in November 2026. VS Code's page gets its
# messages from the window around it, and JupyterLab's by requests to its server: `connect-src` has 'self' in addition.
SOURCE = "'self' https://*.vscode-cdn.net"
POLICY = f"""
    default-src 'none';
    script-src {SOURCE} 'unsafe-inline' 'unsafe-eval';
    style-src {SOURCE} 'unsafe-inline';
    img-src {SOURCE} https: http: data:;
    font-src {SOURCE} https:;
    connect-src https: 'self';
    child-src https: data:;
"""
META = f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
OUTER = '<iframe sandbox="allow-same-origin allow-pointer-lock allow-scripts allow-downloads allow-forms" src="inner"></iframe>'
INNER = '<html lang="en"><head>{policy}</head><body style="overflow: hidden"><div id="container" class="widgetarea"></div></body></html>'

# As anywidget does it: `loadEsm` and `AnyView` of its `widget.js`, version 0.11.
SHOW = """async ({ esm, module, snapshot }) => {
    const url = URL.createObjectURL(new Blob([esm], { type: "text/javascript" }));
    const factory = (await import(url)).default;
    const bytes = Uint8Array.from(atob(module), (character) => character.charCodeAt(0));
    const state = { module: new DataView(bytes.buffer), snapshot };
    window.sent = [];
    const handlers = [];
    window.receive = (content) => handlers.forEach((handler) => handler(content, []));
    const model = {
        get: (name) => state[name],
        on: (event, handler) => { if (event === "msg:custom") handlers.push(handler); },
        off() {},
        set() {},
        save_changes() {},
        send: (message) => sent.push(message),
    };
    const widget = factory();
    widget.initialize({ model });
    await widget.render({ model, el: document.getElementById("container") });
}"""


@pytest.fixture
def webview(tab, server):
    """Opens a page as the one in which VS Code shows outputs: in a sandboxed frame. Returns the frame."""

    def open_frame(policy):
        bodies = {"outer": OUTER, "inner": INNER.format(policy=policy)}

        def answer(route):
            body = bodies[route.request.url.rpartition("/")[2]]
            route.fulfill(body=body, content_type="text/html")

        tab.page.route(f"{server.url}/webview/*", answer)
        tab.page.goto(f"{server.url}/webview/outer")
        return tab.page.frames[1]

    yield open_frame
    tab.page.unroute_all()
    tab.page.goto("about:blank")


@pytest.fixture
def live_view():
    """The state of a live view, as the kernel sends it."""
    answer = LiveAnswer("0", "demo/parrot")
    answer.append(text="The sky is **blue**.")
    answer.update(phase="answering")
    answer.take_delta()  # the snapshot has what was sent
    widget = LiveWidget(answer.snapshot, carries_module=True)
    state = widget.get_state()
    yield {
        "esm": state["_esm"],
        "module": base64.b64encode(state["module"]).decode(),
        "snapshot": state["snapshot"],
    }
    widget.close()


@pytest.mark.frontend("VS Code, emulated", "load")
def test_the_webview_takes_the_loader_the_compressed_bundle_and_the_styles(webview, live_view):
    frame = webview("")
    frame.evaluate(SHOW, live_view)
    view = frame.locator(".orn-live")
    expect(view.locator("strong")).to_have_text("blue")
    assert frame.evaluate("() => sent.map((message) => message.kind)") == ["ready", "shown"]
    # From the styles of the bundle.
    expect(view).to_have_css("container-type", "inline-size")


@pytest.mark.frontend("VS Code, emulated", "streams", "Stop")
def test_the_answer_of_a_kernel_grows_in_the_webview_and_its_stop_button_closes_the_request(
    webview, live_view, simulator
):
    frame = webview("")
    sentence = "This is a simulated answer that goes on and on, word after word, as long models do."
    words = sentence.split() * 3
    with Kernel(env={"OPENROUTER_BASE_URL": simulator.base_url}) as kernel:
        kernel.run("%load_ext openrouter_nb")
        run = kernel.start(
            "%%chat -m demo/slow -p simulator.wait_ms=0 -p simulator.hold_after=[10,20,40]\nHello",
            cell_id="a",
        )
        (comm,) = run.until(run.comms)
        opened = next(
            each.content["data"]["state"] for each in run.published if each.content.get("comm_id") == comm
        )
        frame.evaluate(SHOW, {**live_view, "esm": opened["_esm"], "snapshot": opened["snapshot"]})
        body = frame.locator(".orn-live .orn-body")
        received = 0

        def shows(text):
            """Pass the messages on in both directions, as the extension host does, and look at the page."""
            nonlocal received
            for message in frame.evaluate("() => sent.splice(0)"):
                kernel.send_custom(comm, message)
            new = run.custom(comm)[received:]
            received += len(new)
            for content in new:
                frame.evaluate("(content) => receive(content)", content)
            return body.text_content().strip() == text

        for pause in (10, 20, 40):
            run.until(lambda: shows(" ".join(words[:pause])))  # noqa: B023 - called in this iteration
            if pause < 40:
                simulator.release()
        assert simulator.exchanges[-1].outcome == "running"
        frame.get_by_role("button", name="Stop generating").click()
        run.until(lambda: shows(" ".join(words[:40])) and run.reply)
        simulator.wait_for_close()
        assert simulator.exchanges[-1].outcome == "client gone"
        assert run.finish()["status"] == "ok"
        assert "Stopped." in run.text


def test_the_webview_with_the_policy_refuses_the_module_and_nothing_is_sent(webview, live_view):
    frame = webview(META)
    with pytest.raises(Error, match="Failed to fetch dynamically imported module: blob:"):
        frame.evaluate(SHOW, live_view)
    assert frame.evaluate("() => window.sent") is None


@pytest.fixture
def refuse_modules(tab):
    """Adds the policy to the page, as VS Code has it: in a `meta` element."""
    yield lambda: tab.page.evaluate(
        """(policy) => {
            const meta = document.createElement("meta");
            Object.assign(meta, { httpEquiv: "Content-Security-Policy", content: policy });
            document.head.append(meta);
        }""",
        POLICY,
    )
    tab.is_spoiled = True  # a policy cannot be removed


@pytest.mark.frontend("VS Code with `enableCsp`, emulated", "load", "streams", "Stop")
def test_where_modules_are_refused_answers_grow_and_the_panel_says_why_it_is_not_shown(
    chat, simulator, refuse_modules
):
    # Each update of a display has 1.6 times the text of the one before.
    sentences = {10: 1, 20: 2, 40: 3, 80: 5}
    pauses = json.dumps([*sentences], separators=(",", ":"))
    ask = f"%%chat -m demo/slow -p simulator.wait_ms=0 -p simulator.pace_ms=0 -p simulator.hold_after={pauses}\nHello"
    lab = chat(
        ask,
        ask,
        "from openrouter_nb import Playground\np = Playground('demo/parrot')\np",
        "p.send('Is it **there**?')\nNone",
    )
    lab.execute_silently("from openrouter_nb.playground import display\ndisplay._UNSEEN_S = 0.5")
    refuse_modules()
    for cell in (0, 1):
        lab.start(cell)
        for pause, count in sentences.items():
            expect(lab.output(cell)).to_have_text(re.compile(rf"(This is a.*){{{count}}}", re.DOTALL))
            if pause < 80:
                simulator.release()
            # The second answer does not wait for a page, and shows no error before it.
            assert cell == 0 or "javascript error" not in lab.output(cell).inner_text()
        assert lab.live(cell).count() == 0
        lab.interrupt()
        lab.wait()
        assert simulator.exchanges[-1].outcome == "client gone"
        expect(lab.output(cell)).to_contain_text("Interrupted")

    lab.run(2)
    expect(lab.output(2)).to_contain_text("notebook.experimental.enableCsp")
    lab.run(3)
    expect(lab.output(2).locator("strong", has_text="there")).to_have_count(2)
    assert lab.page.locator(".orn-pg").count() == 0
    assert [text for text in lab.watch.complaints if "violates the following Content Security Policy" in text]
    # anywidget reports a module that it could not load, and fails again when its model is closed.
    lab.close()
    known = ("Failed to fetch dynamically imported module", "dispose is not a function")
    assert [error for error in lab.watch.errors if not error.startswith(known)] == []
    lab.watch.errors.clear()
