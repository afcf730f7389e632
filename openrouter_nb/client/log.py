"""The package's logger: silent by default, with keys redacted at every level.

`OPENROUTER_DEBUG=1` logs each request with status, time and ids; `OPENROUTER_DEBUG=body` also the bodies that are sent,
prompts included. Both log to stderr, which in a notebook is the cell's output, unless the program has configured handlers.
"""

from __future__ import annotations

import logging
import os

from openrouter_nb.redaction import redact

#: Child loggers are not used, so that one filter sees every record.
logger = logging.getLogger("openrouter_nb")

_OFF = frozenset({"", "0", "false", "no", "off"})


class _Redaction(logging.Filter):
    """Redacts keys and account ids in every record."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = redact(record.getMessage()), ()
        return True


def follow_environment() -> None:
    """Set the logger to DEBUG if `OPENROUTER_DEBUG` is set. Called for each new client."""
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
    """Return whether to log request bodies."""
    return os.environ.get("OPENROUTER_DEBUG", "").strip().lower() in ("body", "bodies")
