"""State that threads share, used by several threads at the same time."""

import concurrent.futures
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from openrouter_nb.components import ChatResult
from openrouter_nb.conversation import defaults
from openrouter_nb.notebook.session import NotebookSession
from openrouter_nb.playground.history import writer

THREADS = 8
ROUNDS = 50


@pytest.fixture(autouse=True)
def _frequent_switches():
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


def at_once(function):
    """Call a function with 0, 1, … in as many threads, which begin together, and return the results."""
    barrier = threading.Barrier(THREADS)

    def call(number):
        barrier.wait()
        return function(number)

    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(call, range(THREADS)))


def test_changes_of_the_history_have_one_writer(monkeypatch):
    started = []

    def start(*arguments):
        time.sleep(0.01)  # another thread runs
        started.append(ThreadPoolExecutor(*arguments))
        return started[-1]

    monkeypatch.setattr(concurrent.futures, "ThreadPoolExecutor", start)
    monkeypatch.setattr(writer, "_executor", None)
    at_once(lambda _: writer.submit(int))
    for executor in started:
        executor.shutdown()
    assert len(started) == 1


def test_there_is_one_client_for_all_calls():
    for _ in range(ROUNDS):
        defaults._shared_client.cache_clear()
        assert len(set(at_once(lambda _: defaults.shared_client()))) == 1


def test_each_answer_is_counted_and_the_costs_can_be_read_meanwhile():
    session = NotebookSession(shell=None)
    result = ChatResult.model_validate(
        {
            "id": "a",
            "model": "m",
            "choices": [],
            "usage": {"prompt_tokens": 1, "completion_tokens": 2, "cost": 0.5},
        }
    )

    def count(number):
        for turn in range(500):
            session.count("chat", "m", result)
            session.count(f"{number} {turn}", "m", result)  # a new row
            assert session.spent > 0

    at_once(count)
    assert session.accounts["chat", "m"].requests == THREADS * 500
    assert session.spent == THREADS * 500
