"""From what stands in a cell to the message that is sent."""

from openrouter_nb.notebook.prompt.attach import attach
from openrouter_nb.notebook.prompt.interpolate import Prompt, PromptError, interpolate

__all__ = ["Prompt", "PromptError", "attach", "interpolate"]
