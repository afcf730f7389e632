"""The playground: every request parameter, the conversation, and answers side by side, in an output cell."""

from openrouter_nb.playground.playground import Playground

__all__ = ["Playground"]
