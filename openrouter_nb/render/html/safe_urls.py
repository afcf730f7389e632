"""Allow-lists of URLs that may become links or images."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

_LINK = re.compile(r"^(?:https?://|mailto:)[^\s]", re.IGNORECASE)
_IMAGE = re.compile(r"^data:image/(?:png|jpeg|webp|gif);base64,[A-Za-z0-9+/=]+$", re.IGNORECASE)
_MAX_IMAGE = 4 * 1024 * 1024


def is_link(url: str) -> bool:
    """Return whether a URL may become a link: http, https and mailto."""
    return bool(_LINK.match(url))


def is_page(url: str) -> bool:
    """Return whether a URL is that of a page: http and https."""
    return is_link(url) and url[:4].lower() == "http"


def is_inline_image(url: str) -> bool:
    """Return whether a URL is a `data:` URL of a raster image of at most 4 MiB. No other image is shown.

    A remote image is a request to a server that the model chooses, with data that the model puts into the URL.
    """
    return len(url) <= _MAX_IMAGE and bool(_IMAGE.match(url))


def host(url: str) -> str:
    """Return the host of a URL, or `""`."""
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""
