"""The one timer of a stream: it ends a wait as `asyncio.timeout` would."""

import asyncio
import types

import pytest

from openrouter_nb.client.streaming.idle_timeout import IdleTimeout


def patience(seconds):
    made = IdleTimeout()
    made.remaining_s = seconds
    return made


def test_a_wait_that_lasts_too_long_is_a_timeout_and_leaves_no_cancellation():
    async def wait():
        with pytest.raises(TimeoutError), patience(0.01):
            await asyncio.Event().wait()
        assert asyncio.current_task().cancelling() == 0
        await asyncio.sleep(0)

    asyncio.run(wait())


def test_many_waits_share_one_timer():
    async def wait():
        waits = patience(60)
        timers = []  # kept, so that no id is used twice
        for _ in range(20):
            waits.remaining_s = 60
            with waits:
                await asyncio.sleep(0.001)
            timers.append(waits._timer)
        assert len(set(map(id, timers))) == 1
        waits.remaining_s = 0.01
        with pytest.raises(TimeoutError), waits:
            await asyncio.Event().wait()

    asyncio.run(wait())


def test_less_time_than_the_timer_was_set_for_moves_it():
    async def wait():
        waits = patience(60)
        with waits:
            await asyncio.sleep(0)
        waits.remaining_s = 0.01
        with pytest.raises(TimeoutError), waits:
            await asyncio.Event().wait()

    asyncio.run(asyncio.wait_for(wait(), 10))


def test_time_between_the_waits_does_not_count():
    async def wait():
        waits = patience(0.5)
        for pause in (0.6, 0):
            with waits:
                await asyncio.sleep(0)
            assert not waits.is_expired()
            await asyncio.sleep(pause)

    asyncio.run(wait())


def test_no_time_at_all_ends_the_first_wait():
    async def wait():
        with pytest.raises(TimeoutError), patience(-1):
            await asyncio.Event().wait()

    asyncio.run(asyncio.wait_for(wait(), 10))


@pytest.mark.parametrize("rings", [False, True])
def test_a_cancellation_from_outside_stays_one(rings):
    waits = patience(60)

    async def wait():
        with waits:
            await asyncio.Event().wait()

    async def main():
        task = asyncio.ensure_future(wait())
        await asyncio.sleep(0)
        task.cancel()
        if rings:
            waits._deadline = 0
            waits._timer.cancel()
            waits._on_timer()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert task.cancelled()

    asyncio.run(main())


def test_an_exception_of_the_wait_passes_through():
    async def wait():
        with pytest.raises(ZeroDivisionError), patience(60):
            raise ZeroDivisionError

    asyncio.run(wait())


def test_nothing_is_left_after_the_end():
    async def wait():
        waits = patience(60)
        with waits:
            await asyncio.sleep(0)
        waits.cancel()
        waits.cancel()
        assert waits._timer is None

    asyncio.run(wait())


def test_it_works_with_the_handles_of_pyodide():
    class Loop(asyncio.SelectorEventLoop):
        def call_at(self, when, callback, *args, context=None):
            timer = super().call_at(when, callback, *args, context=context)
            return types.SimpleNamespace(cancel=timer.cancel)  # no `when`

    async def wait():
        waits = patience(60)
        for seconds in (60, 0.01):
            waits.remaining_s = seconds
            with waits:
                await asyncio.sleep(0)
        with pytest.raises(TimeoutError), waits:
            await asyncio.Event().wait()

    with asyncio.Runner(loop_factory=Loop) as runner:
        runner.run(wait())
