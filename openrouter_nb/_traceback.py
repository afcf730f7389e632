"""Short tracebacks in notebooks: the user's code and the message, without this package's frames.

The traceback of a failed request has about ninety lines, through two event loops and the HTTP library, and is saved with the
notebook. Only IPython's display is changed: `%tb`, `%debug`, logs and scripts have the complete traceback and the cause.
"""

from __future__ import annotations

import sys
from types import FrameType, TracebackType

_PACKAGE = "openrouter_nb"
_SKIPPED = ("asyncio", "concurrent")  # frames of the user's tasks and threads


class ShortTraceback:
    """Mixin for exceptions whose message is sufficient without a traceback."""

    def _render_traceback_(self) -> list[str]:
        """Return the lines that IPython displays (IPython's protocol). `%tb` and `%xmode Verbose` show the complete traceback."""
        assert isinstance(self, BaseException)  # noqa: S101 - mixin of exceptions
        # Only IPython calls this, so it is loaded; do not import it, because scripts may not have it.
        formatter = sys.modules["IPython"].get_ipython().InteractiveTB
        own = _own_frames(self.__traceback__)
        if own is None or formatter.mode == "Verbose" or is_asked_for(self):
            return list(formatter.structured_traceback(type(self), self, self.__traceback__))
        return list(formatter.structured_traceback(type(self), _without_cause(self), own))


def is_asked_for(error: BaseException) -> bool:
    """Whether `%tb` asks for the traceback, and not the display or logging of a cell that just failed.

    Only for `_render_traceback_`: inspects the caller's caller.
    """
    caller = sys._getframe(2)  # noqa: SLF001 - IPython passes no argument that distinguishes them
    return caller.f_code.co_name == "showtraceback" and sys.exc_info()[1] is not error


def _own_frames(traceback: TracebackType | None) -> TracebackType | None:
    """Return the traceback up to the first frame of this package; None if there is no user frame."""
    frames = []
    while traceback is not None and (module := _module(traceback.tb_frame)) != _PACKAGE:
        if module not in _SKIPPED:
            frames.append(traceback)
        traceback = traceback.tb_next
    # The first frame is IPython's, which runs the cell; its formatter skips it.
    if traceback is None or len(frames) < 2:
        return None
    own: TracebackType | None = None
    for each in reversed(frames):
        own = TracebackType(own, each.tb_frame, each.tb_lasti, each.tb_lineno)
    return own


def _module(frame: FrameType) -> str:
    return str(frame.f_globals.get("__name__", "")).partition(".")[0]


def _without_cause(error: BaseException) -> BaseException:
    """Return a copy without cause, made without `__init__`, which may require other arguments."""
    twin: BaseException = type(error).__new__(type(error))
    twin.args = error.args
    twin.__dict__.update(error.__dict__)
    twin.__suppress_context__ = True
    return twin
