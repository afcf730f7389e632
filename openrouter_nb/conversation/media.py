"""Media of an answer, decoded."""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from openrouter_nb.render.answer.media import element

if TYPE_CHECKING:
    from openrouter_nb.components.responses.media_parts import MediaKind, MediaPart


@dataclass(frozen=True, slots=True)
class Media:
    """An image or audio.

    Attributes:
        kind: `image` or `audio`.
        media_type: Such as `image/png`, detected from the bytes if possible; `""` if unknown.
        data: The bytes; empty if the answer contains only a URL.
        url: The URL, unless it is a data URL. It is never fetched.
        transcript: Transcript of audio.
    """

    kind: MediaKind
    media_type: str
    data: bytes = field(repr=False)
    url: str | None = None
    transcript: str = ""

    def save(self, path: str | Path) -> Path:
        """Write the bytes to a new file and return its path.

        Raises:
            ValueError: there is only a URL.
            FileExistsError: the file already exists.
        """
        if not self.data:
            raise ValueError(f"The answer contains only a URL: {self.url}")
        path = Path(path)
        with path.open("xb") as file:
            file.write(self.data)
        return path

    def __repr__(self) -> str:
        return f"<{self.media_type or 'media'}, {self.url or f'{len(self.data):,} bytes'}>"

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        """Return an image or a player, for safe media types only."""
        bundle = {"text/plain": repr(self)}
        if html := element(self.media_type, self.data):
            if self.kind == "image":
                bundle[self.media_type] = base64.b64encode(self.data).decode()
            else:
                bundle["text/html"] = html
        return bundle


def decoded_media(part: MediaPart) -> Media | None:
    """Return a part of an answer decoded; None if it contains neither bytes nor a URL."""
    media_type, data = part.decode()
    url = part.url if part.is_remote else None
    return Media(part.kind, media_type, data, url, part.transcript) if data or url else None
