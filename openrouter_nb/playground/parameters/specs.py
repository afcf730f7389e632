"""How each parameter is set by hand: the rows of the panel, from the one parameter table.

The browser draws these rows and knows no parameter by name.
"""

from __future__ import annotations

from functools import cache

from openrouter_nb.parameters import PARAMETERS
from openrouter_nb.playground.parameters.generation_specs import basic, output, sampling
from openrouter_nb.playground.parameters.request_specs import extra_body, identity, routing, tools, transport
from openrouter_nb.playground.parameters.setting_specs import settings
from openrouter_nb.playground.parameters.spec import EXTRA, Spec, row

# Set elsewhere in the panel: the picker and the thread.
ELSEWHERE = ("model", "messages")


@cache
def param_specs() -> tuple[Spec, ...]:
    """Return the rows of the request's parameters, in the order in which they are drawn."""
    rows = (*basic(), *sampling(), *output(), *tools(), *routing(), *identity(), *transport())
    rest = [name for name in PARAMETERS if name not in ELSEWHERE and not _covered(name, rows)]
    return (*rows, *(row(name, EXTRA, "json", advanced=True) for name in rest), extra_body())


def _covered(name: str, rows: tuple[Spec, ...]) -> bool:
    return any(row["name"].split(".")[0] == name for row in rows)


@cache
def setting_specs() -> tuple[Spec, ...]:
    """Return the rows of what is ours and never sent."""
    return settings()
