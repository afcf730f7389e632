"""Twenty presses on Stop and twenty interrupts in one page, with the newest ipykernel and with the one before."""

import statistics
import time

import pytest
from playwright.sync_api import expect
from support.kernel import python_path
from support.outputs import text_of

pytestmark = pytest.mark.browser

TIMES = 20
SILENT = "%%chat -m demo/stall -t 0.7 -s slowly\nHello"
NEXT = "6 * 7"
AFTER = "%%chat -m demo/echo\nAre you there?"
BEGUN = "Some text that was already paid for"

# When a press reached the page, by the clock of this machine.
WATCH_PRESSES = """() => {
    const note = () => { window.__pressed = Date.now(); };
    for (const kind of ["pointerdown", "keydown"]) window.addEventListener(kind, note, true);
}"""


@pytest.fixture(params=["7.4", "7.3"])
def lab(request, server, page, chat):
    """A notebook in JupyterLab with a kernel of one version of ipykernel."""
    name = f"ipykernel-{request.param}"
    server.add_kernel(name, {"PYTHONPATH": python_path(request.param)})
    if page.url.startswith(server.url):
        page.evaluate("() => window.jupyterapp?.serviceManager.kernelspecs.refreshSpecs()")
    opened = chat(SILENT, NEXT, AFTER, kernel=name)
    opened.execute_silently(
        f"import ipykernel; assert ipykernel.__version__.startswith({request.param!r}), ipykernel.__version__"
    )
    page.evaluate(WATCH_PRESSES)
    return opened


def press_stop(lab, _count):
    lab.stop(0)


def press_interrupt(lab, count):
    """In turn with the button of the toolbar and with the keys I I."""
    if count % 2:
        lab.page.locator(".jp-Toolbar-item[data-jp-item-name='interrupt']:visible").click()
    else:
        lab.command("notebook:enter-command-mode")
        lab.page.keyboard.press("i")
        lab.page.keyboard.press("i")


def seen_by_server(lab, simulator):
    """Milliseconds from the press until the server saw the connection closed, by us."""
    simulator.wait_for_close()
    exchange = simulator.exchanges[-1]
    assert exchange.outcome == "client gone"
    pressed = lab.page.evaluate("() => window.__pressed") / 1000
    return (exchange.closed_at + time.time() - time.monotonic() - pressed) * 1000


def often(lab, simulator, press, ending):
    """Ask, let it begin, press: the answer so far stays, with a word about its end, and the next cell works."""
    delays = []
    for count in range(TIMES):
        lab.start(0)
        lab.live(0).get_by_text(BEGUN).wait_for()
        press(lab, count)
        lab.wait()
        delays.append(seen_by_server(lab, simulator))
        outputs = lab.outputs(0)
        said = text_of(outputs)
        assert said.startswith(BEGUN)
        assert f"[{ending}" in said
        lines = [line for line in said.removeprefix(BEGUN).splitlines() if line.strip()]
        assert len(lines) <= 3, said
        expect(lab.live(0)).to_have_count(0)
        assert lab.run(1)[0]["data"]["text/plain"] == "42"
    median = statistics.median(delays)
    print(f"{ending} Median {median:.0f} ms, slowest {max(delays):.0f} ms, of {len(delays)}")
    return outputs


def test_every_press_closes_the_request_and_the_notebook_goes_on(lab, simulator):
    stopped = often(lab, simulator, press_stop, "Stopped.")
    assert [output["output_type"] for output in stopped] == ["display_data"]
    interrupted = often(lab, simulator, press_interrupt, "Interrupted.")
    assert interrupted[-1]["traceback"] == ["KeyboardInterrupt: the request was closed."]
    lab.run(2)
    assert simulator.requests[-1].body == {
        "model": "demo/echo",
        "messages": [{"role": "user", "content": "Are you there?"}],
        "stream": True,
    }
