"""Calls of Python code go to the simulator."""

import pytest


@pytest.fixture(autouse=True)
def server(simulator, monkeypatch):
    monkeypatch.setenv("OPENROUTER_BASE_URL", simulator.base_url)
    monkeypatch.setenv("OPENROUTER_NB_MODEL", "demo/parrot")
    return simulator


@pytest.fixture
def sent(simulator):
    """The bodies that were sent so far."""

    def bodies():
        return [request.body for request in simulator.requests if request.path.endswith("/chat/completions")]

    return bodies
