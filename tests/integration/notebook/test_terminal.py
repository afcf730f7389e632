"""IPython in a terminal: the text as it comes, and Ctrl-C that closes the request."""

import os
import sys
from pathlib import Path

import pexpect
import pytest
from support.wire import until


class Terminal:
    """IPython in a pseudo-terminal."""

    def __init__(self, base_url):
        command = ["-m", "IPython", "--simple-prompt", "--no-banner", "--colors=NoColor", "--no-confirm-exit"]
        env = {**os.environ, "OPENROUTER_BASE_URL": base_url, "TERM": "dumb"}
        self.child = pexpect.spawn(sys.executable, command, env=env, encoding="utf8", timeout=30)
        self.prompt()

    def prompt(self):
        """Wait for the prompt; what was printed before it."""
        self.child.expect(r"In \[\d+\]: ")
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


@pytest.fixture
def terminal(simulator):
    terminal = Terminal(simulator.base_url)
    terminal.run("%load_ext openrouter_nb")
    yield terminal
    terminal.child.close(force=True)


def chat(options):
    return (f"%%chat {options}", "Hello", "", "")


def test_the_answer_is_text_and_nothing_in_it_reaches_the_terminal(terminal):
    said = terminal.run(*chat("-m demo/hostile -p simulator.pace_ms=0"))
    assert "A hostile answer" in said
    assert "demo/hostile · Simulator" in said
    assert "\x1b" not in said
    assert "'# A hostile answer'" in terminal.run("_.text[:18]")


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
