"""Generate small images and audio."""

import io
import wave

from openrouter_nb.simulator.scripts.media import gradient

PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


def picture() -> bytes:
    """Return a PNG of 24 by 24 pixels."""
    return gradient()


def tone() -> bytes:
    """Return 0.5 s of silence as WAV."""
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as sound:
        sound.setparams((1, 2, 8000, 0, "NONE", ""))
        sound.writeframes(bytes(8000))
    return buffer.getvalue()
