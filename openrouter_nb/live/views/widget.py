"""The live view: an anywidget that gets numbered deltas, and a snapshot whenever a page asks for its state."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

import traitlets

from openrouter_nb.live.bundle_widget import BundleWidget, compressed
from openrouter_nb.live.feed.executed_requests import ExecutedRequests
from openrouter_nb.live.protocol import Phase, deltas_message, reply_message, snapshot_message
from openrouter_nb.live.views.base import LiveView
from openrouter_nb.live.views.display_updates import UpdatesView
from openrouter_nb.live.views.widget_display import WidgetDisplay

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from openrouter_nb.live.answer import Delta
    from openrouter_nb.live.cards import Card
    from openrouter_nb.live.frontend import Frontend

_READY_WITHIN_S = 1.5
# Views that no page has hidden after their end, for the case that there is no page.
_MAX_KEPT = 32
_MAX_TYPED = 1_000_000
_EXTRAS = ("highlight", "structured", "typeset")


class LiveWidget(BundleWidget):
    """The widget model of a live view."""

    snapshot = traitlets.Dict().tag(sync=True)

    def __init__(self, snapshot: Callable[[], dict[str, Any]], *, carries_module: bool) -> None:
        self._take_snapshot = snapshot
        super().__init__("live-loader.js", compressed("live.js") if carries_module else b"")
        # ipykernel 7.4 passes a page's messages to the shell that has sent the last one to the page, which a loop of `%chat`
        # blocks. JupyterLab sends them through a subshell, so that they arrive while the loop runs.
        if hasattr(self.comm, "_reply_subshell_for"):
            self.comm._reply_subshell_for = lambda _data, subshell: subshell  # noqa: SLF001

    def present_state(self, state: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return a snapshot taken now: the trait is never sent on its own."""
        return {"snapshot": self._take_snapshot()} if "snapshot" in state else {}


class WidgetView(LiveView):
    """Streams into a widget, and falls back to display updates where no page takes the widget up.

    Args:
        model: What is asked.
        frontend: Where the cell runs.
        display_id: Takes over a display that is there already.
    """

    draws_objects = True
    _kept: ClassVar[list[WidgetView]] = []
    _display: WidgetDisplay

    def __init__(self, model: str, frontend: Frontend, *, display_id: str | None = None) -> None:
        super().__init__(model)
        self._frontend = frontend
        self._takes_over = display_id
        self._ready = False
        self._known = asyncio.Event()
        self._fallback: UpdatesView | None = None
        self._widget: LiveWidget | None = None
        self._pressed: ExecutedRequests[None] = ExecutedRequests(None)

    def begin(self) -> None:
        """Open the widget and display it."""
        display = WidgetDisplay(
            self._frontend, self.model, self.kept_as, self.close, display_id=self._takes_over
        )
        display.model_id = self.open(display).model_id
        display.show(update=self._takes_over is not None)

    def open(self, display: WidgetDisplay) -> LiveWidget:
        """Open the widget, and look soon whether a page has taken it up.

        Args:
            display: Where it is displayed.
        """
        self._display = display
        kept = WidgetView._kept
        self._widget = widget = LiveWidget(self._snapshot, carries_module=not kept)
        widget.on_msg(self._on_message)
        kept.append(self)
        asyncio.get_running_loop().call_later(_READY_WITHIN_S, self._check)
        return widget

    def paint(self, delta: Delta) -> None:
        """Send a delta to the page."""
        if self._fallback is None:
            self._send(deltas_message([delta.wire]))
        else:
            self._fallback.show(self.phase, text=delta.text, note=self.note)

    def card(self, card: Card) -> None:
        """Show a card, or replace the one of the same id."""
        super().card(card)
        if self._fallback is not None:
            self._fallback.card(card)

    def drop_card(self, card: str) -> None:
        """Take a card away, if it is there."""
        super().drop_card(card)
        if self._fallback is not None:
            self._fallback.drop_card(card)

    async def can_ask(self) -> bool:
        """Tell whether a page has taken the widget up. Waits until one has or the view has given up."""
        await self._known.wait()
        return self._ready and self._fallback is None

    def end(
        self, phase: Phase, bundle: Mapping[str, str], metadata: Mapping[str, Any], note: str = ""
    ) -> None:
        """Put the bundle in the widget's place. The widget stays until its last page has let it go."""
        if phase in {"finished", "stopped"}:
            note += f"\nThe notebook does not hold this answer: {self.kept_as} in a new cell puts it there."
        super().end(phase, bundle, metadata, note)
        if (
            self._fallback is not None
        ):  # a page may have the widget whose messages wait for the end of the cell
            self._send(snapshot_message(self._snapshot()))
            LiveView.widgets_fail = not self._ready
        self._display.end(bundle, metadata)
        while len(kept := WidgetView._kept) > _MAX_KEPT:
            kept[1].release()

    def release(self) -> None:
        """Close the widget, and those that are displayed with it."""
        self._display.release()

    def close(self) -> None:
        """Close the widget. The first one stays: a page that opens later gets the renderer from it."""
        if self in WidgetView._kept[1:] and self._widget is not None:
            WidgetView._kept.remove(self)
            self._widget.close()
            self._widget = None

    def _welcome(self) -> None:
        """Note that a page has taken the widget up; one that was slow gets it back from the fallback."""
        self._ready = True
        LiveView.widgets_fail = False
        self._known.set()
        if self._fallback is None or self.is_over:
            return
        self._fallback.release()
        self._fallback = None
        self._send(snapshot_message(self._snapshot()))
        self._display.show(update=True)

    def _check(self) -> None:
        """Fall back if no page has answered: no widget manager, or a kernel that hears nothing while a cell runs."""
        self._known.set()
        if self._ready or self._fallback is not None or self.is_over:
            return
        self._display.is_live = False
        self._fallback = UpdatesView(
            self.model,
            self._frontend,
            display_id=self._display.display_id,
            text=self.answer.text,
            cards=self.answer.cards,
        )
        self._fallback.begin()

    def _on_message(self, _widget: Any, content: Any, _buffers: Any) -> None:
        # Depending on the kernel this runs on the cell's loop, after the cell, or in another thread: only hand over.
        kind = content.get("kind") if isinstance(content, dict) else None
        if kind == "stop":
            self.on_stop()
            self._hand_over(partial(self._reply, content.get("id")))
        elif kind == "action":
            self._hand_over(partial(self._act_once, content))
        elif kind == "resync":
            self._hand_over(lambda: self._send(snapshot_message(self._snapshot())))
        elif kind == "module":
            self._hand_over(partial(self._send_module, content.get("name")))
        elif kind in ("ready", "shown", "cleared", "hidden", "closed"):
            self._on_page(kind, str(content.get("page")))
            if kind in ("ready", "shown"):
                self._hand_over(self._welcome)

    def _on_page(self, kind: str, page: str) -> None:
        self._display.on_page(kind, page)

    def _hand_over(self, action: Callable[[], object]) -> None:
        self._display.hand_over(action)

    def _act_once(self, content: dict[str, Any]) -> None:
        """Pass on a press, unless it was sent again, and reply to it."""
        id_ = content.get("id")
        if isinstance(id_, int) and self._pressed.begin(id_):
            self._act(content)
            self._pressed.finish(id_, None)
        self._reply(id_)

    def _reply(self, id_: Any) -> None:
        if isinstance(id_, int):
            self._send(reply_message(id_))

    def _act(self, content: dict[str, Any]) -> None:
        """Pass on a press on a button that the card really has."""
        card, action, text = (content.get(key) for key in ("card", "action", "value"))
        shown = self.answer.cards.get(card) if isinstance(card, str) else None
        chosen = next((each for each in shown.card.actions if each.id == action), None) if shown else None
        if chosen is None or self.is_over:
            return
        is_text = isinstance(text, str) and len(text) <= _MAX_TYPED
        self.on_action(str(card), chosen.id, str(text) if chosen.takes_text and is_text else None)

    def _send_module(self, name: Any) -> None:
        """Send the renderer, or one of the modules that a page asks for when it has something for them to do."""
        if name is None:
            self._send({"kind": "module"}, [compressed("live.js")])
        elif name in _EXTRAS:
            self._send({"kind": "module", "name": name}, [compressed(f"{name}.js")])

    def _send(self, content: dict[str, Any], buffers: list[bytes] | None = None) -> None:
        if self._widget is not None:
            self._widget.send(content, buffers)

    def _snapshot(self) -> dict[str, Any]:
        return {
            **self.answer.snapshot(),
            "keeps_reasoning": self.keeps_reasoning,
            "is_object": self.is_object,
        }
