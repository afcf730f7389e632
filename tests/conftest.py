"""Fixtures of all tests: a clean environment, separate folders, and no external network."""

import ipaddress
import os
import socket
from pathlib import Path

import hypothesis
import pytest

REPOSITORY = Path(__file__).resolve().parent.parent
RECORDINGS = Path(os.environ.get("OPENROUTER_NB_RECORDINGS", REPOSITORY.parent / "shared" / "recordings"))

# Profiles of the property tests, chosen by OPENROUTER_NB_HYPOTHESIS or --hypothesis-profile. No deadline: the time of an example
# depends on the load of the machine.
hypothesis.settings.register_profile("small", max_examples=100, deadline=None)
hypothesis.settings.register_profile("full", max_examples=5_000, deadline=None)
hypothesis.settings.load_profile(os.environ.get("OPENROUTER_NB_HYPOTHESIS", "small"))

# Chooses between httpx and httpx2 for a whole run.
KEPT = {"OPENROUTER_NB_HTTP"}

FOLDERS = {
    "HOME": "home",
    "IPYTHONDIR": "ipython",
    "JUPYTER_CONFIG_DIR": "jupyter/config",
    "JUPYTER_DATA_DIR": "jupyter/data",
    "JUPYTER_RUNTIME_DIR": "jupyter/runtime",
    "XDG_CACHE_HOME": "cache",
    "XDG_CONFIG_HOME": "config",
    "XDG_DATA_HOME": "data",
}


class OutsideWorldError(RuntimeError):
    """A test tried to connect to another machine."""


def _is_local(host):
    if host in {None, "", "localhost", b"localhost"}:
        return True
    try:
        return ipaddress.ip_address(host.decode() if isinstance(host, bytes) else host).is_loopback
    except ValueError:
        return False


def _local_only(function):
    def guarded(self, address):
        if self.family in {socket.AF_INET, socket.AF_INET6} and not _is_local(address[0]):
            raise OutsideWorldError(f"connect to {address[0]}")
        return function(self, address)

    return guarded


def _local_names_only(function):
    def guarded(host, *arguments, **options):
        if not _is_local(host):
            raise OutsideWorldError(f"look up {host}")
        return function(host, *arguments, **options)

    return guarded


def _give_folders(patch, home):
    for variable, folder in FOLDERS.items():
        path = home / folder
        path.mkdir(parents=True, exist_ok=True)
        patch.setenv(variable, str(path))


def pytest_itemcollected(item):
    """Name the cells of `docs/frontends.md` for which a test is the evidence, in the JUnit report."""
    for marker in item.iter_markers("frontend"):
        place, *aspects = marker.args
        item.user_properties += [("frontend", f"{place}: {aspect}") for aspect in aspects]


@pytest.fixture(scope="session", autouse=True)
def _nothing_inherited(tmp_path_factory):
    """Hide the developer's key, profile and proxies from tests and from servers started by fixtures."""
    with pytest.MonkeyPatch.context() as patch:
        for name in list(os.environ):
            ours = name.startswith("OPENROUTER_") and name not in KEPT
            if ours or name.lower().endswith("_proxy"):
                patch.delenv(name)
        patch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
        patch.setenv("JUPYTER_PREFER_ENV_PATH", "1")
        patch.setattr(socket.socket, "connect", _local_only(socket.socket.connect))
        patch.setattr(socket.socket, "connect_ex", _local_only(socket.socket.connect_ex))
        patch.setattr(socket, "getaddrinfo", _local_names_only(socket.getaddrinfo))
        _give_folders(patch, tmp_path_factory.mktemp("shared"))
        yield


@pytest.fixture(autouse=True)
def _own_folders(tmp_path_factory, monkeypatch):
    """Use separate cache and profile folders for each test."""
    _give_folders(monkeypatch, tmp_path_factory.mktemp("own"))


@pytest.fixture
def simulator():
    """Start a local server with OpenRouter's protocol: `.base_url`, `.requests`, `.exchanges`."""
    from openrouter_nb.simulator import Simulator

    with Simulator() as server:
        yield server


@pytest.fixture(scope="session")
def recordings():
    """Return the folder with recorded traffic of the service, which is not part of the repository."""
    if not (RECORDINGS / "INDEX.jsonl").is_file():
        pytest.skip("no recorded traffic: set OPENROUTER_NB_RECORDINGS to the folder with INDEX.jsonl")
    return RECORDINGS
