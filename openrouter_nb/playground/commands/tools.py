"""Tools and schemas from the notebook, and what is decided about calls."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from openrouter_nb.output.output_schema import OutputSchema
from openrouter_nb.parameters import nearest
from openrouter_nb.playground.state import dotted_path
from openrouter_nb.playground.state.thread_items import PlaygroundError
from openrouter_nb.tools import ToolDefinitionError, Toolset

if TYPE_CHECKING:
    from openrouter_nb.playground.commands.context import PanelContext


def tool_from(panel: PanelContext, variable: str) -> None:
    """Offer a function of the notebook to the models."""
    value = panel.state.namespace().get(variable)
    if value is None:
        raise PlaygroundError(
            f"There is no variable {variable!r}.{nearest(variable, panel.state.namespace())}"
        )
    add_tools(panel, [value])


def add_tools(panel: PanelContext, tools: Any) -> None:
    """Offer tools to the models, besides those that are offered.

    Raises:
        PlaygroundError: something is not a tool.
    """
    state = panel.state
    try:
        toolset = Toolset.of(tools)
    except ToolDefinitionError as error:
        raise PlaygroundError(str(error)) from None
    state.tools |= toolset.by_name
    for tool in toolset.by_name.values():
        state.policies[tool.name] = tool.approval or "ask"
    offered = [item for item in state.params.get("tools") or () if _name(item) not in toolset.by_name]
    if toolset.definitions:
        state.params = {**state.params, "tools": [*offered, *toolset.definitions]}
    if toolset.plugins:
        plugins = [*(state.params.get("plugins") or ()), *toolset.plugins]
        state.params = {**state.params, "plugins": plugins}


def _name(tool: Any) -> str:
    function = tool.get("function") if isinstance(tool, dict) else None
    return str(function.get("name")) if isinstance(function, dict) else ""


def schema_from(panel: PanelContext, variable: str) -> None:
    """Ask for answers of a class of the notebook."""
    value = panel.state.namespace().get(variable)
    if value is None:
        raise PlaygroundError(
            f"There is no variable {variable!r}.{nearest(variable, panel.state.namespace())}"
        )
    try:
        wanted = OutputSchema.of(value)
    except TypeError as error:
        raise PlaygroundError(str(error)) from None
    panel.state.schema = wanted
    panel.state.params = dotted_path.put(panel.state.params, "response_format", wanted.response_format)


def tool_policy(panel: PanelContext, tool: str, policy: str) -> None:
    """Say whether a tool runs after asking (`ask`), not at all (`manual`), or unasked (`auto`), where its author allows that."""
    known = panel.state.tools.get(tool)
    if policy == "auto" and (known is None or known.approval != "auto"):
        raise PlaygroundError("Only Python lets a function run unasked: @tool(approve='auto').")
    panel.state.policies[tool] = policy


def _decided(panel: PanelContext, item: str, column: str | None) -> tuple[Any, Any]:
    return panel.state.thread.find(item), panel.state.thread.card(item, column)


def tool_run(
    panel: PanelContext, item: str, call: str, column: str | None = None, arguments: str | None = None
) -> None:
    """Run a call that the model asks for."""
    panel.calls.run(*_decided(panel, item, column), call, arguments)


def tool_result(panel: PanelContext, item: str, call: str, text: str, column: str | None = None) -> None:
    """Answer a call by hand."""
    panel.calls.answer(*_decided(panel, item, column), call, text)


def tool_refuse(panel: PanelContext, item: str, call: str, column: str | None = None, text: str = "") -> None:
    """Refuse a call."""
    panel.calls.refuse(*_decided(panel, item, column), call, text)
