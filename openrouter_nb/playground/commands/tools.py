"""Tools and schemas from the notebook, and what is decided about calls."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from openrouter_nb.output.output_schema import OutputSchema
from openrouter_nb.parameters import nearest
from openrouter_nb.playground.state import dotted_path
from openrouter_nb.playground.state.thread_items import PlaygroundError
from openrouter_nb.tools import ToolDefinitionError, Toolset

if TYPE_CHECKING:
    from openrouter_nb.playground.controller import PlaygroundController


def tool_from(core: PlaygroundController, variable: str) -> None:
    """Offer a function of the notebook to the models."""
    value = core.session.namespace().get(variable)
    if value is None:
        raise PlaygroundError(
            f"There is no variable {variable!r}.{nearest(variable, core.session.namespace())}"
        )
    core.add_tools([value])


def schema_from(core: PlaygroundController, variable: str) -> None:
    """Ask for answers of a class of the notebook."""
    value = core.session.namespace().get(variable)
    if value is None:
        raise PlaygroundError(
            f"There is no variable {variable!r}.{nearest(variable, core.session.namespace())}"
        )
    try:
        wanted = OutputSchema.of(value)
    except TypeError as error:
        raise PlaygroundError(str(error)) from None
    core.session.schema = wanted
    core.session.params = dotted_path.put(core.session.params, "response_format", wanted.response_format)


def toolbox(tools: Any) -> Toolset:
    """Return a toolbox.

    Raises:
        PlaygroundError: something in it is no tool.
    """
    try:
        return Toolset.of(tools)
    except ToolDefinitionError as error:
        raise PlaygroundError(str(error)) from None


def tool_policy(core: PlaygroundController, tool: str, policy: str) -> None:
    """Say whether a tool runs after asking (`ask`), not at all (`manual`), or unasked (`auto`), where its author allows that."""
    known = core.session.tools.get(tool)
    if policy == "auto" and (known is None or known.approval != "auto"):
        raise PlaygroundError("Only Python lets a function run unasked: @tool(approve='auto').")
    core.session.policies[tool] = policy


def _decided(core: PlaygroundController, item: str, column: str | None) -> tuple[Any, Any]:
    return core.session.thread.find(item), core.session.thread.card(item, column)


def tool_run(
    core: PlaygroundController, item: str, call: str, column: str | None = None, arguments: str | None = None
) -> None:
    """Run a call that the model asks for."""
    core.calls.run(*_decided(core, item, column), call, arguments)


def tool_result(
    core: PlaygroundController, item: str, call: str, text: str, column: str | None = None
) -> None:
    """Answer a call by hand."""
    core.calls.answer(*_decided(core, item, column), call, text)


def tool_refuse(
    core: PlaygroundController, item: str, call: str, column: str | None = None, text: str = ""
) -> None:
    """Refuse a call."""
    core.calls.refuse(*_decided(core, item, column), call, text)
