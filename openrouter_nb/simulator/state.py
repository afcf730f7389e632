"""What all handlers of one simulator share."""

import dataclasses

from openrouter_nb.simulator.catalog import Catalog
from openrouter_nb.simulator.journal import Journal


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """The parts of a running simulator.

    Args:
        catalog: Its models.
        journal: Its log.
        require_key: Whether a key that looks like one of OpenRouter's is demanded.
    """

    catalog: Catalog
    journal: Journal
    require_key: bool
