"""Models with images, audio, citations or log probabilities in their answers.

Source of the shapes: OpenRouter docs, guides/overview/multimodal/image-generation and
guides/features/plugins/web-search, and the OpenAPI schema ChatTokenLogprob, August 2026.
"""

import base64
import math
import struct
import zlib
from typing import Any

from openrouter_nb.simulator.parsed_request import ParsedChatRequest
from openrouter_nb.simulator.responses.scripted_answer import ScriptedAnswer
from openrouter_nb.simulator.scripted_model import ScriptedModel
from openrouter_nb.simulator.scripts.text_deltas import say, words

SIDE = 24
RATE = 24_000
PIECE = 4_000


def images(request: ParsedChatRequest) -> ScriptedAnswer:
    """Answer with a line of text and a small PNG as a data URL."""
    url = "data:image/png;base64," + base64.b64encode(gradient()).decode()
    image = {"type": "image_url", "image_url": {"url": url}, "index": 0}
    return ScriptedAnswer(
        deltas=[*say("Here is a simulated image, a colour gradient.", request), {"images": [image]}]
    )


def gradient() -> bytes:
    """Return a PNG of 24 by 24 pixels: red increases to the right, green downwards."""
    level = [index * 255 // (SIDE - 1) for index in range(SIDE)]
    rows = (
        b"\0" + bytes(value for x in range(SIDE) for value in (level[x], level[y], 160)) for y in range(SIDE)
    )
    header = struct.pack(">IIBBBBB", SIDE, SIDE, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(b"".join(rows), 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
    )


def audio(request: ParsedChatRequest) -> ScriptedAnswer:
    """Answer with audio: a transcript and a tone of 0.25 s, as WAV or, with `audio.format: "pcm16"`, as samples.

    Source: OpenRouter docs, guides/overview/multimodal/audio, August 2026: pieces of `transcript` and of base64 `data`.
    """
    transcript = request.overrides.text or "This simulated sound is a short tone."
    audio_bytes = samples() if (request.body.get("audio") or {}).get("format") == "pcm16" else wav(samples())
    # Each piece is encoded separately, with padding if its size is not a multiple of three.
    pieces = [audio_bytes[start : start + PIECE] for start in range(0, len(audio_bytes), PIECE)]
    return ScriptedAnswer(
        deltas=[
            *({"audio": {"transcript": word}} for word in words(transcript)),
            *({"audio": {"data": base64.b64encode(piece).decode()}} for piece in pieces),
        ]
    )


def samples() -> bytes:
    """Return 0.25 s of 440 Hz: 24 kHz, one channel, 16 bits, little endian."""
    count = RATE // 4
    return struct.pack(
        f"<{count}h", *(round(8000 * math.sin(math.tau * 440 * n / RATE)) for n in range(count))
    )


def wav(data: bytes) -> bytes:
    """Return samples as a WAV file."""
    form = struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, 1, RATE, RATE * 2, 2, 16)
    return (
        b"RIFF"
        + struct.pack("<I", 36 + len(data))
        + b"WAVE"
        + form
        + struct.pack("<4sI", b"data", len(data))
        + data
    )


def citations(request: ParsedChatRequest) -> ScriptedAnswer:
    """Answer with two web citations, sent in the first delta, before any text."""
    text = "The simulated web says so [example.org](https://example.org/a), and example.com agrees."
    found = [
        ("https://example.org/a", "A simulated source", 26, 62),
        ("https://example.com/b", "Another", 68, 79),
    ]
    annotations = [
        {
            "type": "url_citation",
            "url_citation": {
                "url": url,
                "title": title,
                "content": f"A simulated excerpt of {url}",
                "start_index": start,
                "end_index": end,
            },
        }
        for url, title, start, end in found
    ]
    return ScriptedAnswer(deltas=[{"annotations": annotations}, *say(text, request)])


def logprobs(request: ParsedChatRequest) -> ScriptedAnswer:
    """Answer with a log probability for each word if the request has `logprobs`."""
    text = "Each of these words is simulated with a known probability."
    deltas = [{"content": word} for word in words(text)]
    if request.body.get("logprobs") is not True:
        return ScriptedAnswer(deltas=deltas)
    alternatives = int(request.body.get("top_logprobs") or 0)
    entries = [[_entry(delta["content"], index, alternatives)] for index, delta in enumerate(deltas)]
    return ScriptedAnswer(deltas=deltas, logprobs=entries)


def _entry(token: str, index: int, alternatives: int) -> dict[str, Any]:
    likely = 0.95 - 0.07 * (index % 5)
    ranked = [(token, likely)] + [
        (f" other{rank}", (1 - likely) / 2**rank) for rank in range(1, max(alternatives, 1))
    ]
    top = [_token(word, probability) for word, probability in ranked[:alternatives]]
    return {**_token(token, likely), "top_logprobs": top}


def _token(token: str, probability: float) -> dict[str, Any]:
    return {"token": token, "logprob": round(math.log(probability), 6), "bytes": list(token.encode())}


MEDIA = (
    ScriptedModel(
        slug="demo/images", summary="Text and one small PNG image.", respond=images, outputs=("text", "image")
    ),
    ScriptedModel(
        slug="demo/audio",
        summary="Audio: a short tone and a transcript.",
        respond=audio,
        parameters=("modalities", "audio"),
        outputs=("text", "audio"),
    ),
    ScriptedModel(
        slug="demo/citations",
        summary="An answer with web citations.",
        respond=citations,
        parameters=("web_search_options",),
    ),
    ScriptedModel(
        slug="demo/logprobs",
        summary="Log probabilities of every word.",
        respond=logprobs,
        parameters=("logprobs", "top_logprobs"),
    ),
)
