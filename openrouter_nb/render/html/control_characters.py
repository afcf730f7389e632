"""Characters that change or hide text, shown as escapes: control characters, invisible and bidirectional ones."""

from __future__ import annotations

import re

from openrouter_nb.surrogates import well_formed

# Escape sequences that a terminal would execute: colors and cursor movements (CSI), and strings such as titles and links. One
# that does not end is not removed, so that no text is lost.
_SEQUENCES = re.compile(r"\x1b(?:\[[0-?]{0,32}[@-~]|[\]PX^_][^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c))")
# Invisible characters where they have a purpose: joiners and variation selectors in emoji and non-Latin words, the tags of the
# flags of England, Scotland and Wales, and the marks of direction, which are ordinary in Hebrew and Arabic and reorder nothing
# but the punctuation beside them; longer runs of them can hold hidden text.
_USED = (
    r"(?<=[^\x00-\u02ff\u200b-\u200f\u2028-\u202e\ufe00-\ufe0f])[\u200c\u200d](?=[^\x00-\u02ff\u200b-\u200f])"
    r"|(?<=[#*0-9\u00a9\u00ae\u2030-\u2bff\u3030\u303d\u3297\u3299\U0001f000-\U0001faff])[\ufe0e\ufe0f]"
    r"|(?<=\ufe0f)\u200d(?=[^\x00-\u02ff])"
    r"|(?<![\u200e\u200f\u061c])[\u200e\u200f\u061c]{1,2}(?![\u200e\u200f\u061c])"
    r"|\U0001f3f4[\U000e0030-\U000e0039\U000e0061-\U000e007a]{2,6}\U000e007f"
)
# Control characters; bidirectional ones (Trojan Source, CVE-2021-42574); zero-width ones, fillers, variation selectors and tags,
# which can hold text that only a model reads.
_HIDING = re.compile(
    rf"({_USED})|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f"
    r"\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e0fff]"
)

# Letters that are written from right to left: Hebrew, Arabic, Syriac, Thaana, N'Ko and their presentation forms; and the mark
# that counts as one.
_RIGHT_TO_LEFT = re.compile(
    "[\u200f\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]"
)


def escape_control(text: str) -> str:
    """Return the text with control, invisible and bidirectional characters as `[U+200B]`; newlines and tabs are kept.

    Lone surrogates become U+FFFD; carriage returns and complete escape sequences are removed.
    """
    text = well_formed(text)
    if text.isascii() and text.isprintable():
        return text
    text = _SEQUENCES.sub("", text.replace("\r", ""))
    return _HIDING.sub(lambda match: match[1] or f"[U+{ord(match[0]):04X}]", text)


def is_right_to_left(text: str) -> bool:
    """Return whether a text has letters that are written from right to left."""
    return not text.isascii() and _RIGHT_TO_LEFT.search(text) is not None
