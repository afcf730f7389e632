"""The package's logger: silent unless asked, and without keys whatever is asked.

`OPENROUTER_DEBUG=1` shows each request with status, time and ids; `OPENROUTER_DEBUG=body` also what was sent, prompts
included. Both go to stderr, which in a notebook is the cell's output, unless the program has set handlers up.
"""

from __future__ import annotations

import logging
import os

from openrouter_nb.redaction import redact

#: Its children are not used, so that one filter sees everything.
logger = logging.getLogger("openrouter_nb")

_OFF = frozenset({"", "0", "false", "no", "off"})


class _Redaction(logging.Filter):
    """Takes keys and account ids out of every record."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = redact(record.getMessage()), ()
        return True


def follow_environment() -> None:
    """Switch the logger to DEBUG if `OPENROUTER_DEBUG` asks for it. Done for each new client."""
    if not any(isinstance(known, _Redaction) for known in logger.filters):
        logger.addFilter(_Redaction())
    if os.environ.get("OPENROUTER_DEBUG", "").strip().lower() in _OFF:
        return
    logger.setLevel(logging.DEBUG)
    if not logger.hasHandlers():
        handler = logging.StreamHandler()
        handler.setFormatter(logging.Formatter("%(name)s: %(message)s"))
        logger.addHandler(handler)


def shows_bodies() -> bool:
    """Tell whether what is sent may be shown."""
    return os.environ.get("OPENROUTER_DEBUG", "").strip().lower() in ("body", "bodies")
