"""State shared by the handlers of one simulator."""

import asyncio
import dataclasses

from openrouter_nb.simulator.endpoints.catalog import Catalog
from openrouter_nb.simulator.request_log import RequestLog


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """Shared state of a running simulator.

    Args:
        catalog: The models.
        request_log: The log of requests and exchanges.
        require_key: Whether a key that begins with `sk-or-` is required.
        host: The host that the server listens on.
        released: One permit for each paused response that may resume.
    """

    catalog: Catalog
    request_log: RequestLog
    require_key: bool
    host: str
    released: asyncio.Semaphore = dataclasses.field(default_factory=lambda: asyncio.Semaphore(0))
