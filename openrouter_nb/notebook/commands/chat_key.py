"""What `%chat_key` does: asks for the key, stores it, forgets it, and says where it comes from. It shows it nowhere."""

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
    """Ask for the key, set it for this kernel, and say so.

    Args:
        store: Keep it in the keyring, too.
        can_ask: Whether somebody is there.

    Raises:
        UsageError: nobody is there, or the keyring keeps nothing.
    """
    if not can_ask:
        raise UsageError(f"Nobody is there to ask. Set {_KEY} in the environment.")
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
    """Forget the key, here and in the keyring, and say so.

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
    """Say where the key in force comes from."""
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
