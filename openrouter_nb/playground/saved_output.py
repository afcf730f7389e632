"""Render the conversation of a playground as static output, for readers without a kernel or without the panel."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from openrouter_nb.playground.state.messages import content_text
from openrouter_nb.prompt import attached_name
from openrouter_nb.render.answer.answer_bundle import result_bundle
from openrouter_nb.render.answer.footer import footer
from openrouter_nb.render.answer.text_bundle import plain_part, text_part
from openrouter_nb.render.errors.banners import banner
from openrouter_nb.render.html.control_characters import escape_control
from openrouter_nb.render.html.html_parts import HtmlPart, boxed, bundle, prose, secondary, side_by_side
from openrouter_nb.tools.call_status import tool_call_view

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from openrouter_nb.playground.state.state import PlaygroundState
    from openrouter_nb.playground.state.thread_items import MessageCard, ThreadItem

_NAMES = {"system": "System", "developer": "Developer", "user": "You", "assistant": "Model", "tool": "Tool"}
# A page that shows the panel renders the conversation again after each answer: 100,000 characters of all kinds took
# JupyterLab 4.6 1.7 s on a busy machine, their plain text 0.1 s.
_MAX_BRIEF = 40_000
_BEGINNING = 500
_MEDIA = {"image_url": "picture", "input_audio": "sound", "video_url": "video"}


class SavedOutput:
    """Renders one conversation. Unchanged messages are rendered once.

    Args:
        state: The playground state. Call every method with its lock acquired.
    """

    def __init__(self, state: PlaygroundState) -> None:
        self._state = state
        self._rendered: dict[int, tuple[list[Any], dict[str, str]]] = {}
        self._shown: list[Any] = []
        self._room = math.inf

    def is_stale(self) -> bool:
        """Return whether the conversation has changed since the last `bundle`."""
        return not _are_same(self._shown, self._fingerprint())

    def bundle(self, note: str = "", *, briefly: bool = False) -> dict[str, str]:
        """Return the conversation as a mime bundle.

        Incomplete answers are left out. Attachments of the user are named.

        Args:
            note: A sentence in a box below.
            briefly: Cut the message that exceeds 40,000 characters in total, for a page that shows the panel and renders
                this after each answer.
        """
        self._room = _MAX_BRIEF if briefly else math.inf
        self._shown = self._fingerprint()
        before, self._rendered = self._rendered, {}
        parts = [self._place(item, cards, before) for item in self._state.thread if (cards := _written(item))]
        for column in self._state.columns:
            if column.error is not None:
                said = banner(column.error)
                parts.append(boxed(f"{column.model}: {said.title}. {said.message}", "error"))
        ruled = [
            HtmlPart(f"<hr>{part.html}" if index else part.html, part.plain)
            for index, part in enumerate(parts)
        ]
        return bundle([*ruled, boxed(note)] if note else ruled)

    def _fingerprint(self) -> list[Any]:
        cards = (
            part for item in self._state.thread for card in _written(item) for part in _card_fingerprint(card)
        )
        return [*cards, *(column.error for column in self._state.columns)]

    def _place(
        self,
        item: ThreadItem,
        cards: list[MessageCard],
        before: Mapping[int, tuple[list[Any], dict[str, str]]],
    ) -> HtmlPart:
        bundles = []
        for card in cards:
            size = len(content_text(card.message.get("content")))
            if size > self._room:
                bundles.append(_beginning(card, self._state.variable() or "p"))
                continue
            self._room -= size
            fingerprint, known = _card_fingerprint(card), before.get(id(card))
            # Compare the content as well: another card may have reused the id.
            rendered = (
                known if known and _are_same(known[0], fingerprint) else (fingerprint, _card_bundle(card))
            )
            self._rendered[id(card)] = rendered
            bundles.append(rendered[1])
        names = [self._name(item, card) for card in cards]
        if len(cards) > 1:
            beside = side_by_side(bundles, names)
            return HtmlPart(beside["text/html"], beside["text/plain"])
        name, shown = names[0], bundles[0]
        return HtmlPart(
            f"<p><strong>{prose(name)}</strong></p>{shown['text/html']}",
            f"## {escape_control(name)}\n\n{shown['text/plain']}",
        )

    def _name(self, item: ThreadItem, card: MessageCard) -> str:
        if card.answer is not None:
            return str(card.answer.stats["model"])
        models = [column.model for column in self._state.columns if column.id == card.column]
        return models[0] if models else _NAMES.get(item.role, item.role)


def _written(item: ThreadItem) -> list[MessageCard]:
    return [card for card in item.cards if card.run is None]


def _card_fingerprint(card: MessageCard) -> list[Any]:
    """Return the objects that a card's rendering depends on. Messages and answers are replaced, never modified."""
    return [
        card.message,
        card.answer,
        *(each for call in card.calls.values() for each in (call, call.status)),
    ]


def _are_same(some: Sequence[Any], others: Sequence[Any]) -> bool:
    return len(some) == len(others) and all(
        one is other or (isinstance(one, str) and one == other)
        for one, other in zip(some, others, strict=True)
    )


def _beginning(card: MessageCard, variable: str) -> dict[str, str]:
    text = _text(card.message)
    more = f"{len(text) - _BEGINNING:,} characters more are in the panel; {variable}.close() puts them here."
    return bundle([plain_part(text[:_BEGINNING]), boxed(more)])


def _card_bundle(card: MessageCard) -> dict[str, str]:
    if card.answer is None:
        return bundle([text_part(_text(card.message))])
    answer, note = card.answer.answer, card.answer.stats["note"]
    if content_text(card.message.get("content")) != answer.text:
        # The message was edited, or continues other text: citations and the like no longer apply.
        noted = [boxed(note)] if note else []
        return bundle([text_part(_text(card.message)), *noted, secondary(footer(answer.result))])
    return result_bundle(
        answer.result,
        outcomes={call.id: tool_call_view(call) for call in card.calls.values() if call.has_ended},
        asked=card.answer.record.body,
        note=note,
        errors=[str(problem) for problem in answer.problems] or (None if answer.parsed is None else ()),
        parsed=answer.parsed,
    )


def _text(message: Mapping[str, Any]) -> str:
    content = message.get("content") or message.get("refusal") or ""
    if not isinstance(content, str):
        content = "\n\n".join(_words(part) for part in content)
    functions = [call.get("function") or {} for call in message.get("tool_calls") or ()]
    calls = [f"`{function.get('name')}({function.get('arguments')})`" for function in functions]
    return "\n\n".join(part for part in (content, *calls) if part)


def _words(part: Mapping[str, Any]) -> str:
    kind = str(part.get("type"))
    if kind == "text":
        text = str(part.get("text") or "")
        name = attached_name(text)
        return text if name is None else f"[file {name}]"
    file = part.get("file")
    name = file.get("filename") if isinstance(file, dict) else ""
    return f"[{_MEDIA.get(kind, kind)}{f' {name}' if name else ''}]"
