"""Build one control spec of the panel from a row of `openrouter_nb.parameters`, or from a field of a request object.

The row has the type, the bounds and the help of a value; a spec adds the control and the group.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from openrouter_nb.components.options import ChatAudioOptions, ChatDebugOptions
from openrouter_nb.components.provider import MaxPrice, ProviderPreferences
from openrouter_nb.components.reasoning import ChatRequestReasoning
from openrouter_nb.parameters import PARAMETERS
from openrouter_nb.playground.parameters.references import reference

if TYPE_CHECKING:
    from collections.abc import Mapping

    from openrouter_nb.components.base import RequestModel

BASIC = "Common"
SAMPLING = "Sampling"
OUTPUT = "Output"
TOOLS = "Tools"
ROUTING = "Routing"
IDENTITY = "Identity & metadata"
TRANSPORT = "Transport"
EXTRA = "Extra body"

Spec = dict[str, Any]

# Models whose field descriptions are the help of dotted names, such as `reasoning.effort`.
_OBJECTS: Mapping[str, type[RequestModel]] = {
    "audio": ChatAudioOptions,
    "debug": ChatDebugOptions,
    "provider": ProviderPreferences,
    "provider.max_price": MaxPrice,
    "reasoning": ChatRequestReasoning,
}


def slider(name: str, group: str, **more: Any) -> Spec:
    """Return the spec of a slider with a number field."""
    return row(name, group, "slider", **{"step": 0.01, "arrow": 0.05, **more})


def row(name: str, group: str, control: str, **more: Any) -> Spec:
    """Return the spec of a parameter, or with a dotted name of a field inside an object.

    Args:
        name: Name on the wire.
        group: Group in which it is displayed.
        control: Control that edits it.
        more: Further attributes, which override those of the parameter.
    """
    parameter = PARAMETERS.get(name)
    spec: Spec = {
        "name": name,
        "label": name,
        "group": group,
        "control": control,
        "kind": "json",
        "help": _description(name),
        "nullable": False,
        "advanced": False,
    }
    if page := reference(name):
        spec["reference"] = page
    if parameter is not None:
        spec |= {"kind": parameter.kind, "help": parameter.help, "nullable": parameter.nullable}
        spec |= {
            key: value for key in ("minimum", "maximum") if (value := getattr(parameter, key)) is not None
        }
        if parameter.choices:
            spec |= {"choices": list(parameter.choices), "open": True}
    return spec | more


def flag(name: str, group: str, **more: Any) -> Spec:
    """Return the spec of a switch inside an object."""
    return row(name, group, "switch", kind="boolean", **more)


def chips(name: str, group: str, **more: Any) -> Spec:
    """Return the spec of a list of texts inside an object."""
    return row(name, group, "chips", kind="strings", open=True, **more)


def json_field(name: str, group: str, example: Any, **more: Any) -> Spec:
    """Return the spec of an object or array that is edited as JSON, with an example as its placeholder."""
    return row(name, group, "json", **{"advanced": True, "ghost": json.dumps(example), **more})


def price(name: str) -> Spec:
    """Return the spec of a maximum price in US dollars."""
    return row(
        f"provider.max_price.{name}", ROUTING, "number", kind="number", minimum=0, unit="$", advanced=True
    )


def _description(name: str) -> str:
    """Return the description of a field inside an object, `""` for other names."""
    owner, _, field = name.rpartition(".")
    model = _OBJECTS.get(owner)
    return (model.model_fields[field].description or "") if model else ""
