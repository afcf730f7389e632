"""What all handlers of one simulator share."""

import asyncio
import dataclasses

from openrouter_nb.simulator.endpoints.catalog import Catalog
from openrouter_nb.simulator.request_log import RequestLog


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """The parts of a running simulator.

    Args:
        catalog: Its models.
        journal: Its log.
        require_key: Whether a key that looks like one of OpenRouter's is demanded.
        released: Has one permit for each time that an answer which is held may go on.
    """

    catalog: Catalog
    journal: RequestLog
    require_key: bool
    released: asyncio.Semaphore = dataclasses.field(default_factory=lambda: asyncio.Semaphore(0))
