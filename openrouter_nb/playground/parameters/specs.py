"""Control specs of the panel, built from the parameter table.

The browser renders these specs and contains no parameter names.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from openrouter_nb.parameters import PARAMETERS
from openrouter_nb.playground.parameters.generation_specs import basic, output, sampling
from openrouter_nb.playground.parameters.request_specs import extra_body, identity, routing, tools, transport
from openrouter_nb.playground.parameters.setting_specs import settings
from openrouter_nb.playground.parameters.spec import EXTRA, Spec, row

if TYPE_CHECKING:
    from collections.abc import Mapping

    from openrouter_nb.parameters import Kind

# Set by other parts of the panel: the model picker and the thread.
ELSEWHERE = ("model", "messages")
_CONTROLS: Mapping[Kind, str] = {
    "number": "number",
    "integer": "number",
    "boolean": "switch",
    "string": "text",
    "strings": "chips",
    "json": "json",
}


@cache
def param_specs() -> tuple[Spec, ...]:
    """Return the specs of the request parameters, in display order."""
    specs = (*basic(), *sampling(), *output(), *tools(), *routing(), *identity(), *transport())
    rest = [name for name in PARAMETERS if name not in ELSEWHERE and not _covered(name, specs)]
    return (*specs, *(row(name, EXTRA, _control(name), advanced=True) for name in rest), extra_body())


def _covered(name: str, specs: tuple[Spec, ...]) -> bool:
    return any(spec["name"].split(".")[0] == name for spec in specs)


def _control(name: str) -> str:
    """Return the control of a parameter that has no spec in another group."""
    parameter = PARAMETERS[name]
    return "select" if parameter.choices else _CONTROLS[parameter.kind]


@cache
def setting_specs() -> tuple[Spec, ...]:
    """Return the specs of the client's settings, which are never sent."""
    return settings()
