"""Small media of each kind, made here."""

import io
import wave

from openrouter_nb.simulator.scripts.media import gradient

PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


def picture() -> bytes:
    """A PNG of 24 by 24 pixels."""
    return gradient()


def tone() -> bytes:
    """Half a second of silence, as WAV."""
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as sound:
        sound.setparams((1, 2, 8000, 0, "NONE", ""))
        sound.writeframes(bytes(8000))
    return buffer.getvalue()
