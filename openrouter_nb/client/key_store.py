"""Where a key can come from beside the argument and the environment: the system's keyring, or the person."""

from __future__ import annotations

import getpass
import importlib.util
import warnings
from typing import TYPE_CHECKING, Any

from openrouter_nb.client.credentials import Secret, as_secret
from openrouter_nb.errors import ConfigurationError, MissingAPIKeyError

if TYPE_CHECKING:
    from collections.abc import Callable

KEYRING_SERVICE = "openrouter-nb"
KEYRING_USER = "api_key"

_revision = 0


def keyring_is_installed() -> bool:
    """Tell whether there is a keyring to ask."""
    return importlib.util.find_spec("keyring") is not None


def revision() -> int:
    """Return how often this process has changed the stored key, so that clients know when to look again."""
    return _revision


def stored_key() -> Secret | None:
    """Return the key that the keyring keeps for service `openrouter-nb`, user `api_key`; None where there is none.

    The package `keyring` is optional. A keyring that is locked or broken is as good as none. May block: a desktop asks
    its user to unlock it.
    """
    try:
        return _read()
    except Exception:  # noqa: BLE001 - backends raise what they like
        return None


def store_key(secret: Secret | str) -> None:
    """Keep a key in the system's keyring, where every later session of this user finds it. May block, as `stored_key`.

    Args:
        secret: The key, in place of the one that is there.

    Raises:
        ConfigurationError: it is no key, or there is no keyring that keeps it: none installed, locked, or one that
            keeps nothing. Nothing was stored.
    """
    kept = as_secret(secret.reveal() if isinstance(secret, Secret) else secret)
    del secret
    if kept is None:
        raise MissingAPIKeyError("There is no key to store.")
    _change(lambda keyring: keyring.set_password(KEYRING_SERVICE, KEYRING_USER, kept.reveal()))
    # Some backends keep nothing and say nothing: keyring's `null`, which is what switches it off, is one.
    if (found := stored_key()) is None or found.reveal() != kept.reveal():
        raise ConfigurationError("The keyring of this system did not keep the key.")


def forget_key() -> bool:
    """Take the key out of the system's keyring. May block, as `stored_key`.

    Returns:
        Whether there was one.

    Raises:
        ConfigurationError: the keyring is there and cannot be used, so that the key may still be in it.
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
    """Ask the person for a key without showing it. It is returned, and written nowhere unless `store` says so.

    Args:
        prompt: What to ask.
        store: Keep it in the system's keyring, where every later session finds it: `pip install "openrouter-nb[keyring]"`.
            `openrouter_nb.client.forget_key()` takes it out again.

    Example:
        >>> open_router = OpenRouter(api_key=ask_api_key())  # doctest: +SKIP
        >>> ask_api_key(store=True)  # doctest: +SKIP
        >>> open_router = OpenRouter()  # in this session and in every later one  # doctest: +SKIP

    Raises:
        MissingAPIKeyError: nobody can be asked here, not without showing the key, or nothing was entered.
        ConfigurationError: it should be stored and could not be.
    """
    if store and not keyring_is_installed():  # said before the person types, not after
        raise _no_keyring()
    try:
        with warnings.catch_warnings():
            # Where the terminal cannot hide what is typed, Python would show it and warn.
            warnings.simplefilter("error", getpass.GetPassWarning)
            secret = Secret(getpass.getpass(prompt).strip())
    # The kernel of a notebook that runs unattended raises a NotImplementedError.
    except (EOFError, OSError, NotImplementedError, getpass.GetPassWarning):
        raise MissingAPIKeyError(
            "Nobody can be asked for the key here: set OPENROUTER_API_KEY before starting Jupyter."
        ) from None
    if not secret.reveal():
        raise MissingAPIKeyError("No key was entered.")
    if store:
        store_key(secret)
    return secret


def _read() -> Secret | None:
    try:
        import keyring
    except ImportError:
        return None
    secret = Secret((keyring.get_password(KEYRING_SERVICE, KEYRING_USER) or "").strip())
    return secret if secret.reveal() else None


def _change(how: Callable[[Any], Any]) -> Any:
    global _revision  # noqa: PLW0603 - there is one keyring, whoever changes it
    try:
        import keyring
    except ImportError:
        raise _no_keyring() from None
    try:
        return how(keyring)
    except Exception as error:  # noqa: BLE001 - backends raise what they like
        # Without its text, which may quote what was to be stored.
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
