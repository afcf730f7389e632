"""Whether to send, to replay, or both."""

from __future__ import annotations

import os
from typing import Literal, get_args

from openrouter_nb.errors import ConfigurationError
from openrouter_nb.parameters import nearest

Mode = Literal["live", "auto", "only"]
MODES: tuple[Mode, ...] = get_args(Mode)
VARIABLE = "OPENROUTER_NB_REPLAY"


def mode_of(asked: str | None = None) -> Mode:
    """Return the mode: the one asked for, else `OPENROUTER_NB_REPLAY`, else `live`.

    `live` sends every request and keeps nothing; `auto` answers a request that was answered before from the file, and sends
    and keeps any other; `only` never sends.

    Raises:
        ConfigurationError: there is no such mode.
    """
    word = asked or os.environ.get(VARIABLE, "").strip() or "live"
    if word not in MODES:
        where = "replay" if asked else VARIABLE
        raise ConfigurationError(
            f"{where} takes {', '.join(MODES)}, not {word!r}.{nearest(word, MODES)} Nothing was sent."
        )
    return word
