"""The partial answer of a request that an exception ended."""

from __future__ import annotations

import contextlib
from typing import Any


def attach_partial(error: BaseException, partial: Any) -> None:
    """Set `error.partial`, as `OpenRouterError` has it, on any exception: KeyboardInterrupt, CancelledError, the caller's own.

    Args:
        error: The exception.
        partial: What arrived before it.
    """
    with contextlib.suppress(AttributeError, TypeError):  # an exception with slots
        error.partial = partial  # type: ignore[attr-defined]
