"""Links of URLs that stand in the text as they are: `https://example.org`.

`js/src/markdown/bare-urls.ts` has the same rule for live answers; `tests/fixtures/bare_urls.json` has examples for both.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from markdown_it.rules_inline import StateInline

# Ends at spaces, quotes and punctuation beyond ASCII, such as that of Chinese sentences.
_URL = re.compile(
    r"""https?://[^\s<>"`\u2000-\u206f\u2e00-\u2e7f\u3000-\u303f\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65]+""",
    re.IGNORECASE,
)
_SCHEME = re.compile(r"https?$", re.IGNORECASE)
_PUNCTUATION = "?!.,:;*_'~"
_CLOSING = {")": "(", "]": "["}


def bare_url(text: str, start: int = 0) -> str:
    """Return the URL at a position, without punctuation behind it and closing brackets that it does not open; `""` for none."""
    match = _URL.match(text, start)
    found = match[0] if match else ""
    excess = {close: found.count(close) - found.count(opening) for close, opening in _CLOSING.items()}
    end = len(found)
    while end:
        last = found[end - 1]
        if excess.get(last, 0) > 0:
            excess[last] -= 1
        elif last not in _PUNCTUATION:
            break
        end -= 1
    url = found[:end]
    return url if re.search("://[^/]", url) else ""


def bare_url_rule(state: StateInline, silent: bool) -> bool:
    """Recognize a URL at its colon: the parser stops there, and not at letters."""
    if state.linkLevel > 0 or not state.src.startswith("://", state.pos):
        return False
    scheme = _SCHEME.search(state.pending[-5:])
    url = bare_url(state.src, state.pos - len(scheme[0])) if scheme else ""
    if scheme is None or not url:
        return False
    if not silent:
        state.pending = state.pending[: -len(scheme[0])]
        state.push("link_open", "a", 1).attrs = {"href": state.md.normalizeLink(url)}
        state.push("text", "", 0).content = url
        state.push("link_close", "a", -1)
    state.pos += len(url) - len(scheme[0])
    return True
