"""Tools: functions that a model can call."""

from openrouter_nb.tools.function_schema import tool
from openrouter_nb.tools.tool import Tool, ToolDefinitionError
from openrouter_nb.tools.toolset import ToolLike, Toolset

__all__ = ["Tool", "ToolDefinitionError", "ToolLike", "Toolset", "tool"]
