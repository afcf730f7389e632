"""The code under a banner, and the words that lead over to it."""

from __future__ import annotations

import re

#: The line that asks the last question of a chat cell again.
AGAIN = "%chat_retry"

_LEAD = re.compile(r"(?:^|(?<=[.?!] ))[^.?!]*:$")


def retried(model: str) -> str:
    """Return the line that asks another model."""
    return f"{AGAIN} -m {model}"


def repeated(remedy: str, again: str) -> str:
    """Return a remedy with another line in the place of the one that asks again; `""` where no line can."""
    first, found, change = remedy.rpartition(AGAIN)
    if not again:
        return ""
    if not found or again == AGAIN or (again.startswith(AGAIN) and " -m " in change):
        return remedy
    return f"{first}{again}{change}" if again.startswith(AGAIN) else f"{first}{again}"


def without_lead(meaning: str) -> str:
    """Return the meaning without the words that lead over to the code: another code takes its place."""
    kept = _LEAD.sub("", meaning).strip()
    return f"{kept} " if kept else ""
