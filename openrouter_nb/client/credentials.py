"""Resolve the server and the API key of a request, and whether the key may be sent there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, NoReturn
from urllib.parse import urlsplit

from openrouter_nb.errors import ConfigurationError, MissingAPIKeyError

if TYPE_CHECKING:
    from collections.abc import Callable

#: Origin of a key.
Source = Literal["argument", "environment", "keyring", "Colab secrets"]

DEFAULT_SERVER_URL = "https://openrouter.ai/api/v1"
_HOME = frozenset({"openrouter.ai", "eu.openrouter.ai", "us.openrouter.ai"})
#: The host of the simulator that answers in this process, which `simulator:` selects. No DNS server knows it (RFC 6761).
SIMULATOR_HOST = "simulator.localhost"
#: Hosts that are this machine. The transport never uses a proxy for them.
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1", SIMULATOR_HOST})


class Secret:
    """An API key that can be sent but not shown: no repr, pickle, JSON, copy or comparison.

    The value is in a closure, so that no attribute walk, `vars()` or traceback with local variables prints it.
    """

    __slots__ = ("reveal",)

    def __init__(self, value: str) -> None:
        #: Return the key. Call it only where the header is written.
        self.reveal: Callable[[], str] = lambda: value

    def __repr__(self) -> str:
        return "Secret(…)"

    def __format__(self, spec: str) -> str:
        return repr(self)

    def __reduce__(self) -> NoReturn:
        raise TypeError("a Secret is never pickled or copied")

    def __copy__(self) -> NoReturn:
        raise TypeError("a Secret is never pickled or copied")

    def __deepcopy__(self, memo: object) -> NoReturn:
        raise TypeError("a Secret is never pickled or copied")


class StoredKey(NamedTuple):
    """A key that the user has stored, and where."""

    secret: Secret
    source: Source


@dataclass(frozen=True, slots=True)
class Destination:
    """A server and the key to send to it."""

    base_url: str
    secret: Secret | None
    is_local: bool
    source: Source | None = None


def resolve_destination(
    api_key: str | Callable[[], str] | None,
    server_url: str | None,
    setting: Callable[[str], str | None],
    *,
    stored: Callable[[], StoredKey | None] | None = None,
    needs_key: bool = True,
    remedy: str = "set OPENROUTER_API_KEY before starting Jupyter",
) -> Destination:
    """Return the server to send to, with the key if it may be sent there.

    The key is the argument, else the environment's, else a stored one. It is sent to OpenRouter and to loopback. It is sent
    to other servers only if the caller passed key and server together, or if the environment sets `OPENROUTER_BASE_URL`: a
    foreign notebook must not be able to send the user's key to another server (compare CVE-2026-21852).

    Args:
        api_key: The key, or a function that returns it.
        server_url: Base URL that the caller passed.
        setting: Returns an environment variable. Not the environment itself, which a traceback with local variables
            would print, including the key.
        stored: Returns the stored key; called only if there is no other.
        needs_key: Whether to raise if there is no key. OpenRouter's model list needs none.
        remedy: How the user provides a key, for the message.

    Raises:
        ConfigurationError: the address is not http(s), carries a password, or is plain http to another machine.
        MissingAPIKeyError: the server needs a key, and no key may be sent to it.
    """
    base_url = (server_url or setting("OPENROUTER_BASE_URL") or DEFAULT_SERVER_URL).rstrip("/")
    if base_url == "simulator:":
        base_url = f"http://{SIMULATOR_HOST}/api/v1"
    host, is_local = _check(base_url)
    given = as_secret(api_key() if callable(api_key) else api_key)
    secret, source = _first(given, setting, stored)
    if secret and (host in _HOME or is_local or given or not server_url):
        return Destination(base_url, secret, is_local, source)
    if is_local or not needs_key:
        return Destination(base_url, None, is_local)
    if secret:
        raise MissingAPIKeyError(
            f"The key from the {source} is for openrouter.ai and was not sent to {host}."
            " Pass api_key= and server_url= together to send it there."
        )
    raise MissingAPIKeyError(f"No API key: {remedy}. Nothing was sent.")


def _first(
    given: Secret | None, setting: Callable[[str], str | None], stored: Callable[[], StoredKey | None] | None
) -> tuple[Secret | None, Source | None]:
    if given:
        return given, "argument"
    if secret := as_secret(setting("OPENROUTER_API_KEY")):
        return secret, "environment"
    if stored and (found := stored()) and (secret := as_secret(found.secret.reveal())):
        return secret, found.source
    return None, None


def as_secret(key: Any) -> Secret | None:
    """Wrap a key before any frame that can raise holds it as text; None for an empty one.

    Raises:
        ConfigurationError: it is not text, or contains characters that a header cannot.
    """
    kind = type(key)
    if not issubclass(kind, (str, type(None))):
        del key
        raise ConfigurationError(f"The API key must be text, not {kind.__name__}. Nothing was sent.")
    secret = Secret((key or "").strip())
    del key
    if not secret.reveal():
        return None
    if not all("!" <= character <= "~" for character in secret.reveal()):
        raise ConfigurationError("The API key contains invalid characters. Nothing was sent.")
    return secret


def _check(base_url: str) -> tuple[str, bool]:
    try:
        parts = urlsplit(base_url)
        host = parts.hostname or ""
        port_is_valid = parts.port is None or parts.port > 0
    except ValueError:
        host, port_is_valid = "", False
    if (
        not host
        or not port_is_valid
        or parts.scheme not in ("http", "https")
        or parts.query
        or parts.fragment
    ):
        raise ConfigurationError("The server address must look like https://host/api/v1. Nothing was sent.")
    if "@" in parts.netloc:
        raise ConfigurationError("The server address contains a user name or password. Nothing was sent.")
    is_local = host in LOOPBACK
    if parts.scheme == "http" and not is_local:
        raise ConfigurationError(f"The address of {host} is not https. Nothing was sent.")
    return host, is_local
