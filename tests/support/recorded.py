"""Recorded bodies, and an in-memory network that splits them as a test specifies."""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

from openrouter_nb import OpenRouter
from openrouter_nb.client.transport.http_transport import installed_library
from openrouter_nb.simulator.responses.recordings import recorded_scripts


@dataclass(frozen=True)
class Recorded:
    """A body, with its entry in INDEX.jsonl if it is a recorded stream."""

    name: str
    status: int
    content_type: str
    body: bytes
    expected: dict | None

    @property
    def is_stream(self):
        return self.content_type.startswith("text/event-stream")


def recorded_bodies(folder):
    """Return every body of the folder, including quoted and documented ones."""
    index = map(json.loads, (folder / "INDEX.jsonl").read_text().splitlines())
    expected = {
        f"recorded/{Path(entry['file']).stem}": entry["expected"] for entry in index if "expected" in entry
    }
    found = []
    for script in recorded_scripts(folder):
        recording = script.respond(None)
        found.append(
            Recorded(
                script.slug,
                recording.status,
                recording.content_type,
                recording.path.read_bytes(),
                expected.get(script.slug),
            )
        )
    return found


def facts(result):
    """Return the properties of a stream that INDEX.jsonl states."""
    choice = result.choices[0]
    message = choice.message
    content, reasoning = message.content, message.reasoning or ""
    return {
        "content_len": len(content),
        "content_sha": _sha(content),
        "reasoning_len": len(reasoning),
        "reasoning_sha": _sha(reasoning),
        "refusal": message.refusal,
        "finish": choice.finish_reason,
        "native_finish": choice.native_finish_reason,
        "tool_calls": [
            {"id": call.id, "name": call.function.name, "arguments": call.function.arguments}
            for call in message.tool_calls or []
        ],
        "reasoning_details_types": sorted({detail["type"] for detail in message.reasoning_details or []}),
        "usage": result.usage.model_dump(exclude_unset=True) if result.usage else None,
    }


def expected_of(entry):
    """Return the expected value of `facts`."""
    return {key: entry[key] for key in entry if key not in {"state", "error", "bad_json_events"}}


def _sha(text):
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def client_of(respond):
    """Return a client whose network is a function that returns status, content type and pieces of the body.

    An exception among the pieces is raised by the network.
    """
    library = installed_library()

    class Pieces(library.AsyncByteStream):
        def __init__(self, pieces):
            self.pieces = pieces

        async def __aiter__(self):
            for piece in self.pieces:
                if isinstance(piece, Exception):
                    raise piece
                yield piece

    class Memory(library.AsyncBaseTransport):
        async def handle_async_request(self, request):
            await request.aread()
            status, content_type, pieces = respond()
            return library.Response(status, headers={"content-type": content_type}, stream=Pieces(pieces))

    return OpenRouter(
        api_key="sk-or-x", http_client=library.AsyncClient(transport=Memory()), retry_config=None
    )
