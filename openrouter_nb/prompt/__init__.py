"""Build user messages: templates, attachments, values as text."""

from openrouter_nb.prompt.attachments import attach, attach_value, attached_name, read_text
from openrouter_nb.prompt.template import Prompt, PromptError, interpolate

__all__ = ["Prompt", "PromptError", "attach", "attach_value", "attached_name", "interpolate", "read_text"]
