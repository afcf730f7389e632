"""Regular expressions from outside, tried where they can be ended: in a process of their own.

Python's `re` may need longer than a life for one short text, and until it is through nothing else runs, neither another
thread nor an interrupt. So the patterns of a schema that somebody else wrote are rehearsed, and applied here only after
they were quick there.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

# A process starts in some hundredths of a second, so whatever cannot take long is not rehearsed: a pattern with one choice
# at most, tried at every place of a short text.
_CHOICE = re.compile(r"[*+?(|]|\{\d*,")
_SHORT = 1_000  # characters

_REHEARSAL = """
import json, re, sys
patterns, texts = json.load(sys.stdin)
for pattern in patterns:
    try:
        search = re.compile(pattern).search
    except (re.error, OverflowError, RecursionError):
        continue
    for text in texts:
        search(text)
"""


class RegexTimeoutError(Exception):
    """The patterns take too long, or nobody can tell how long."""


def patterns_in(schema: Any) -> set[str]:
    """Return every regular expression that a JSON Schema may apply."""
    found = set()
    for key, value in _members(schema):
        if key == "pattern" and isinstance(value, str):
            found.add(value)
        elif key == "patternProperties" and isinstance(value, dict):
            found |= {*value, "|".join(value)}  # jsonschema joins them to find what is left over
    return found


def run_with_timeout(patterns: set[str], value: Any, *, timeout_s: float) -> None:
    """Return once all patterns are known to be quick with all texts of a JSON value.

    Args:
        patterns: Regular expressions; those that are none are passed over.
        value: A JSON value.
        timeout_s: Seconds that all of them together may take.

    Raises:
        RegexTimeoutError: they take longer, or a process cannot be started.
    """
    texts = {text for member in _members({"": value}) for text in member if isinstance(text, str)}
    is_short = all(len(text) <= _SHORT for text in texts)
    doubtful = [each for each in patterns if not (is_short and len(_CHOICE.findall(each)) <= 1)]
    if not doubtful or not texts:
        return
    # Isolated and without `site`: it shall load neither what lies in the current folder nor what is installed.
    command = [sys.executable or "python3", "-I", "-S", "-c", _REHEARSAL]
    try:
        done = subprocess.run(  # noqa: S603 - this module's own program
            command,
            input=json.dumps([doubtful, list(texts)]).encode(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=timeout_s,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise RegexTimeoutError from None
    except (OSError, RuntimeError):  # no processes in a browser's Python
        raise RegexTimeoutError from None
    if done.returncode:
        raise RegexTimeoutError


def _members(value: Any) -> Iterator[tuple[Any, Any]]:
    """Yield the keys and values of all objects within a JSON value, and the items of all arrays under None."""
    waiting = [value]
    while waiting:
        inner = waiting.pop()
        if isinstance(inner, (dict, list)):
            pairs = list(inner.items()) if isinstance(inner, dict) else [(None, item) for item in inner]
            waiting += [item for _, item in pairs]
            yield from pairs
