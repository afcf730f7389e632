"""Pieces of an answer on their way into a live view: text, reasoning, pictures, sound, calls of tools."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from openrouter_nb.notebook.views.cards import Card
from openrouter_nb.render.answer.tool_calls import pretty

if TYPE_CHECKING:
    from collections.abc import Sequence

    from openrouter_nb.components import ChatStreamChunk
    from openrouter_nb.components.responses.stream import ChatStreamDelta
    from openrouter_nb.notebook.views import LiveView, Phase


class ChunkDisplay:
    """Shows chunks as they come, and notes when the first ones came.

    A call of a tool is a card under the call's id, so that whoever runs the tool can go on with the same card.

    Args:
        view: The cell's output.
        started: When the request was sent, by `time.monotonic`.
        shows_text: Whether the text is shown; not where it is the JSON of an object that is shown instead.

    Attributes:
        first_token_s: Seconds to the first piece of anything, None while there is none.
    """

    def __init__(self, view: LiveView, started: float, *, shows_text: bool = True) -> None:
        self.first_token_s: float | None = None
        self._view = view
        self._started = started
        self._shows_text = shows_text
        self._reasoning_from: float | None = None
        self._reasoning_to: float | None = None
        self._answers = False
        self._images = 0
        self._calls = _Calls()
        self._sound = 0
        self._transcript: list[str] = []

    @property
    def reasoning_s(self) -> float | None:
        """Seconds from the first piece of reasoning to the first of the answer, None where there was no reasoning."""
        if self._reasoning_from is None or self._reasoning_to is None:
            return None
        return self._reasoning_to - self._reasoning_from

    def show(self, chunks: Sequence[ChatStreamChunk]) -> None:
        """Show some chunks; none at all is a sign of life of the service."""
        reasoning: list[str] = []
        text: list[str] = []
        for chunk in chunks:
            for choice in chunk.choices:
                delta = choice.delta
                if isinstance(piece := delta.reasoning, str) and piece:
                    reasoning.append(piece)
                piece = delta.content or delta.refusal
                if isinstance(piece, str):
                    text.append(piece)
                self._other(delta)
                if self.first_token_s is None and (reasoning or text or delta.tool_calls or delta.images):
                    self.first_token_s = time.monotonic() - self._started
        view = self._view
        if reasoning or text:
            self._time(reasons=bool(reasoning), answers=bool(text))
            self._answers = self._answers or bool(text)
            phase: Phase = "answering" if self._answers else "reasoning"
            view.show(phase, reasoning="".join(reasoning), text="".join(text) if self._shows_text else "")
        elif not chunks and view.phase == "connecting":
            view.show("processing")

    def take_calls(self) -> list[str]:
        """Return the ids of the cards of the calls so far, and begin anew: the reply that asked for them is over."""
        cards, self._calls = self._calls.keys(), _Calls()
        return cards

    def _time(self, *, reasons: bool, answers: bool) -> None:
        now = time.monotonic()
        if reasons and self._reasoning_from is None:
            self._reasoning_from = now
        if (reasons or answers) and not self._answers:
            self._reasoning_to = now

    def _other(self, delta: ChatStreamDelta) -> None:
        for image in delta.images if isinstance(delta.images, list) else ():
            self._image(image)
        if isinstance(delta.audio, dict):
            self._hear(delta.audio)
        for call in delta.tool_calls:
            key, name, arguments = self._calls.add(call.id, call.index, call.name, call.arguments)
            self._view.card(Card(id=key, kind="tool", title=name, body=pretty(arguments), status="asked for"))

    def _image(self, image: Any) -> None:
        source = image.get("image_url") if isinstance(image, dict) else None
        url = source.get("url") if isinstance(source, dict) else None
        if isinstance(url, str):
            self._images += 1
            name = f"image {self._images}"
            self._view.card(Card(id=f"image-{self._images}", kind="image", title=name, body=url))

    def _hear(self, audio: dict[str, Any]) -> None:
        self._sound += len(str(audio.get("data") or "")) * 3 // 4
        self._transcript.append(str(audio.get("transcript") or ""))
        self._view.card(
            Card(
                id="sound",
                kind="audio",
                title="sound",
                status=f"{self._sound // 1000:,} kB so far",
                body="".join(self._transcript),
            )
        )


class _Calls:
    """Fragments of calls, joined as `client/accumulate.py` joins them: by id, else by place."""

    def __init__(self) -> None:
        self._by_key: dict[str, tuple[str, str]] = {}
        self._at: dict[int, str] = {}

    def keys(self) -> list[str]:
        return list(self._by_key)

    def add(
        self, call_id: str | None, index: int | None, name: str | None, arguments: str | None
    ) -> tuple[str, str, str]:
        place = index if isinstance(index, int) else 0
        key = str(call_id or self._at.get(place) or f"call-{place}")
        self._at[place] = key
        old_name, old_arguments = self._by_key.get(key, ("", ""))
        joined = (old_name or str(name or ""), old_arguments + str(arguments or ""))
        self._by_key[key] = joined
        return (key, *joined)
