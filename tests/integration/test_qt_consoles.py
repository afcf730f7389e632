"""Consoles of Qt, without a screen: qtconsole, and Spyder with its own kernel."""

import pytest
from support.environments import interpreter
from support.qt_console import qt_console

PAUSES = [10, 20, 40, 60]
SLOW = "%chat -m demo/slow -p simulator.wait_ms=0 -p simulator.pace_ms=0 -p simulator.hold_after=[10,20,40,60] Hello"


def words(console):
    """Return the number of words of the answer."""
    return len(console.text.partition("\nThis is a simulated")[2].split())


@pytest.mark.parametrize(
    "kind",
    [
        pytest.param(kind, marks=pytest.mark.frontend(place, "load", "streams", "Stop"))
        for kind, place in (("qtconsole", "qtconsole"), ("spyder", "Spyder"))
    ],
)
def test_the_text_grows_until_an_interrupt_closes_the_request(simulator, tmp_path, kind):
    environment = {"OPENROUTER_BASE_URL": simulator.base_url}
    with qt_console(interpreter("spyder"), kind, tmp_path, environment) as console:
        assert "Traceback" not in console.run("%load_ext openrouter_nb")
        console.start(SLOW)
        sizes = [0]
        for pause in PAUSES:
            console.wait_for(lambda: words(console) > sizes[-1])
            sizes.append(words(console))
            assert [exchange.outcome for exchange in simulator.exchanges] == ["running"]
            if pause != PAUSES[-1]:
                simulator.release()
        console.interrupt()
        console.wait_for_prompt()
        simulator.wait_for_close()
        assert simulator.exchanges[-1].outcome == "client gone"
        assert "KeyboardInterrupt: the request was closed." in console.text

        said = console.run("%chat -m demo/error-402 Hello")
        assert "✗ Not enough credits\nThis request requires more credits" in said
        assert "PaymentRequiredError: Not enough credits (status 402)" in said
        assert "Traceback" not in said
        assert "A console has no panel" in console.run("from openrouter_nb import Playground\nPlayground()")
        said = console.run("%%chat --bg -m demo/parrot\nFrom the background")
        assert said.count("demo/parrot · Simulator") == 1
        assert "\n42\n" in console.run("print(6 * 7)")
