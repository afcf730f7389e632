"""How a playground reaches a cell's output, and what stays there when it is gone."""

from __future__ import annotations

import sys
import uuid
from html import escape
from typing import TYPE_CHECKING, Any

from IPython.core.getipython import get_ipython
from IPython.display import publish_display_data

from openrouter_nb.render.bundle import answer_bundle
from openrouter_nb.render.markdown import to_html
from openrouter_nb.render.text import visible

if TYPE_CHECKING:
    from collections.abc import Sequence

    from openrouter_nb.playground.thread import Thread

_WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"


class Displays:
    """The outputs that show one playground."""

    def __init__(self) -> None:
        self._ids: list[str] = []

    def show(self, model_id: str, fallback: dict[str, str]) -> None:
        """Show the panel in the cell that runs.

        Args:
            model_id: Of the widget.
            fallback: What a frontend without widgets shows.
        """
        id_ = uuid.uuid4().hex
        self._ids.append(id_)
        view = {"version_major": 2, "version_minor": 0, "model_id": model_id}
        publish_display_data({_WIDGET_VIEW: view, **fallback}, transient={"display_id": id_})

    def show_without_panel(self, bundle: dict[str, str]) -> None:
        """Show the conversation only."""
        publish_display_data(bundle)

    def leave(self, bundle: dict[str, str]) -> None:
        """Put something that needs no widget in the place of every panel."""
        for id_ in self._ids:
            publish_display_data(bundle, transient={"display_id": id_}, update=True)
        self._ids.clear()


def copy_messages() -> None:
    """Have this kernel copy its messages from now on, also those of more than 64 kB.

    At its end it can no longer lend their memory to the socket: the last part of such a message is missing then, and the
    next message is taken for it.
    """
    session = getattr(getattr(get_ipython(), "kernel", None), "session", None)
    if session is not None:
        session.copy_threshold = sys.maxsize


def transcript(thread: Thread, columns: Sequence[tuple[str, str]], note: str) -> dict[str, str]:
    """Return the conversation as a bundle that reads well without the panel.

    Args:
        thread: What was said.
        columns: Id and model of each column.
        note: What stands below.
    """
    names = dict(columns)
    html: list[str] = []
    plain: list[str] = []
    for item in thread:
        for card in item.cards:
            who = item.role if card.column is None else names.get(card.column, item.role)
            facts = card.answer.facts if card.answer else None
            who = facts["model"] if facts else who
            text = _text(card.message)
            html.append(f"<p><strong>{escape(visible(who))}</strong></p>{to_html(visible(text))}")
            plain.append(f"## {visible(who)}\n\n{visible(text)}")
    ending = answer_bundle("", note=note)
    return {
        "text/html": "<hr>".join([*html, ending["text/html"]]),
        "text/plain": "\n\n".join([*plain, ending["text/plain"]]),
    }


def _text(message: dict[str, Any]) -> str:
    content = message.get("content")
    if isinstance(content, list):
        content = "\n\n".join(str(part.get("text") or f"[{part.get('type')}]") for part in content)
    calls = "\n".join(
        f"`{(call.get('function') or {}).get('name')}({(call.get('function') or {}).get('arguments')})`"
        for call in message.get("tool_calls") or ()
    )
    return "\n\n".join(part for part in (content or message.get("refusal") or "", calls) if part)
