"""The background loop and the threads that wait for it."""

import asyncio
import threading

import pytest

from openrouter_nb.client import blocking


def test_work_of_the_waiting_thread_is_done_there():
    async def body():
        return await blocking.in_caller(threading.current_thread), threading.current_thread()

    there, here = blocking.run(body)
    assert there is threading.main_thread()
    assert here is not there


def test_where_nobody_waits_it_is_done_on_the_spot():
    assert asyncio.run(blocking.in_caller(threading.current_thread)) is threading.main_thread()


def test_what_it_raises_is_raised_where_it_was_asked_for():
    async def body():
        with pytest.raises(ZeroDivisionError):
            await blocking.in_caller(lambda: 1 / 0)
        return "went on"

    assert blocking.run(body) == "went on"


def test_an_interrupt_there_cancels_the_coroutine():
    ended = []

    def interrupt():
        raise KeyboardInterrupt

    async def body():
        try:
            await blocking.in_caller(interrupt)
        finally:
            ended.append(True)

    with pytest.raises(KeyboardInterrupt):
        blocking.run(body)
    assert ended == [True]
