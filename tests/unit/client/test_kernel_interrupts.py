"""A kernel's event loop wakes while a request waits, and no other does."""

import asyncio
import sys
import threading
import types

import pytest
from support.interrupting import interrupted_at

from openrouter_nb.client import kernel_interrupts


class Loop(asyncio.SelectorEventLoop):
    """Counts what is scheduled."""

    def __init__(self):
        super().__init__()
        self.scheduled = 0

    def call_later(self, delay, callback, *args, **options):
        self.scheduled += callback is kernel_interrupts._tick
        return super().call_later(delay, callback, *args, **options)


@pytest.fixture
def kernel(monkeypatch):
    monkeypatch.setitem(sys.modules, "ipykernel", types.ModuleType("ipykernel"))


def beats(*, requests=1):
    """How often the loop was woken while some requests waited until it was woken thrice, and a while after."""
    loop = Loop()

    async def wait():
        with kernel_interrupts.LoopWakeup():
            while loop.scheduled < 3:  # noqa: ASYNC110 - the loop's own clock is what is tested
                await asyncio.sleep(0.01)

    async def all_of_them():
        await asyncio.wait_for(asyncio.gather(*(wait() for _ in range(requests))), 20)
        while loop in kernel_interrupts._pending:  # noqa: ASYNC110 - as above
            await asyncio.sleep(0.01)

    with asyncio.Runner(loop_factory=lambda: loop) as runner:
        runner.run(all_of_them())
    return loop.scheduled


@pytest.mark.usefixtures("kernel")
def test_it_beats_while_one_waits_and_ends_with_the_last():
    assert beats() >= 3
    assert beats(requests=5) >= 3
    assert dict(kernel_interrupts._pending) == {}


@pytest.mark.usefixtures("kernel")
def test_it_beats_for_whoever_waits_after_an_interrupt_at_any_moment():
    loop = Loop()

    def enter_and_leave():
        with kernel_interrupts.LoopWakeup():
            pass

    async def until_woken():
        with kernel_interrupts.LoopWakeup():
            before = loop.scheduled
            while loop.scheduled == before:  # noqa: ASYNC110 - the loop's own clock is what is tested
                await asyncio.sleep(0.01)

    async def interrupted():
        nth, came = 0, True
        while came:
            nth += 1
            kernel_interrupts._pending.clear()
            came, _ = interrupted_at(nth, [kernel_interrupts], enter_and_leave, here=True)
            await asyncio.wait_for(until_woken(), 20)
        return nth

    with asyncio.Runner(loop_factory=lambda: loop) as runner:
        assert runner.run(interrupted()) > 5
    kernel_interrupts._pending.clear()


def test_it_leaves_other_threads_and_other_programs_alone(monkeypatch):
    async def scheduled():
        with kernel_interrupts.LoopWakeup():
            return dict(kernel_interrupts._pending)

    monkeypatch.delitem(sys.modules, "ipykernel", raising=False)
    assert asyncio.run(scheduled()) == {}
    monkeypatch.setitem(sys.modules, "ipykernel", types.ModuleType("ipykernel"))
    found = []
    thread = threading.Thread(target=lambda: found.append(asyncio.run(scheduled())))
    thread.start()
    thread.join()
    assert found == [{}]


def test_a_front_end_wakes_the_main_thread_of_any_program(monkeypatch):
    async def pending():
        with kernel_interrupts.LoopWakeup(ipykernel_only=False):
            return list(kernel_interrupts._pending.values())

    monkeypatch.delitem(sys.modules, "ipykernel", raising=False)
    assert asyncio.run(pending()) == [1]
    kernel_interrupts._pending.clear()
