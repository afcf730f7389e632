"""The tools that a column's request offers, with the policies set in the panel."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from openrouter_nb.tools import Toolset

if TYPE_CHECKING:
    from openrouter_nb.playground.state.state import Column, PlaygroundState
    from openrouter_nb.tools import Tool


def offered_tools(state: PlaygroundState, column: Column) -> Toolset:
    """Return the tools that a column's request offers, with the functions of the notebook."""
    offered = Toolset()
    for definition in state.request_params(column).get("tools") or ():
        try:
            named = Toolset.of([definition]).by_name
        except (TypeError, ValueError):
            continue  # an invalid definition: its calls are unknown
        offered.by_name |= {name: state.tools.get(name, tool) for name, tool in named.items()}
    return offered


def with_policy(state: PlaygroundState, tool: Tool) -> Tool:
    """Return a tool under its current policy: `manual` removes the function, so that a result is entered by hand."""
    if tool.name not in state.tools:
        return tool
    policy = state.policies.get(tool.name, "ask")
    return replace(tool, function=None) if policy == "manual" else replace(tool, approval=policy)
