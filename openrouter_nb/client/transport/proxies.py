"""Proxies that the environment names, and the hosts that are reached without one.

The variables are those of curl: `HTTP_PROXY`, `HTTPS_PROXY`, `ALL_PROXY` and `NO_PROXY`, in upper or lower case; lower case
takes precedence. Without them, the system settings of macOS and Windows apply (`urllib.request.getproxies`).
"""

from __future__ import annotations

import fnmatch
import importlib.util
import ipaddress
import os
import re
from dataclasses import dataclass
from urllib.request import getproxies

from openrouter_nb.errors import ConfigurationError

_PORTS = {"http": 80, "https": 443}
_SCHEMES = ("http", "https", "socks5", "socks5h")
_PORT = re.compile(r"(?P<host>\[[^\]]*\]|[^:]*):(?P<port>\d{1,5})")


@dataclass(frozen=True, slots=True)
class EnvironmentProxy:
    """A proxy of the environment.

    Attributes:
        variable: The variable that names it.
        url: Its address, which may contain a password.
    """

    variable: str
    url: str

    def __repr__(self) -> str:
        return f"EnvironmentProxy(variable={self.variable!r})"


def environment_proxies() -> dict[str, EnvironmentProxy]:
    """Return the proxy for each scheme of a request, `http` and `https`; none if `NO_PROXY` is `*`.

    Raises:
        ConfigurationError: a proxy has a scheme that is not supported, or is a SOCKS proxy and `socksio` is not installed.
    """
    found = getproxies()
    if "*" in _entries(found.get("no", "")):
        return {}
    names = {scheme: scheme if found.get(scheme) else "all" for scheme in _PORTS}
    return {scheme: _proxy(name, found[name]) for scheme, name in names.items() if found.get(name)}


def _proxy(name: str, address: str) -> EnvironmentProxy:
    lower = f"{name}_proxy"
    known = (variable for variable in (lower, lower.upper()) if os.environ.get(variable))
    variable = next(known, "The system's setting")
    scheme, _, rest = address.strip().rpartition("://")
    # `socks://` is what the desktop settings of GNOME write.
    scheme = {"": "http", "socks": "socks5"}.get(scheme.lower(), scheme.lower())
    if scheme not in _SCHEMES:
        raise ConfigurationError(
            f"{variable} names a proxy that cannot be used: its address must start with http://, https://, socks5:// or"
            " socks5h://. Nothing was sent."
        )
    if scheme.startswith("socks") and importlib.util.find_spec("socksio") is None:
        raise ConfigurationError(
            f"{variable} names a SOCKS proxy, which needs the package socksio: pip install socksio. Nothing was sent."
        )
    return EnvironmentProxy(variable, f"{scheme}://{rest}")


class NoProxy:
    """The hosts of `NO_PROXY`.

    An entry is a host or domain, with its subdomains (`example.com`, `.example.com`, `*.example.com`), an address or a
    network (`10.0.0.0/8`, `fd00::/8`), with brackets or without, each with an optional port; or `*`. Host names are not
    resolved: a network applies to addresses only. Entries that cannot be parsed are ignored, as in curl.

    Args:
        text: The entries, separated by commas or spaces. None for those of the environment.
    """

    def __init__(self, text: str | None = None) -> None:
        self._entries = [
            _parse(entry) for entry in _entries(getproxies().get("no", "") if text is None else text)
        ]

    def covers(self, scheme: str, host: str, port: int | None) -> bool:
        """Return whether a host is reached without a proxy.

        Args:
            scheme: Scheme of the request.
            host: Host of the request, without brackets.
            port: Port of the request; None for the one of the scheme.
        """
        host = host.lower().rstrip(".")
        port = port or _PORTS.get(scheme)
        return any(
            entry_port in (None, port) and _matches(pattern, host) for pattern, entry_port in self._entries
        )


Network = ipaddress.IPv4Network | ipaddress.IPv6Network


def _entries(text: str) -> list[str]:
    return re.split(r"[,\s]+", text.strip().lower())


def _parse(entry: str) -> tuple[str | Network, int | None]:
    """Return the host pattern or network of an entry, and its port."""
    entry = entry.rpartition("://")[2]
    port = None
    if match := _PORT.fullmatch(entry):
        entry, port = match["host"], int(match["port"])
    try:
        return ipaddress.ip_network(entry.replace("[", "").replace("]", ""), strict=False), port
    except ValueError:
        return entry if entry == "*" else entry.removeprefix("*").strip("."), port


def _matches(pattern: str | Network, host: str) -> bool:
    if isinstance(pattern, str):
        return bool(pattern) and (
            host == pattern or host.endswith(f".{pattern}") or fnmatch.fnmatchcase(host, pattern)
        )
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return address in pattern or (mapped is not None and mapped in pattern)
