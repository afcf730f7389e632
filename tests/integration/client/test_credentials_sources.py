"""Where the key comes from, in which order, and that it can be asked for without a trace."""

import asyncio
import getpass
import subprocess
import sys
import threading
import types
import warnings

import pytest
from support.wire import HI

from openrouter_nb import OpenRouter, ask_api_key, errors
from openrouter_nb.client import Secret, forget_key, store_key
from openrouter_nb.client.key_store import KEYRING_SERVICE, KEYRING_USER, stored_key

ARGUMENT, ENVIRONMENT, STORED = "sk-or-argument-1", "sk-or-environment-1", "sk-or-stored-1"
FOREIGN = "https://elsewhere.example/api/v1"

keyring = pytest.importorskip("keyring")
from keyring.backend import KeyringBackend  # noqa: E402 - after the check


class Backend(KeyringBackend):
    """A keyring in memory."""

    priority = 1

    def __init__(self):
        super().__init__()
        self.kept = {}
        self.threads = []
        self.failure = None

    def get_password(self, service, username):
        self.threads.append(threading.current_thread())
        if self.failure:
            raise self.failure
        return self.kept.get((service, username))

    def set_password(self, service, username, password):
        if self.failure:
            raise self.failure
        self.kept[service, username] = password

    def delete_password(self, service, username):
        del self.kept[service, username]


@pytest.fixture
def backend():
    before, made = keyring.get_keyring(), Backend()
    keyring.set_keyring(made)
    yield made
    keyring.set_keyring(before)


@pytest.fixture
def everywhere(backend, monkeypatch):
    """A key in each place but the argument."""
    monkeypatch.setenv("OPENROUTER_API_KEY", ENVIRONMENT)
    keyring.set_password(KEYRING_SERVICE, KEYRING_USER, STORED)
    return backend


@pytest.fixture
def _environment(request, everywhere, monkeypatch):
    """The same, with or without the one in the environment."""
    assert everywhere.kept
    if not request.param:
        monkeypatch.delenv("OPENROUTER_API_KEY")


def sent(simulator, client):
    client.chat.send(messages=HI, model="demo/parrot")
    return simulator.requests[-1].headers.get("authorization")


@pytest.mark.parametrize(
    ("argument", "_environment", "source", "key"),
    [
        (ARGUMENT, True, "argument", ARGUMENT),
        (Secret(ARGUMENT), True, "argument", ARGUMENT),
        (lambda: ARGUMENT, True, "argument", ARGUMENT),
        (None, True, "environment", ENVIRONMENT),
        ("", True, "environment", ENVIRONMENT),
        (lambda: "", True, "environment", ENVIRONMENT),
        (None, False, "keyring", STORED),
        ("", False, "keyring", STORED),
    ],
    indirect=["_environment"],
)
def test_the_first_source_that_has_one_counts(simulator, _environment, argument, source, key):
    with OpenRouter(argument, server_url=simulator.base_url) as client:
        assert client.credentials_source == source
        assert sent(simulator, client) == f"Bearer {key}"
        assert key not in repr(client) + repr(vars(client))


@pytest.mark.usefixtures("backend")
def test_without_any_there_is_no_source(simulator):
    assert OpenRouter().credentials_source is None
    with OpenRouter(server_url=simulator.base_url) as client:
        assert client.credentials_source is None
        assert sent(simulator, client) is None


@pytest.mark.usefixtures("everywhere")
@pytest.mark.parametrize("environment", [True, False])
def test_a_key_that_nobody_named_goes_to_no_server_that_code_names(monkeypatch, environment):
    if not environment:
        monkeypatch.delenv("OPENROUTER_API_KEY")
    with OpenRouter(server_url=FOREIGN) as client:
        assert client.credentials_source is None
        with pytest.raises(errors.MissingAPIKeyError, match="environment" if environment else "keyring"):
            client.chat.send(messages=HI)
    assert OpenRouter(ARGUMENT, server_url=FOREIGN).credentials_source == "argument"


@pytest.mark.usefixtures("everywhere")
def test_the_lists_that_need_no_key_take_none_to_a_foreign_server():
    destination = OpenRouter(server_url=FOREIGN)._destination(needs_key=False)
    assert (destination.secret, destination.source) == (None, None)
    assert OpenRouter()._destination(needs_key=False).source == "environment"


@pytest.mark.parametrize(
    "failure", [RuntimeError("locked"), OSError("no bus"), keyring.errors.KeyringError("x")]
)
def test_a_broken_keyring_is_as_good_as_none(simulator, backend, failure):
    backend.failure = failure
    assert stored_key() is None
    with OpenRouter(server_url=simulator.base_url) as client:
        assert sent(simulator, client) is None


def test_the_keyring_is_asked_once_and_not_on_the_event_loop(simulator, everywhere, monkeypatch):
    monkeypatch.delenv("OPENROUTER_API_KEY")

    async def talk():
        async with OpenRouter(server_url=simulator.base_url) as client:
            for _ in range(3):
                await client.chat.send_async(messages=HI, model="demo/parrot")
        return threading.current_thread()

    loop_thread = asyncio.run(talk())
    assert len(everywhere.threads) == 1
    assert everywhere.threads[0] is not loop_thread


def test_the_keyring_is_not_asked_where_a_key_is_at_hand(simulator, everywhere):
    with OpenRouter(server_url=simulator.base_url) as client:
        sent(simulator, client)
    assert everywhere.threads == []


def test_a_stored_key_that_no_header_can_hold_is_refused(backend):
    backend.set_password(KEYRING_SERVICE, KEYRING_USER, "sk or\nX-Evil: 1")
    with pytest.raises(errors.ConfigurationError) as caught:
        OpenRouter().chat.send(messages=HI)
    assert "Evil" not in str(caught.value)


@pytest.fixture
def colab(monkeypatch):
    """The module of Colab's kernel for the secrets of a user, with the errors that it raises."""
    package = types.ModuleType("google.colab")
    userdata = types.ModuleType("google.colab.userdata")

    class SecretNotFoundError(Exception):
        pass

    class NotebookAccessError(Exception):
        pass

    def get(name):
        userdata.threads.append(threading.current_thread())
        if name not in userdata.secrets:
            raise SecretNotFoundError(f"Secret {name} does not exist.")
        if not userdata.is_permitted:
            raise NotebookAccessError(f"Notebook does not have access to secret {name}")
        return userdata.secrets[name]

    userdata.get, userdata.threads, userdata.is_permitted = get, [], True
    userdata.secrets = {"OPENROUTER_API_KEY": f" {STORED}\n"}
    monkeypatch.setitem(sys.modules, "google.colab", package)
    monkeypatch.setitem(sys.modules, "google.colab.userdata", userdata)
    return userdata


@pytest.mark.usefixtures("backend")
def test_the_secret_of_colab_is_the_last_source(simulator, colab, monkeypatch):
    with OpenRouter(server_url=simulator.base_url) as client:
        assert sent(simulator, client) == f"Bearer {STORED}"
        assert sent(simulator, client) == f"Bearer {STORED}"
        assert client.credentials_source == "Colab secrets"
        assert len(colab.threads) == 1
        assert colab.threads[0] is not threading.main_thread()
        store_key(f"{STORED}-2")
        assert sent(simulator, client) == f"Bearer {STORED}-2"
        assert client.credentials_source == "keyring"
        monkeypatch.setenv("OPENROUTER_API_KEY", ENVIRONMENT)
        assert sent(simulator, client) == f"Bearer {ENVIRONMENT}"
    assert len(colab.threads) == 1


@pytest.mark.usefixtures("backend")
def test_a_secret_of_colab_is_read_again_when_the_user_permits_it(colab):
    colab.is_permitted = False
    with OpenRouter() as client:
        with pytest.raises(errors.MissingAPIKeyError, match="permit this notebook to read it"):
            client.chat.send(messages=HI)
        assert len(colab.threads) == 1
        colab.is_permitted = True
        assert client.credentials_source == "Colab secrets"
        with pytest.raises(
            errors.MissingAPIKeyError, match="The key from the Colab secrets is for openrouter"
        ):
            client.chat.send(messages=HI, server_url=FOREIGN)


def test_without_the_package_nothing_is_stored():
    code = (
        "import sys; sys.modules['keyring'] = None\n"
        "from openrouter_nb.client.key_store import keyring_is_installed, stored_key\n"
        "print(stored_key())"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "None\n"


# --- storing


@pytest.mark.parametrize("key", [STORED, Secret(STORED), f" {STORED}\n"])
def test_a_stored_key_is_used_by_clients_that_are_there_already_and_a_forgotten_one_is_not(
    simulator, backend, key
):
    with OpenRouter(server_url=simulator.base_url) as client:
        assert sent(simulator, client) is None
        store_key(key)
        assert sent(simulator, client) == f"Bearer {STORED}"
        assert client.credentials_source == "keyring"
        assert backend.kept == {(KEYRING_SERVICE, KEYRING_USER): STORED}
        assert forget_key() is True
        assert sent(simulator, client) is None
        assert forget_key() is False
    assert backend.kept == {}


@pytest.mark.usefixtures("backend")
@pytest.mark.parametrize("key", ["", "  ", Secret(""), "sk or", "sk-or\nX-Evil: 1"])
def test_what_is_no_key_is_not_stored(key):
    with pytest.raises(errors.ConfigurationError) as caught:
        store_key(key)
    assert "Evil" not in str(caught.value)
    assert stored_key() is None


def test_a_keyring_that_refuses_is_said_and_its_words_are_not_repeated(backend):
    backend.failure = RuntimeError(f"cannot write {STORED}")
    for act in (lambda: store_key(STORED), forget_key):
        with pytest.raises(errors.ConfigurationError, match="keyring of this system") as caught:
            act()
        assert STORED not in str(caught.value)


def test_a_keyring_that_keeps_nothing_is_not_believed(backend, monkeypatch):
    monkeypatch.setattr(backend, "set_password", lambda *_: None)
    with pytest.raises(errors.ConfigurationError, match="did not keep"):
        store_key(STORED)


def test_without_the_package_storing_names_the_remedy_and_nobody_is_asked():
    code = (
        "import importlib.util as u, sys; sys.modules['keyring'] = None; find = u.find_spec\n"
        "u.find_spec = lambda name, *rest: None if name == 'keyring' else find(name, *rest)\n"
        "from openrouter_nb.client import ask_api_key, forget_key, store_key\n"
        "print(forget_key())\n"
        "for act in (lambda: store_key('sk-or-x'), lambda: ask_api_key(store=True)):\n"
        "    try: act()\n"
        "    except Exception as error: print(type(error).__name__, error)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, input="sk-or-typed\n"
    )
    forgotten, *refused = done.stdout.splitlines()
    assert forgotten == "False"
    assert len(refused) == 2
    assert all("ConfigurationError" in line and "openrouter-nb[keyring]" in line for line in refused)


# --- asking


def test_a_key_can_be_asked_for(simulator, monkeypatch):
    asked = []
    monkeypatch.setattr(getpass, "getpass", lambda prompt: asked.append(prompt) or f" {ARGUMENT}\n")
    key = ask_api_key()
    assert isinstance(key, Secret)
    assert ARGUMENT not in repr(key)
    with OpenRouter(api_key=key, server_url=simulator.base_url) as client:
        assert sent(simulator, client) == f"Bearer {ARGUMENT}"
        assert client.credentials_source == "argument"
    assert asked == ["OpenRouter key: "]


@pytest.mark.parametrize("store", [True, False])
def test_a_key_that_was_asked_for_is_stored_if_that_is_wished(backend, monkeypatch, store):
    monkeypatch.setattr(getpass, "getpass", lambda _: ARGUMENT)
    assert ask_api_key(store=store).reveal() == ARGUMENT
    assert backend.kept == ({(KEYRING_SERVICE, KEYRING_USER): ARGUMENT} if store else {})


def _cannot_hide(_prompt):
    warnings.warn("Can not control echo on the terminal.", getpass.GetPassWarning, stacklevel=2)
    raise AssertionError("the key would be shown")


@pytest.mark.parametrize(
    "failure", [EOFError(), OSError("no terminal"), NotImplementedError("no stdin"), _cannot_hide]
)
def test_where_nobody_can_be_asked_it_says_so(monkeypatch, failure):
    def refuse(prompt):
        if callable(failure):
            failure(prompt)
        raise failure

    monkeypatch.setattr(getpass, "getpass", refuse)
    with pytest.raises(errors.MissingAPIKeyError, match="cannot prompt for the key"):
        ask_api_key()


def test_nothing_entered_is_no_key(monkeypatch):
    monkeypatch.setattr(getpass, "getpass", lambda _: "  ")
    with pytest.raises(errors.MissingAPIKeyError, match="No key was entered"):
        ask_api_key()


def test_a_program_without_a_terminal_is_told_and_does_not_hang():
    code = "from openrouter_nb import ask_api_key; ask_api_key()"
    done = subprocess.run(
        [sys.executable, "-c", code],
        input="sk-or-typed\n",
        capture_output=True,
        text=True,
        start_new_session=True,
        check=False,
    )
    assert "MissingAPIKeyError" in done.stderr
    assert "sk-or-typed" not in done.stdout + done.stderr
