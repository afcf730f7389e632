"""At exit, replace open panels with static output: widget models do not outlive the kernel."""

from __future__ import annotations

import contextlib
import weakref
from typing import Protocol

from openrouter_nb.client import background_loop


class Closable(Protocol):
    """A playground that was not closed."""

    def close(self) -> None:
        """Replace its panels with the conversation."""


open_playgrounds: weakref.WeakSet[Closable] = weakref.WeakSet()


def close_all() -> None:
    """Close every open playground."""
    if not open_playgrounds:
        return
    from openrouter_nb.live.current_frontend import current_frontend

    current_frontend().prepare_exit()
    for playground in list(open_playgrounds):
        with contextlib.suppress(Exception):  # the page or the socket may be gone already
            playground.close()


background_loop.at_exit(close_all)
