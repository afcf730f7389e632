"""The frontend of this process: IPython, unless another one is set."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from openrouter_nb.live.frontend import Frontend

_make: Callable[[], Frontend] | None = None


def use_frontend(make: Callable[[], Frontend] | None) -> None:
    """Set what makes the current frontend; None for IPython."""
    global _make  # noqa: PLW0603 - a process has one frontend
    _make = make


def current_frontend() -> Frontend:
    """Return the frontend that shows the running cell."""
    if _make is not None:
        return _make()
    from openrouter_nb.live.ipython_frontend import IPythonFrontend

    return IPythonFrontend()
