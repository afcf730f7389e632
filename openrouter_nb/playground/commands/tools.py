"""Offer tools and schemas of the notebook, and decide about tool calls."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from openrouter_nb.output.output_schema import OutputSchema
from openrouter_nb.output.validation_errors import WrongValueError
from openrouter_nb.parameters import nearest
from openrouter_nb.playground.state import dotted_path
from openrouter_nb.playground.state.thread_items import PlaygroundError
from openrouter_nb.tools import ToolDefinitionError, Toolset
from openrouter_nb.tools.tool_call import Decision, Refuse, Respond, Run, RunWith, ToolCall

if TYPE_CHECKING:
    from openrouter_nb.playground.commands.context import PanelContext


def tool_from(panel: PanelContext, variable: str) -> None:
    """Offer a function of the notebook."""
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
    """Use a class of the notebook as the schema of answers."""
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


def tool_policy(panel: PanelContext, tool: str, policy: Literal["ask", "auto", "manual"]) -> None:
    """Set whether a tool runs after approval (`ask`), never (`manual`) or always (`auto`, if its author allows that)."""
    known = panel.state.tools.get(tool)
    if policy == "auto" and (known is None or known.approval != "auto"):
        raise PlaygroundError("Only Python lets a function run unasked: @tool(approve='auto').")
    panel.state.policies[tool] = policy


def tool_run(
    panel: PanelContext, item: str, call: str, column: str | None = None, arguments: str | None = None
) -> None:
    """Run a tool call, with other arguments if some are given."""
    waiting = _waiting_call(panel, item, column, call)
    if waiting.tool is None or waiting.tool.function is None:
        raise PlaygroundError("There is no function of this name here: enter the result by hand.")
    _decide(waiting, Run() if arguments is None else RunWith(arguments))


def tool_result(panel: PanelContext, item: str, call: str, text: str, column: str | None = None) -> None:
    """Use a text as the result of a tool call that is not run."""
    _decide(_waiting_call(panel, item, column, call), Respond(text))


def tool_refuse(panel: PanelContext, item: str, call: str, column: str | None = None, text: str = "") -> None:
    """Refuse a tool call, and tell the model the reason if there is one."""
    _decide(_waiting_call(panel, item, column, call), Refuse(text))


def _waiting_call(panel: PanelContext, item: str, column: str | None, call: str) -> ToolCall:
    found = panel.state.thread.card(item, column).calls.get(call)
    if found is None:
        raise PlaygroundError("This call is no longer waiting: send again for a new answer.")
    if found.status != "waiting" or found.is_decided:
        raise PlaygroundError("This call was decided already.")
    return found


def _decide(call: ToolCall, decision: Decision) -> None:
    try:
        call.decide(decision)
    except WrongValueError as error:
        raise PlaygroundError(f"The function does not take these arguments: {error}") from None
