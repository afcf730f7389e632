"""Which addresses of a model's text may become links or pictures."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

_LINK = re.compile(r"^(?:https?://|mailto:)[^\s]", re.IGNORECASE)
_IMAGE = re.compile(r"^data:image/(?:png|jpeg|webp|gif);base64,[A-Za-z0-9+/=]+$", re.IGNORECASE)
_MAX_IMAGE = 4 * 1024 * 1024


def is_link(url: str) -> bool:
    """Whether an address may be clicked: http, https and mailto."""
    return bool(_LINK.match(url))


def is_page(url: str) -> bool:
    """Whether an address is that of a page: http and https."""
    return is_link(url) and url[:4].lower() == "http"


def is_inline_image(url: str) -> bool:
    """Whether an address holds the picture itself, in a raster format and within 4 MiB. Nothing else is shown.

    A remote picture is a request to whoever the model names, with whatever it puts into the address.
    """
    return len(url) <= _MAX_IMAGE and bool(_IMAGE.match(url))


def host(url: str) -> str:
    """Return the host of an address, or `""`."""
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""
