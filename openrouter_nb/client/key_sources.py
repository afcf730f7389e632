"""Where a key can come from beside the argument and the environment: the system's keyring, or the person."""

from __future__ import annotations

import getpass
import importlib.util
import warnings

from openrouter_nb.client.credentials import Secret
from openrouter_nb.errors import MissingAPIKeyError

KEYRING_SERVICE = "openrouter-nb"
KEYRING_USER = "api_key"


def keyring_is_installed() -> bool:
    """Tell whether there is a keyring to ask."""
    return importlib.util.find_spec("keyring") is not None


def stored_key() -> Secret | None:
    """Return the key that the keyring keeps for service `openrouter-nb`, user `api_key`; None where there is none.

    The package `keyring` is optional. A keyring that is locked or broken is as good as none. May block: a desktop asks
    its user to unlock it.
    """
    try:
        import keyring
    except ImportError:
        return None
    try:
        secret = Secret((keyring.get_password(KEYRING_SERVICE, KEYRING_USER) or "").strip())
    except Exception:  # noqa: BLE001 - backends raise what they like
        return None
    return secret if secret.reveal() else None


def ask_api_key(prompt: str = "OpenRouter key: ") -> Secret:
    """Ask the person for a key without showing it. It is returned and written nowhere.

    Example:
        >>> open_router = OpenRouter(api_key=ask_api_key())  # doctest: +SKIP

    Raises:
        MissingAPIKeyError: nobody can be asked here, not without showing the key, or nothing was entered.
    """
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
    return secret
