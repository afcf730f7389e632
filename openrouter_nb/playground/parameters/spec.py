"""How a row of the panel is made from a parameter of the one table, `openrouter_nb.parameters`.

What a value may be comes from there; this adds the control, the group, and the rows inside of objects.
"""

from __future__ import annotations

from typing import Any

from openrouter_nb.parameters import PARAMETERS

BASIC = "Parameters"
SAMPLING = "Sampling"
OUTPUT = "Output"
TOOLS = "Tools"
ROUTING = "Routing"
IDENTITY = "Identity & metadata"
TRANSPORT = "Transport"
EXTRA = "Extra body"

Spec = dict[str, Any]


def slider(name: str, group: str, **more: Any) -> Spec:
    """Return a row with a slider and a number."""
    return row(name, group, "slider", **{"step": 0.01, "arrow": 0.05, **more})


def row(name: str, group: str, control: str, **more: Any) -> Spec:
    """A row of a parameter, or with a dotted name and `help` and `kind` of its own one inside of an object."""
    top = PARAMETERS.get(name)
    spec: Spec = {
        "name": name,
        "label": name,
        "group": group,
        "control": control,
        "kind": "json",
        "help": "",
        "nullable": False,
        "advanced": False,
    }
    if top is not None:
        spec |= {"kind": top.kind, "help": top.help, "nullable": top.nullable}
        spec |= {key: value for key in ("minimum", "maximum") if (value := getattr(top, key)) is not None}
        if top.choices:
            spec |= {"choices": list(top.choices), "open": True}
    return spec | more


def flag(name: str, group: str, text: str, **more: Any) -> Spec:
    """Return a row of a switch inside of an object."""
    return row(name, group, "switch", kind="boolean", help=text, **more)


def chips(name: str, group: str, text: str, **more: Any) -> Spec:
    """Return a row of several texts inside of an object."""
    return row(name, group, "chips", kind="strings", help=text, open=True, **more)


def price(name: str, text: str) -> Spec:
    """Return a row for one of the highest prices, in dollars."""
    more = {"kind": "number", "help": f"{text}; endpoints above it are not used.", "minimum": 0, "unit": "$"}
    return row(f"provider.max_price.{name}", ROUTING, "number", advanced=True, **more)
