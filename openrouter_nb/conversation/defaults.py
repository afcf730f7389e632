"""What holds where the caller says nothing: the model, and one client for the process."""

from __future__ import annotations

import asyncio
import os
import weakref
from functools import cache
from typing import TYPE_CHECKING

from openrouter_nb.client import background_loop

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from openrouter_nb.client import OpenRouter


def default_model() -> str:
    """Return the model to ask: `OPENROUTER_NB_MODEL`, else OpenRouter's own choice."""
    return os.environ.get("OPENROUTER_NB_MODEL") or "openrouter/auto"


@cache
def shared_client() -> OpenRouter:
    """Return the client that all calls without `client=` share. Made on first use; it reads the environment each time."""
    from openrouter_nb.client import OpenRouter

    return OpenRouter()


_guards: weakref.WeakKeyDictionary[asyncio.AbstractEventLoop, AsyncGenerator[None]] = (
    weakref.WeakKeyDictionary()
)


async def close_with_the_loop(client: OpenRouter) -> None:
    """Close a client's connections on the running event loop when that ends, as after `asyncio.run(achat(…))`.

    Nobody else could: the caller has no client to close, and a loop tells of its end only to asynchronous generators.
    """
    loop = asyncio.get_running_loop()
    if loop in _guards or background_loop.runs_here():
        return

    async def guard() -> AsyncGenerator[None]:
        try:
            yield
        finally:
            await client.aclose_here()

    _guards[loop] = guard()
    await anext(_guards[loop])
