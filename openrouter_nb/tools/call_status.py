"""Human-readable status of a tool call."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from openrouter_nb.render.answer.tool_calls import ToolCallView
from openrouter_nb.tools.tool_results import pictures, text_of, without_pictures

if TYPE_CHECKING:
    from openrouter_nb.tools.tool_call import ToolCall


def status_text(call: ToolCall, *, is_timed: bool = True) -> str:
    """Return the status of a call in a few words; without its time if outputs are compared with those of other runs."""
    is_timed = is_timed and call.seconds is not None and os.environ.get("OPENROUTER_NB_LIVE") != "0"
    took = f" in {_time(call.seconds or 0)}" if is_timed else ""
    return {
        "proposed": "asked for",
        "waiting": "waiting for you",
        "running": "running",
        "done": f"ran with changed arguments{took}" if call.edited else f"ran{took}",
        "answered": "answered by hand",
        "failed": "failed",
        "refused": "not run",
        "invalid": "not run: wrong arguments",
        "unknown": "not run: no such tool",
        "stopped": "stopped",
    }[call.status]


def _time(seconds: float) -> str:
    return f"{seconds * 1000:.0f} ms" if seconds < 1 else f"{seconds:.1f} s"


def tool_call_view(call: ToolCall, *, is_timed: bool = True) -> ToolCallView:
    """Return the view of a call for the saved notebook. Arguments are those of `status_text`."""
    text = text_of(without_pictures(call.content))
    return ToolCallView(status_text(call, is_timed=is_timed), text, call.output, pictures(call.content))
