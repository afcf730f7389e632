"""Servers and clients that are closed at the end of the test."""

import pytest
from support.wire import RawServer

from openrouter_nb import OpenRouter
from openrouter_nb.simulator import Simulator


@pytest.fixture
def serve():
    """Start raw servers."""
    servers = []

    def start(*steps, **options):
        servers.append(RawServer(steps, **options))
        return servers[-1]

    yield start
    for server in servers:
        server.close()


@pytest.fixture(scope="session")
def replayer(recordings):
    """A simulator that serves the recorded traffic."""
    with Simulator(recordings=recordings) as server:
        yield server


@pytest.fixture
def client(simulator):
    with OpenRouter(server_url=simulator.base_url) as made:
        yield made
