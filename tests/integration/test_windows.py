"""What Windows lacks or does otherwise, emulated: interrupts without a signal, no fcntl, event loops without readers."""

import _thread
import asyncio
import subprocess
import sys
import threading

import pytest
from support.wire import until

from openrouter_nb import Chat, OpenRouter, Playground, achat, chat, run_tools, stream, tool
from openrouter_nb.client import background_loop
from openrouter_nb.notebook.cell.background import PendingAnswer

HELD = {"simulator": {"wait_ms": 0, "pace_ms": 0, "hold_after": 3}}
SLOW = {"model": "demo/slow", "extra_body": HELD}


@pytest.fixture(autouse=True)
def server(simulator, monkeypatch):
    monkeypatch.setenv("OPENROUTER_BASE_URL", simulator.base_url)
    return simulator


def read_events():
    with OpenRouter() as client:
        messages = [{"role": "user", "content": "Hi"}]
        with client.chat.send(model="demo/slow", messages=messages, stream=True, extra_body=HELD) as events:
            list(events)


def read_all():
    for _ in stream("Hi", **SLOW):
        pass


def wait_for_pending():
    future = background_loop.submit(lambda: achat("Hi", **SLOW))
    try:
        PendingAnswer(future).wait()
    finally:
        future.cancel()


def send_in_playground():
    playground = Playground(**SLOW)
    try:
        playground.send("Hi")
    finally:
        playground.close()


def wait_in_playground():
    playground = Playground(**SLOW)
    try:
        playground.send("Hi", wait=False)
        playground.wait()
    finally:
        playground.close()


@pytest.mark.frontend("Windows, emulated", "Stop")
@pytest.mark.parametrize(
    "call",
    [
        lambda: chat("Hi", **SLOW),
        lambda: Chat(**SLOW)("Hi"),
        lambda: run_tools("Hi", [], **SLOW),
        read_events,
        read_all,
        wait_for_pending,
        send_in_playground,
        wait_in_playground,
    ],
    ids=["chat", "Chat", "run_tools", "events", "stream", "pending", "panel-send", "panel-wait"],
)
def test_an_interrupt_without_a_signal_ends_the_wait_and_closes_the_request(simulator, call):
    """`interrupt_main()` of a kernel on Windows, and Ctrl-C there before Python 3.14, do not end the wait for a lock."""

    def interrupt():
        until(lambda: any(exchange.outcome == "running" for exchange in simulator.exchanges))
        _thread.interrupt_main()

    thread = threading.Thread(target=interrupt)
    thread.start()
    with pytest.raises(KeyboardInterrupt):
        call()
    thread.join()
    simulator.wait_for_close()
    assert simulator.exchanges[-1].outcome == "client gone"
    assert str(chat("Hello", model="demo/parrot")) == "Hello"


class LoopWithoutReaders(asyncio.SelectorEventLoop):
    """Has what ProactorEventLoop has: neither readers, nor writers, nor signal handlers.

    `remove_reader` and `remove_writer` stay: the loop calls them itself after a connection that did not succeed at once.
    """

    def _refuse(self, *_):
        raise NotImplementedError

    add_reader = add_writer = add_signal_handler = remove_signal_handler = _refuse


@pytest.mark.frontend("Windows, emulated", "streams")
def test_an_event_loop_without_readers_and_signal_handlers_is_enough(monkeypatch, simulator):
    @tool(approve="auto")
    def weather(city: str) -> str:
        """Return the weather."""
        return f"sunny in {city}"

    with asyncio.Runner(loop_factory=LoopWithoutReaders) as runner:
        assert str(runner.run(achat("Hello", model="demo/parrot"))) == "Hello"
    monkeypatch.setattr(background_loop, "_running", None)
    monkeypatch.setattr(asyncio, "new_event_loop", LoopWithoutReaders)
    assert str(chat("Hello", model="demo/parrot")) == "Hello"
    assert "".join(stream("Hello", model="demo/parrot")) == "Hello"
    pieces = iter(stream("Hi", **SLOW))
    assert next(pieces)
    assert simulator.exchanges[-1].outcome == "running"
    pieces.close()
    assert "sunny in Lyon" in str(run_tools("How is it in Lyon?", [weather], model="demo/tools"))
    assert type(background_loop.background_loop()) is LoopWithoutReaders
    background_loop._stop(background_loop._running)


# Modules of the standard library and attributes of `os` and `signal` that are not on Windows. asyncio and platformdirs use some of
# them on other systems. Without fcntl, filelock has no locks, and warns of that; on Windows it has.
POSIX_ONLY = """
import asyncio, os, platformdirs, signal, sys
for name in ("fcntl", "grp", "pty", "pwd", "resource", "syslog", "termios", "tty"):
    sys.modules[name] = None
for name in ("O_CLOEXEC", "O_NOFOLLOW", "O_NONBLOCK", "fork", "getpgid", "geteuid", "getuid", "killpg", "mkfifo",
             "register_at_fork", "setsid", "uname"):
    delattr(os, name)
for name in ("SIGALRM", "SIGHUP", "SIGKILL", "SIGUSR1", "pthread_kill", "setitimer"):
    delattr(signal, name)
"""

PROGRAM = """
from pathlib import Path
from openrouter_nb import Playground, Run, chat, history, run_tools, stream, tool

@tool(approve="auto")
def weather(city: str) -> str:
    "Return the weather."
    return f"sunny in {city}"

for _ in range(2):
    print(chat("Hello", model="demo/parrot", replay="auto").replayed)
print("".join(stream("Hello", model="demo/parrot")))
print("sunny in Lyon" in str(run_tools("How is it in Lyon?", [weather], model="demo/tools")))
playground = Playground(model="demo/parrot")
print(playground.send("Hello"))
playground.save_preset("one")
playground.load_preset("one")
print(playground.presets, [each.title for each in history.conversations()])
playground.close()
"""


@pytest.mark.frontend("Windows, emulated", "load")
def test_a_python_without_modules_and_functions_of_posix_is_enough(tmp_path):
    done = subprocess.run(  # noqa: PLW1510 - the output says more
        [sys.executable, "-W", "ignore:only soft file lock", "-c", POSIX_ONLY + PROGRAM],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        timeout=120,
    )
    assert (done.stdout, done.stderr) == ("False\nTrue\nHello\nTrue\nHello\n['one'] ['Hello']\n", "")
    assert (tmp_path / "notebook.openrouter.jsonl").read_bytes().count(b"\n") == 1
