"""Replay modes."""

from __future__ import annotations

import os
from typing import Literal, get_args

from openrouter_nb.errors import ConfigurationError
from openrouter_nb.parameters import nearest

Mode = Literal["live", "auto", "only"]
MODES: tuple[Mode, ...] = get_args(Mode)
VARIABLE = "OPENROUTER_NB_REPLAY"


def mode_of(requested: str | None = None) -> Mode:
    """Return the mode: `requested`, else `OPENROUTER_NB_REPLAY`, else `live`.

    `live` sends every request and records nothing; `auto` answers recorded requests from the file, and sends and records
    others; `only` never sends.

    Raises:
        ConfigurationError: unknown mode.
    """
    mode = requested or os.environ.get(VARIABLE, "").strip() or "live"
    if mode not in MODES:
        where = "replay" if requested else VARIABLE
        raise ConfigurationError(
            f"{where} takes {', '.join(MODES)}, not {mode!r}.{nearest(mode, MODES)} Nothing was sent."
        )
    return mode
