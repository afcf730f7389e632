"""Defaults: the model, and a client shared by the process."""

from __future__ import annotations

import asyncio
import os
import threading
from functools import cache
from typing import TYPE_CHECKING

from openrouter_nb.client import background_loop
from openrouter_nb.parameters import shown

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator
    from typing import Any

    from openrouter_nb.client import OpenRouter


def default_model() -> str:
    """Return the default model: `OPENROUTER_NB_MODEL`, else `openrouter/auto`."""
    return os.environ.get("OPENROUTER_NB_MODEL") or "openrouter/auto"


_lock = threading.Lock()


def shared_client() -> OpenRouter:
    """Return the client of all calls without `client=`. Created on first use; reads the environment for each request."""
    with _lock:  # `cache` calls the function in each thread that is first
        return _shared_client()


@cache
def _shared_client() -> OpenRouter:
    from openrouter_nb.client import OpenRouter

    return OpenRouter()


def check_client(client: Any) -> None:
    """Reject an object that is not a client, such as a class.

    Raises:
        TypeError: it has no `chat`.
    """
    if not hasattr(client, "chat"):
        raise TypeError(f"client takes a client, such as OpenRouter(), not {shown(client)}.")


_guards: dict[asyncio.AbstractEventLoop, AsyncGenerator[None]] = {}  # a generator refers to its loop


async def close_with_loop(client: OpenRouter) -> None:
    """Close a client's connections on the running event loop when it shuts down, as after `asyncio.run(achat(…))`.

    The caller has no client to close, and the only shutdown hook of a loop is `shutdown_asyncgens`.
    """
    loop = asyncio.get_running_loop()
    if loop in _guards or background_loop.runs_here():
        return

    async def guard() -> AsyncGenerator[None]:
        try:
            yield
        finally:
            _guards.pop(loop, None)
            await client.aclose_here()

    _guards[loop] = guard()
    await anext(_guards[loop])
