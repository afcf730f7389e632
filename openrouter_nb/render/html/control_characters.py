"""Remove control characters from text and spell out bidirectional marks."""

from __future__ import annotations

import re

from openrouter_nb.surrogates import well_formed

# Escape sequences that a terminal would execute: CSI, OSC up to its terminator, and the two-character ones.
_ESCAPES = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|[\]PX^_][^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c)?|[ -~])?")
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
# Characters that reorder text (Trojan Source, CVE-2021-42574); they are shown by their code points.
_BIDI = re.compile(r"[\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c]")


def escape_control(text: str) -> str:
    """Return the text without control characters and lone surrogates, and with bidirectional marks spelled out."""
    text = well_formed(text).replace("\r\n", "\n")
    if not _CONTROLS.search(text) and not _BIDI.search(text):
        return text
    text = _CONTROLS.sub("", _ESCAPES.sub("", text))
    return _BIDI.sub(lambda match: f"[U+{ord(match[0]):04X}]", text)
