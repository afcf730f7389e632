"""API keys from the system's keyring, from Colab's secrets, and from a prompt."""

from __future__ import annotations

import contextlib
import getpass
import importlib
import importlib.util
import sys
import warnings
from typing import TYPE_CHECKING, Any

from openrouter_nb.client.credentials import Secret, StoredKey, as_secret
from openrouter_nb.errors import ConfigurationError, MissingAPIKeyError

if TYPE_CHECKING:
    from collections.abc import Callable

KEYRING_SERVICE = "openrouter-nb"
KEYRING_USER = "api_key"
_NAME = "OPENROUTER_API_KEY"

_revision = 0


def keyring_is_installed() -> bool:
    """Return whether the package `keyring` is installed."""
    return importlib.util.find_spec("keyring") is not None


def may_be_stored() -> bool:
    """Return whether there is a place where a key may be stored, without looking for one."""
    return keyring_is_installed() or _secrets_of_colab() is not None


def remedy() -> str:
    """Return how the user of this session provides a key, for messages."""
    if _secrets_of_colab() is not None:
        return f"add {_NAME} to Colab's secrets and permit this notebook to read it"
    return f"set {_NAME} before starting Jupyter"


def revision() -> int:
    """Return how often this process has changed the stored key, so that clients know when to read it again."""
    return _revision


def stored_key() -> StoredKey | None:
    """Return the key that the user has stored; None if there is none.

    The keyring stores it for service `openrouter-nb`, user `api_key`; Colab under the name `OPENROUTER_API_KEY`. The package
    `keyring` is optional. A store that is locked, broken or not to be read counts as empty. May block: a desktop asks the
    user to unlock the keyring, Colab whether the notebook may read the secret.
    """
    for read in (_read_keyring, _read_colab):
        with contextlib.suppress(Exception):  # backends raise errors of any class
            if (found := read()) is not None:
                return found
    return None


def store_key(secret: Secret | str) -> None:
    """Store a key in the system's keyring, where later sessions of this user find it. May block, as `stored_key`.

    Args:
        secret: The key. It replaces a stored one.

    Raises:
        ConfigurationError: it is not a key, or the keyring is not installed, is locked, or stores nothing.
    """
    checked = as_secret(secret.reveal() if isinstance(secret, Secret) else secret)
    del secret
    if checked is None:
        raise MissingAPIKeyError("There is no key to store.")
    _change(lambda keyring: keyring.set_password(KEYRING_SERVICE, KEYRING_USER, checked.reveal()))
    # Some backends store nothing without an error, such as keyring's `null`, which disables it.
    found = stored_key()
    if found is None or found.source != "keyring" or found.secret.reveal() != checked.reveal():
        raise ConfigurationError("The keyring of this system did not keep the key.")


def forget_key() -> bool:
    """Delete the key from the system's keyring. May block, as `stored_key`.

    Returns:
        Whether there was one.

    Raises:
        ConfigurationError: the keyring is installed but cannot be used, so the key may still be in it.
    """
    if not keyring_is_installed():
        return False

    def delete(keyring: Any) -> bool:
        there = keyring.get_password(KEYRING_SERVICE, KEYRING_USER) is not None
        if there:
            keyring.delete_password(KEYRING_SERVICE, KEYRING_USER)
        return there

    return bool(_change(delete))


def ask_api_key(prompt: str = "OpenRouter key: ", *, store: bool = False) -> Secret:
    """Prompt the user for a key without echoing it, and return it. It is written nowhere unless `store` is set.

    Args:
        prompt: The text of the prompt.
        store: Store it in the system's keyring, where later sessions find it: `pip install "openrouter-nb[keyring]"`.
            `openrouter_nb.client.forget_key()` deletes it.

    Example:
        >>> open_router = OpenRouter(api_key=ask_api_key())  # doctest: +SKIP
        >>> ask_api_key(store=True)  # doctest: +SKIP
        >>> open_router = OpenRouter()  # in this session and in every later one  # doctest: +SKIP

    Raises:
        MissingAPIKeyError: there is no terminal to prompt on, it would echo the key, or nothing was entered.
        ConfigurationError: it cannot be stored.
    """
    if store and not keyring_is_installed():  # before the user types
        raise _no_keyring()
    try:
        with warnings.catch_warnings():
            # If the terminal cannot hide its input, Python would echo it and warn.
            warnings.simplefilter("error", getpass.GetPassWarning)
            secret = Secret(getpass.getpass(prompt).strip())
    # A kernel without a frontend, as in nbclient, raises StdinNotImplementedError, a NotImplementedError.
    except (EOFError, OSError, NotImplementedError, getpass.GetPassWarning):
        raise MissingAPIKeyError(
            "This session cannot prompt for the key: set OPENROUTER_API_KEY before starting Jupyter."
        ) from None
    if not secret.reveal():
        raise MissingAPIKeyError("No key was entered.")
    if store:
        store_key(secret)
    return secret


def _read_keyring() -> StoredKey | None:
    try:
        import keyring
    except ImportError:
        return None
    secret = Secret((keyring.get_password(KEYRING_SERVICE, KEYRING_USER) or "").strip())
    return StoredKey(secret, "keyring") if secret.reveal() else None


def _read_colab() -> StoredKey | None:
    # Source: googlecolab/colabtools, google/colab/userdata.py: safe in threads; raises SecretNotFoundError, or
    # NotebookAccessError where the user has not permitted this notebook to read the secret.
    userdata = _secrets_of_colab()
    if userdata is None:
        return None
    secret = Secret(userdata.get(_NAME).strip())
    return StoredKey(secret, "Colab secrets") if secret.reveal() else None


def _secrets_of_colab() -> Any:
    # Colab's kernel has imported its package; another kernel does not have it.
    if "google.colab" not in sys.modules:
        return None
    try:
        return importlib.import_module("google.colab.userdata")
    except ImportError:
        return None


def _change(how: Callable[[Any], Any]) -> Any:
    global _revision  # noqa: PLW0603 - there is one keyring for the process
    try:
        import keyring
    except ImportError:
        raise _no_keyring() from None
    try:
        return how(keyring)
    except Exception as error:  # noqa: BLE001 - backends raise errors of any class
        # Without its text, which may quote the key.
        failed = type(error).__name__
    finally:
        _revision += 1
    raise ConfigurationError(
        f"The keyring of this system cannot be used ({failed}): it is locked, or this machine has none."
        " Set OPENROUTER_API_KEY before starting Jupyter instead."
    )


def _no_keyring() -> ConfigurationError:
    return ConfigurationError(
        'No keyring is installed to store the key in: pip install "openrouter-nb[keyring]".'
    )
