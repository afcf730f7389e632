"""IPython in a terminal, `jupyter console` and Python itself: the text as it comes, and Ctrl-C that closes the request."""

import os
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import pexpect
import pytest
from support.kernel import Kernel
from support.wire import until

IPYTHON = ["-m", "IPython", "--simple-prompt", "--no-banner", "--colors=NoColor", "--no-confirm-exit"]
CONSOLE = ["-m", "jupyter_console", "--simple-prompt", "--no-confirm-exit", "--kernel", "python3"]
PYTHON = ["-q"]

# Paused four times, with the same sentence before each pause.
PAUSES = [20, 40, 60, 80]
MAGIC = f"%chat -m demo/slow -p simulator.wait_ms=0 -p simulator.pace_ms=0 -p simulator.hold_after={PAUSES} Hello".replace(
    ", ", ","
)
LOOP = (
    f"for piece in stream('Hello', model='demo/slow', extra_body={{'simulator': {{'wait_ms': 0, 'pace_ms': 0, 'hold_after': {PAUSES}}}}}):"
    " print(piece, end='', flush=True)"
)


class Terminal:
    """A program in a pseudo-terminal: IPython, Python, or `jupyter console`, which reads single lines here."""

    def __init__(self, base_url, command, env=None):
        env = {**os.environ, "OPENROUTER_BASE_URL": base_url, "TERM": "dumb", **(env or {})}
        self.child = pexpect.spawn(sys.executable, command, env=env, encoding="utf8", timeout=30)
        self._prompt = ">>> " if command == PYTHON else r"In \[\d+\]: "
        self.prompt()
        if command == CONSOLE:
            # jupyter_console waits for a status on its second socket, which may connect after the prompt: ZeroMQ tries
            # again each 100 ms. A line that is typed before then waits without limit (seen once).
            time.sleep(1)

    def prompt(self):
        """Wait for the prompt; what was printed before it."""
        self.child.expect(self._prompt)
        return self.child.before

    def run(self, *lines):
        """Type lines and wait for the next prompt."""
        self.type(*lines)
        return self.prompt()

    def interrupt_input(self):
        """Press Ctrl-C while `input()` waits.

        CPython loses a signal that comes after `input()` has written its prompt and before it reads (seen in 4 of 88 runs
        with load), so on Linux this waits until the thread sleeps.
        """
        state = Path(f"/proc/{self.child.pid}/task/{self.child.pid}/stat")
        if state.exists():
            until(lambda: state.read_text().rpartition(")")[2].split()[0] == "S")
        self.child.sendintr()

    def type(self, *lines):
        """Type lines."""
        for line in lines:
            self.child.sendline(line)


@contextmanager
def opened(simulator, command, env=None):
    terminal = Terminal(simulator.base_url, command, env)
    terminal.run("from openrouter_nb import Playground, chat, stream")
    if command != PYTHON:
        terminal.run("%load_ext openrouter_nb")
    yield terminal
    terminal.child.close(force=True)


@pytest.fixture
def terminal(simulator):
    with opened(simulator, IPYTHON) as terminal:
        yield terminal


@pytest.fixture(params=[IPYTHON, CONSOLE], ids=["ipython", "jupyter-console"])
def either(simulator, request):
    with opened(simulator, request.param) as terminal:
        yield terminal


def chat(options):
    return (f"%%chat {options}", "Hello", "", "")


def test_the_answer_is_text_and_nothing_in_it_reaches_the_terminal(terminal):
    said = terminal.run(*chat("-m demo/hostile -p simulator.pace_ms=0"))
    assert "A hostile answer" in said
    assert "demo/hostile · Simulator" in said
    assert "\x1b" not in said
    assert "'# A hostile answer'" in terminal.run("_.text[:18]")


def test_characters_that_the_terminal_lacks_are_escapes(simulator):
    with opened(simulator, IPYTHON, {"PYTHONIOENCODING": "ascii"}) as terminal:
        said = terminal.run(*chat("-m demo/tour"))
        assert "| Rh\\xf4ne |" in said
        assert "[demo/tour \\xb7 Simulator" in said
        assert "\\u2717 Not enough credits" in terminal.run(*chat("-m demo/error-402"))
        assert "True" in terminal.run("'Rh\\xf4ne' in _.text")
        terminal.run("%unload_ext openrouter_nb")
        assert "strict" in terminal.run("import sys; sys.stdout.errors")


def test_ctrl_c_closes_the_request_and_keeps_what_arrived(terminal, simulator):
    terminal.type(
        *chat("-m demo/slow -p simulator.wait_ms=0 -p simulator.pace_ms=30 -p simulator.hold_after=60")
    )
    terminal.child.expect("simulated answer")
    terminal.child.sendintr()
    said = terminal.prompt()
    assert "[Interrupted." in said
    assert "KeyboardInterrupt: the request was closed." in said
    assert "Traceback" not in said
    simulator.wait_for_close()
    assert simulator.exchanges[-1].outcome == "client gone"


def test_a_call_of_a_tool_is_asked_about_at_the_prompt(terminal):
    terminal.run("def weather(city: str) -> str: return 'sunny in ' + city", "")
    terminal.type("%%chat -m demo/tools --tools weather", "How is it in Lyon?", "", "")
    terminal.child.expect("refuse .n.\\? ")
    asked = terminal.child.before
    assert "weather(city: str) -> str" in asked
    assert '"city": "Lyon"' in asked
    assert "sunny in Lyon" in terminal.run("r")


def test_ctrl_c_at_the_prompt_ends_the_question(terminal, simulator):
    terminal.run("def weather(city: str) -> str: return 'sunny in ' + city", "")
    terminal.type("%%chat -m demo/tools --tools weather", "How is it in Lyon?", "", "")
    terminal.child.expect("refuse .n.\\? ")
    terminal.interrupt_input()
    assert "KeyboardInterrupt: the request was closed." in terminal.prompt()
    assert terminal.run("print(6 * 7)").strip().endswith("42")
    assert len(simulator.exchanges) == 1


def test_an_error_is_a_box_of_text_and_one_line(terminal):
    said = terminal.run(*chat("-m demo/error-402"))
    assert "✗ Not enough credits" in said
    assert "PaymentRequiredError: Not enough credits (status 402)" in said
    assert "Traceback" not in said


def test_several_models_are_written_one_after_the_other(terminal):
    said = terminal.run(*chat("-m demo/parrot,demo/error-402,demo/reasoner"))
    for written in (
        "── demo/parrot ──",
        "── demo/error-402 ──",
        "── demo/reasoner ──",
        "_.keep('demo/parrot')",
    ):
        assert said.count(written) == 1
    assert "Traceback" not in said
    assert "<Comparison" not in said
    assert "'Hello'" in terminal.run("_['demo/parrot'].text")


def test_the_answer_arrives_as_text_and_leaves_no_empty_output(either, simulator):
    paused = "-p simulator.wait_ms=0 -p simulator.pace_ms=0 -p simulator.hold_after=60"
    either.type(f"%chat -m demo/slow {paused} Hello")
    either.child.expect("simulated answer")
    simulator.release()
    said = either.prompt()
    assert "demo/slow · Simulator" in said
    assert "Out[" not in said
    assert "being asked" not in said
    assert "Hello" in either.run("%chat -m demo/parrot --once -o reply Hello")
    said = either.run("reply")
    assert said.count("demo/parrot · Simulator") == 1
    assert "Out[" not in said
    assert "42" in either.run("6 * 7")


def frontend(place):
    return pytest.mark.frontend(place, "load", "streams", "Stop")


@pytest.mark.parametrize(
    ("command", "lines"),
    [
        pytest.param(IPYTHON, [MAGIC], marks=frontend("IPython")),
        pytest.param(CONSOLE, [MAGIC], marks=frontend("jupyter console")),
        (IPYTHON, [LOOP, ""]),
        (CONSOLE, [LOOP]),
        pytest.param(PYTHON, [LOOP, ""], marks=frontend("Python")),
    ],
    ids=["ipython", "jupyter-console", "ipython-loop", "jupyter-console-loop", "python-loop"],
)
def test_the_text_grows_until_ctrl_c_closes_the_request(simulator, command, lines):
    with opened(simulator, command) as terminal:
        terminal.type(*lines)
        for pause in PAUSES:
            terminal.child.expect("simulated answer that goes on")
            assert [exchange.outcome for exchange in simulator.exchanges] == ["running"]
            if pause != PAUSES[-1]:
                simulator.release()
        terminal.child.sendintr()
        assert "KeyboardInterrupt" in terminal.prompt()
        simulator.wait_for_close()
        assert simulator.exchanges[-1].outcome == "client gone"
        assert terminal.run("print(6 * 7)").strip().endswith("42")


def test_python_itself_shows_answers_and_errors_as_text(simulator):
    with opened(simulator, PYTHON) as terminal:
        assert "<Answer of demo/parrot: 'Hello'>" in terminal.run("chat('Hello', model='demo/parrot')")
        assert "PaymentRequiredError: " in terminal.run("chat('Hello', model='demo/error-402')")
        assert "<Playground of demo/parrot: 0 messages, idle>" in terminal.run("Playground('demo/parrot')")
        terminal.type("chat('Hello', model='demo/slow', extra_body={'simulator': {'wait_ms': 0}})")
        until(lambda: simulator.exchanges[-1].outcome == "running")
        terminal.child.sendintr()
        assert "KeyboardInterrupt" in terminal.prompt()
        simulator.wait_for_close()
        assert simulator.exchanges[-1].outcome == "client gone"


def test_an_error_is_shown_as_text(either):
    said = either.run("%chat -m demo/error-402 Hello")
    assert "✗ Not enough credits" in said
    assert "PaymentRequiredError: Not enough credits (status 402)" in said
    assert "The cell was not sent" in either.run("%chat --temprature 1 Hello")


def test_a_call_of_a_tool_is_asked_about(either):
    either.run("def weather(city: str) -> str: return 'sunny in ' + city", "")
    either.type("%chat -m demo/tools --tools weather How is it in Lyon?")
    either.child.expect("refuse .n.\\? ")
    assert '"city": "Lyon"' in either.child.before
    assert "sunny in Lyon" in either.run("r")


def test_prices_have_plain_dollar_signs(either):
    either.run("%chat -m demo/parrot Hello")
    said = either.run("%chat_cost")
    assert "| $0.0" in said
    assert "\\$" not in said


def test_the_playground_says_where_it_opens(either):
    said = either.run("Playground()")
    assert "opens in JupyterLab, Notebook 7, VS Code and Colab" in said
    assert "Out[" not in said
    assert "PanelWidget" not in said


def test_qtconsole_shows_an_answer_as_text_while_it_arrives(simulator):
    """It shows streams, and the plain text of displays and results; it ignores updates of displays, and widgets."""
    with Kernel(env={"OPENROUTER_BASE_URL": simulator.base_url}, console=True) as kernel:

        def shown(run):
            kinds = ("stream", "display_data", "execute_result", "error")
            parts = [message.content for message in run.published if message.type in kinds]
            return "".join(
                part.get("text") or part.get("data", {}).get("text/plain", "") or "".join(part["traceback"])
                for part in parts
            )

        kernel.run("%load_ext openrouter_nb")
        run = kernel.start(
            "%%chat -m demo/slow -p simulator.wait_ms=0 -p simulator.pace_ms=0 -p simulator.hold_after=60\nHi"
        )
        run.until(lambda: "simulated answer" in shown(run))
        simulator.release()
        run.finish()
        assert shown(run).count("demo/slow · Simulator") == 1
        assert not [message for message in run.published if message.type.startswith("comm_")]
        background = kernel.run("%%chat --bg -m demo/parrot\nHello")
        assert "demo/parrot · Simulator" in shown(background)
        failed = kernel.run("%%chat -m demo/parrot,demo/error-402\nHello")
        assert "✗ Not enough credits" in shown(failed)
        assert "── demo/parrot ──" in shown(failed)
        # A notebook that is connected to the same kernel has its live view.
        cell = kernel.run("%%chat -m demo/parrot\nHello", cell_id="a")
        assert cell.comms() or any(message.type == "update_display_data" for message in cell.published)
