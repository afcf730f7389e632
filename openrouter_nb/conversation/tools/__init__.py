"""Functions that a model may ask for."""

from openrouter_nb.conversation.tools.define import tool
from openrouter_nb.conversation.tools.tool import Tool, ToolDefinitionError
from openrouter_nb.conversation.tools.toolbox import Toolbox, ToolLike

__all__ = ["Tool", "ToolDefinitionError", "ToolLike", "Toolbox", "tool"]
