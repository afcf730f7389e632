"""`%chat_key`: ask for the API key, store it, delete it, or show its source. The key itself is never displayed."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from IPython.core.error import UsageError

from openrouter_nb.client.key_store import ask_api_key, forget_key, keyring_is_installed
from openrouter_nb.errors import ConfigurationError

if TYPE_CHECKING:
    from openrouter_nb.client import OpenRouter

_KEY = "OPENROUTER_API_KEY"


def ask(*, store: bool, can_ask: bool) -> str:
    """Ask for the key, set it for this kernel, and return a confirmation.

    Args:
        store: Also store it in the keyring.
        can_ask: Whether the frontend is interactive.

    Raises:
        UsageError: the frontend is not interactive, or the keyring cannot store the key.
    """
    if not can_ask:
        raise UsageError(f"This frontend cannot ask for input. Set {_KEY} in the environment.")
    try:
        secret = ask_api_key(store=store)
    except ConfigurationError as error:
        if error.message == "No key was entered.":
            return "Nothing was changed."
        raise UsageError(error.message) from None
    os.environ[_KEY] = secret.reveal()
    kind = "" if secret.reveal().startswith("sk-or-") else " OpenRouter's keys begin with sk-or-: is it one?"
    where = "this kernel, and stored in the keyring for later ones" if store else "this kernel"
    return f"The key is set for {where}.{kind}"


def forget() -> str:
    """Delete the key in this kernel and in the keyring, and return a confirmation.

    Raises:
        UsageError: the keyring cannot be used.
    """
    here = os.environ.pop(_KEY, None) is not None
    try:
        stored = forget_key()
    except ConfigurationError as error:
        raise UsageError(error.message) from None
    if not here and not stored:
        return "There was no key."
    where = " and ".join(place for place, was in (("here", here), ("in the keyring", stored)) if was)
    return f"The key is forgotten {where}."


def source(client: OpenRouter) -> str:
    """Return a sentence about the source of the key."""
    found = client.credentials_source
    if found == "environment":
        return f"The key in force is that of {_KEY}, of this kernel's environment."
    if found is not None:
        return f"The key in force comes from the {found}."
    server, is_local = client.server()
    if is_local:
        return f"There is no key; {server}, on this machine, is asked without one."
    more = ", or %chat_key --store" if keyring_is_installed() else ""
    return f"There is no key for {server}: %chat_key asks for one{more}."
