"""What becomes of open panels when their kernel ends: something that can be read tomorrow, for their models die with it."""

from __future__ import annotations

import atexit
import contextlib
import weakref
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from openrouter_nb.playground.playground import Playground

#: Every playground that was not closed.
opened: weakref.WeakSet[Playground] = weakref.WeakSet()


def leave() -> None:
    """Close every playground, which leaves its conversation where its panel was."""
    if not opened:
        return
    from openrouter_nb.playground.display import copy_messages

    copy_messages()
    for playground in list(opened):
        with contextlib.suppress(Exception):  # the page or the socket may be gone already
            playground.close()


atexit.register(leave)
