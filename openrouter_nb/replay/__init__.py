"""Answers kept in a readable file beside the notebook, and given again to the same request without sending it.

What sends is in `openrouter_nb.replay.client`, imported when it is needed: it brings the client along.
"""

from openrouter_nb.replay.file import ReplayFile, open_file
from openrouter_nb.replay.mode import MODES, Mode, mode_of
from openrouter_nb.replay.path import replay_path

__all__ = ["MODES", "Mode", "ReplayFile", "mode_of", "open_file", "replay_path"]
