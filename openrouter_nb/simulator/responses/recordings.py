"""Recorded traffic as models: bodies byte for byte, in the original network chunks.

A directory of recordings contains `INDEX.jsonl` (one object per body: `file`, `status`, `content_type`) and the
folders `chat/` (with `NAME.chunks`, the byte lengths of the network chunks, where recorded), `quoted/` (file names
begin with the status) and `documented/`.
"""

import dataclasses
import json
from collections.abc import Iterator
from pathlib import Path

from openrouter_nb.simulator.parsed_request import ParsedChatRequest
from openrouter_nb.simulator.responses.response_writer import EVENT_STREAM, JSON, ResponseWriter
from openrouter_nb.simulator.responses.sse import pieces, with_newlines
from openrouter_nb.simulator.responses.usage import FREE
from openrouter_nb.simulator.scripted_model import ScriptedModel

CONTENT_TYPES = {".sse": EVENT_STREAM, ".json": JSON}
AUTHORS = {"chat": "recorded", "quoted": "recorded/quoted", "documented": "recorded/documented"}


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """One recorded response.

    Args:
        path: Path of the body.
        status: HTTP status.
        content_type: Content type of the body.
    """

    path: Path
    status: int
    content_type: str

    async def write_to(self, writer: ResponseWriter, request: ParsedChatRequest) -> None:
        """Write the body, split as requested or as recorded."""
        writer.begin(self.status, self.content_type)
        newline = request.overrides.newline
        for piece in self.pieces(request):
            is_stream = self.content_type.startswith(EVENT_STREAM)
            await writer.write(with_newlines(piece, newline) if is_stream and newline != b"\n" else piece)
            if request.overrides.pace_ms:
                await writer.pause(request.overrides.pace_ms)
        await writer.finish()

    def pieces(self, request: ParsedChatRequest) -> Iterator[bytes]:
        """Yield the network writes of the body."""
        body = self.path.read_bytes()
        lengths = self.path.with_suffix(".chunks")
        if request.overrides.split is not None or not lengths.exists():
            yield from pieces(body, request.overrides.split or "whole")
            return
        start = 0
        for length in json.loads(lengths.read_text(encoding="utf-8")):
            yield body[start : start + length]
            start += length
        if body[start:]:
            yield body[start:]


def recorded_scripts(directory: Path) -> list[ScriptedModel]:
    """Return a model for each recorded body.

    Raises:
        FileNotFoundError: The directory does not exist or contains no recording.
    """
    index = directory / "INDEX.jsonl"
    lines = index.read_text(encoding="utf-8").splitlines() if index.exists() else []
    described = {entry["file"]: entry for entry in map(json.loads, lines)}
    scripts = []
    for folder, author in AUTHORS.items():
        for path in sorted((directory / folder).glob("*")):
            if path.suffix in CONTENT_TYPES and not path.name.endswith(".req.json"):
                entry = described.get(f"{folder}/{path.name}", {})
                scripts.append(_script(path, author, entry.get("status"), entry.get("content_type")))
    if not scripts:
        raise FileNotFoundError(f"no recordings in {directory}")
    return scripts


def _script(path: Path, author: str, status: int | None, content_type: str | None) -> ScriptedModel:
    leading = path.stem.partition("_")[0]
    recording = Recording(
        path=path,
        status=status or (int(leading) if leading.isdecimal() and author.endswith("quoted") else 200),
        content_type=content_type or CONTENT_TYPES[path.suffix],
    )
    return ScriptedModel(
        slug=f"{author}/{path.stem}",
        summary=f"Recorded traffic, byte for byte: status {recording.status}, {recording.content_type}.",
        respond=lambda _: recording,
        prices=FREE,
    )
