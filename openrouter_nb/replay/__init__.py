"""Record answers in a readable file next to the notebook, and replay them for identical requests.

The client is in `openrouter_nb.replay.client`, which is imported lazily because it imports `openrouter_nb.client`.
"""

from openrouter_nb.replay.file import ReplayFile, open_file
from openrouter_nb.replay.mode import MODES, Mode, mode_of
from openrouter_nb.replay.path import replay_path

__all__ = ["MODES", "Mode", "ReplayFile", "mode_of", "open_file", "replay_path"]
