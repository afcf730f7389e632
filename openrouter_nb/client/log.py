"""The package's logger: silent by default, with keys redacted at every level.

`OPENROUTER_DEBUG=1` logs each request with status, time and ids; `OPENROUTER_DEBUG=body` also the bodies that are sent,
prompts included. Both log to stderr, which in a notebook is the cell's output, unless the program has configured handlers.
"""

from __future__ import annotations

import logging
import os
import time
from typing import TYPE_CHECKING, Any, Protocol

from openrouter_nb.redaction import redact

if TYPE_CHECKING:
    from openrouter_nb.client.transport.http_transport import Response

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


def get_default_logger() -> logging.Logger:
    """Return the package's logger, at DEBUG if `OPENROUTER_DEBUG` is set. The name is that of OpenRouter's SDK."""
    follow_environment()
    return logger


class DebugLogger(Protocol):
    """A logger of the caller: a `logging.Logger`, or an object with its method `debug`."""

    def debug(self, msg: str, /, *args: Any) -> None:
        """Log a message."""


class ExchangeLog:
    """Logs requests and responses of one client.

    Args:
        debug_logger: A logger of the caller, which also receives bodies of requests. None: the package's logger.
    """

    def __init__(self, debug_logger: DebugLogger | None = None) -> None:
        self._caller = debug_logger

    def request(self, method: str, url: str, body: bytes | None) -> float:
        """Log a request, and return its time for `response`."""
        if body and (self._caller or _shows_bodies()):
            self._debug("%s %s sends %s", method, url, body.decode())
        return time.monotonic()

    def response(self, method: str, url: str, response: Response, started: float) -> None:
        """Log the head of a response."""
        self._debug(
            "%s %s: status %d after %.0f ms, request %s, generation %s",
            method,
            url,
            response.status,
            (time.monotonic() - started) * 1000,
            response.headers.get("cf-ray") or response.headers.get("request-id"),
            response.headers.get("x-generation-id"),
        )

    def _debug(self, message: str, *args: object) -> None:
        if self._caller is None:
            logger.debug(message, *args)
        else:
            self._caller.debug("%s", redact(message % args))


def _shows_bodies() -> bool:
    """Return whether to log request bodies."""
    return os.environ.get("OPENROUTER_DEBUG", "").strip().lower() in ("body", "bodies")
