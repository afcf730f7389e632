"""Run untrusted regular expressions with a timeout, in a subprocess.

`re` can backtrack exponentially while it holds the GIL: no other thread runs and no interrupt is delivered. So the patterns
of a foreign schema are applied in a subprocess first, and in this process only if they ended in time there.

The package `regex` does not replace the subprocess, although its calls take a timeout. Measured with 2026.11.19: its timeout
does not cover compilation (`a{1000000000}` compiles for a minute and takes 5.9 GB, where `re` takes 0.1 ms), and it
counts CPU time, so that 0.5 s were 6 s on a busy machine. It is also not the engine that jsonschema applies, and has no
wheel for Pyodide on PyPI (November 2026).
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

# Starting a process takes some hundredths of a second, so patterns that cannot take long are not run there: those with at
# most one choice, applied to short texts.
_CHOICE = re.compile(r"[*+?(|]|\{\d*,")
_SHORT = 1_000  # characters

_PROGRAM = """
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
    """The patterns take too long, or cannot be run with a timeout."""


def patterns_in(schema: Any) -> set[str]:
    """Return every regular expression that a JSON Schema may apply."""
    found = set()
    for key, value in _members(schema):
        if key == "pattern" and isinstance(value, str):
            found.add(value)
        elif key == "patternProperties" and isinstance(value, dict):
            found |= {*value, "|".join(value)}  # jsonschema joins them to find additional properties
    return found


def run_with_timeout(patterns: set[str], value: Any, *, timeout_s: float) -> None:
    """Apply patterns to all texts of a JSON value in a subprocess; return if that ends in time.

    Args:
        patterns: Regular expressions; invalid ones are skipped.
        value: A JSON value.
        timeout_s: Seconds that all of them together may take.

    Raises:
        RegexTimeoutError: they take longer, or a process cannot be started.
    """
    texts = {text for member in _members({"": value}) for text in member if isinstance(text, str)}
    is_short = all(len(text) <= _SHORT for text in texts)
    risky = [each for each in patterns if not (is_short and len(_CHOICE.findall(each)) <= 1)]
    if not risky or not texts:
        return
    # Isolated and without `site`, so that it loads neither modules of the current folder nor installed packages.
    command = [sys.executable or "python3", "-I", "-S", "-c", _PROGRAM]
    try:
        done = subprocess.run(  # noqa: S603 - this module's own program
            command,
            input=json.dumps([risky, list(texts)]).encode(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=timeout_s,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise RegexTimeoutError from None
    except (OSError, RuntimeError):  # Pyodide has no processes
        raise RegexTimeoutError from None
    if done.returncode:
        raise RegexTimeoutError


def _members(value: Any) -> Iterator[tuple[Any, Any]]:
    """Yield the keys and values of all objects within a JSON value, and the items of all arrays under None."""
    pending = [value]
    while pending:
        inner = pending.pop()
        if isinstance(inner, (dict, list)):
            pairs = list(inner.items()) if isinstance(inner, dict) else [(None, item) for item in inner]
            pending += [item for _, item in pairs]
            yield from pairs
