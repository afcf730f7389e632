"""Widgets whose JavaScript is one of the committed bundles."""

from __future__ import annotations

import gzip
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import anywidget
import traitlets

from openrouter_nb.live.feed.message_relay import open_relay, with_nulls

if TYPE_CHECKING:
    from collections.abc import Mapping


class BundleWidget(anywidget.AnyWidget):  # type: ignore[misc]
    """A widget that carries a loader of a kilobyte.

    Only the first model of a kernel carries the bundle as well, compressed; the loaders of the later ones find it in the
    page, or ask for it.

    Args:
        loader: Name of the loader in `static/`.
        module: The compressed bundle, `b""` to leave it out.
        traits: Initial values of further traits.
    """

    _esm = traitlets.Unicode("").tag(sync=True)
    module = traitlets.Bytes(b"").tag(sync=True)
    _relay = traitlets.Unicode("").tag(sync=True)

    def __init__(self, loader: str, module: bytes, **traits: object) -> None:
        super().__init__(_esm=_static(loader).decode(), module=module, _relay=open_relay(self), **traits)

    def get_state(self, key: Any = None, drop_defaults: bool = False) -> Any:
        """Return the state for a page, with values that are taken now."""
        state = super().get_state(key, drop_defaults)
        return with_nulls(state | self.present_state(state))

    def present_state(self, _state: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return the values that replace those of some traits of the state."""
        return {}

    def send(self, content: Any, buffers: list[bytes] | None = None) -> None:
        """Send a message to the pages."""
        super().send(with_nulls(content), buffers)


@cache
def compressed(*names: str) -> bytes:
    """Return bundles of `static/`, compressed together; the loader imports one after the other."""
    return gzip.compress(b"\0".join(_static(name) for name in names), mtime=0)


@cache
def _static(name: str) -> bytes:
    return files("openrouter_nb").joinpath("static", name).read_bytes()
