"""Change parameters of requests, and client settings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from openrouter_nb.parameters import PARAMETERS, nearest, number_problem
from openrouter_nb.playground.parameters.specs import param_specs, setting_specs
from openrouter_nb.playground.state import dotted_path
from openrouter_nb.playground.state.thread_items import PlaygroundError

if TYPE_CHECKING:
    from openrouter_nb.playground.commands.context import PanelContext


def set_param(panel: PanelContext, name: str, value: Any, column: str | None = None) -> None:
    """Set a parameter, for all columns or one.

    Parameters that it excludes are unset; the switch that it requires is turned on.
    """
    top = name.partition(".")[0]
    if top not in PARAMETERS and top != "extra_body":
        raise PlaygroundError(f"There is no parameter {top!r}.{nearest(top, PARAMETERS)}")
    if top in ("model", "messages"):
        raise PlaygroundError(f"{top} is set by the panel itself.")
    spec = next((row for row in param_specs() if row["name"] == name), {})
    holder = _holder(panel, column)
    for other in spec.get("excludes", ()):
        holder = dotted_path.drop(holder, other)
    _hold(panel, column, dotted_path.put(holder, name, value))
    _turn_on(panel, column, spec)
    if value is not True:
        _drop_dependent(panel, column, name)


def unset_param(panel: PanelContext, name: str, column: str | None = None) -> None:
    """Unset a parameter, so that it is not sent: the switch that it turned on as well, and what requires it."""
    holder = dotted_path.drop(_holder(panel, column), name)
    if switch := panel.state.turned_on.pop((column, name), ""):
        holder = dotted_path.drop(holder, switch)
    _hold(panel, column, holder)
    _drop_dependent(panel, column, name)
    panel.state.forced.discard(name.partition(".")[0])


def null_param(panel: PanelContext, name: str, column: str | None = None) -> None:
    """Set a parameter to null, if the service accepts it."""
    spec = next((row for row in param_specs() if row["name"] == name), None)
    if spec is None or not spec["nullable"]:
        raise PlaygroundError(f"{name} takes no null: unset it.")
    _hold(panel, column, dotted_path.put(_holder(panel, column), name, None))
    _drop_dependent(panel, column, name)


def _turn_on(panel: PanelContext, column: str | None, spec: dict[str, Any]) -> None:
    """Turn on the switch that a parameter requires, and record it if it was off."""
    switch, state = spec.get("requires"), panel.state
    values = state.effective_params(state.column(column)) if column else state.params
    if switch and dotted_path.get(values, switch) is not True:
        _hold(panel, column, dotted_path.put(_holder(panel, column), switch, True))
        state.turned_on[column, spec["name"]] = switch


def _drop_dependent(panel: PanelContext, column: str | None, switch: str) -> None:
    """Unset the parameters that require a switch. The switch is the user's from here on."""
    for spec in param_specs():
        if spec.get("requires") == switch:
            _hold(panel, column, dotted_path.drop(_holder(panel, column), spec["name"]))
            panel.state.turned_on.pop((column, spec["name"]), None)


def _holder(panel: PanelContext, column: str | None) -> dict[str, Any]:
    return panel.state.column(column).overrides if column else panel.state.params


def _hold(panel: PanelContext, column: str | None, holder: dict[str, Any]) -> None:
    if column:
        panel.state.column(column).overrides = holder
    else:
        panel.state.params = holder


def force_param(panel: PanelContext, name: str, on: bool) -> None:
    """Send a parameter even if the model does not list it; or stop doing so."""
    (panel.state.forced.add if on else panel.state.forced.discard)(name.partition(".")[0])


def set_setting(panel: PanelContext, name: str, value: Any) -> None:
    """Set a client setting, which is not sent; null unsets it."""
    spec = next((row for row in setting_specs() if row["name"] == name), None)
    if spec is None:
        raise PlaygroundError(
            f"There is no setting {name!r}.{nearest(name, [r['name'] for r in setting_specs()])}"
        )
    if value is None:
        panel.state.settings.pop(name, None)
        return
    if spec["kind"] in ("number", "integer"):
        whole = spec["kind"] == "integer"
        if wrong := number_problem(name, value, spec.get("minimum"), spec.get("maximum"), whole=whole):
            raise PlaygroundError(wrong)
    elif not isinstance(value, list) or not all(str(item).isdigit() for item in value):
        raise PlaygroundError(f"{name} takes a list of statuses, such as 404.")
    panel.state.settings[name] = value


def convert_deprecated(panel: PanelContext, name: str) -> None:
    """Replace a deprecated parameter by its successor."""
    state = panel.state
    value = dotted_path.get(state.params, name)
    if value is dotted_path.MISSING:
        raise PlaygroundError(f"{name} is not set.")
    state.params = dotted_path.drop(state.params, name)
    if name == "route" and value == "fallback":
        # Source: OpenAPI document, August 2026: route is an alias of provider.sort.partition.
        state.params = dotted_path.put(state.params, "provider.sort", {"partition": "model"})
    elif name == "max_tokens":
        state.params = dotted_path.put(state.params, "max_completion_tokens", value)
    elif name == "reasoning_effort":
        state.params = dotted_path.put(state.params, "reasoning.effort", value)
    elif name == "include_reasoning":
        state.params = dotted_path.put(state.params, "reasoning.exclude", not value)
