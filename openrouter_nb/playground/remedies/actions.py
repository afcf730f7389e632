"""The remedies that act: each changes what was in the way, and asks again."""

from __future__ import annotations

import base64
import io
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from openrouter_nb.components.model_variants import base_id
from openrouter_nb.playground.remedies import diagnosis
from openrouter_nb.playground.state import dotted_path
from openrouter_nb.playground.state.thread_items import PlaygroundError
from openrouter_nb.render.errors.banners import named_models

if TYPE_CHECKING:
    from collections.abc import Callable

    from openrouter_nb.playground.runs.runner import Runner
    from openrouter_nb.playground.state.state import Column, PlaygroundState
    from openrouter_nb.playground.state.thread_items import MessageCard

_PIXELS = 1024
_TIMEOUT_S = 120.0


class RemedyActions:
    """Carries remedies out. Every method is called with the lock held.

    Args:
        session: The truth.
        runner: Asks again.
    """

    def __init__(self, session: PlaygroundState, runner: Runner) -> None:
        self._session = session
        self._runner = runner

    def apply(self, column: Column, name: str) -> None:
        """Carry one out.

        Raises:
            PlaygroundError: it is not among those that are offered, or cannot be carried out.
        """
        act = self._acts.get(name)
        if act is None:
            raise PlaygroundError("That is no remedy.")
        act(self, column)

    def ask_again(self, column: Column) -> None:
        """Put the last question of a column to it again."""
        if column.run is not None:
            # It waits for the next attempt: no longer.
            self._runner.retry_now(column)
            return
        thread = self._session.thread
        last = next((item for item in thread if item.id == column.item), None)
        if last is not None and last.role == "assistant":
            self._runner.regenerate(last.id, column.id)
        else:
            self._runner.submit("", None, [column.id])

    def _set(self, column: Column, name: str, value: Any) -> None:
        """Set a parameter where it is set: the column's own, else everybody's."""
        if dotted_path.get(column.overrides, name) is not dotted_path.MISSING:
            column.overrides = dotted_path.put(column.overrides, name, value)
        else:
            self._session.params = dotted_path.put(self._session.params, name, value)

    def _unset(self, column: Column, name: str) -> None:
        column.overrides = dotted_path.drop(column.overrides, name)
        self._session.params = dotted_path.drop(self._session.params, name)

    def _switch(self, column: Column, model: str | None) -> None:
        if not model:
            raise PlaygroundError("There is no such model to switch to.")
        column.model = model
        self.ask_again(column)

    def _wait(self, column: Column) -> None:
        left = diagnosis.wait_s(column)
        if left is None:
            raise PlaygroundError("The service did not say how long to wait.")
        self._runner.waits.begin(column, left, lambda: self.ask_again(column))

    def _cancel(self, column: Column) -> None:
        self._runner.waits.cancel(column)

    def _models(self, column: Column) -> None:
        similar = self._session.client.models.nearest(column.model)
        self._switch(column, next((slug for slug in similar if slug != column.model), None))

    def _fallback(self, column: Column) -> None:
        models = named_models(column.error) if column.error else []
        self._switch(column, models[0] if models else None)

    def _free(self, column: Column) -> None:
        self._switch(column, self._session.catalog.free(column.model) or "openrouter/free")

    def _paid(self, column: Column) -> None:
        self._switch(column, base_id(column.model))

    def _larger(self, column: Column) -> None:
        self._switch(column, self._session.catalog.larger(column.model))

    def _relax(self, column: Column) -> None:
        if not (name := diagnosis.to_relax(self._session, column)):
            raise PlaygroundError("No routing preference is set.")
        self._unset(column, name)
        self.ask_again(column)

    def _drop_oldest(self, column: Column) -> None:
        thread = self._session.thread
        said = [item for item in thread if item.role not in ("system", "developer")]
        if len(said) < 2:
            raise PlaygroundError("There is only one turn.")
        # A turn is a question with everything up to the next one.
        following = next((item for item in said[1:] if item.role == "user"), said[-1])
        gone = said[: said.index(following)]
        thread.checkpoint("drop the oldest turn")
        thread.items = [item for item in thread.items if item not in gone]
        self.ask_again(column)

    def _compress(self, column: Column) -> None:
        plugins = list(self._session.effective_params(column).get("plugins") or ())
        if not any(plugin.get("id") == "context-compression" for plugin in plugins):
            self._set(column, "plugins", [*plugins, {"id": "context-compression"}])
        self.ask_again(column)

    def _ignore(self, column: Column) -> None:
        provider = column.error.provider if column.error else None
        if not provider:
            raise PlaygroundError("The service did not say which provider failed.")
        endpoints = self._session.catalog.endpoints.get(column.model)
        tags = {e.provider_name: e.tag for e in (endpoints.endpoints if endpoints else None) or ()}
        name = tags.get(provider) or provider.lower().replace(" ", "-")
        ignored = dotted_path.get(self._session.effective_params(column), "provider.ignore")
        ignored = [] if ignored is dotted_path.MISSING else list(ignored)
        self._set(column, "provider.ignore", list(dict.fromkeys([*ignored, name])))
        self.ask_again(column)

    def _fallbacks(self, column: Column) -> None:
        self._unset(column, "provider.allow_fallbacks")
        self.ask_again(column)

    def _unset_field(self, column: Column) -> None:
        self._unset(column, diagnosis.named_field(column.error))
        self.ask_again(column)

    def _raise_timeout(self, column: Column) -> None:
        settings = self._session.settings
        settings["timeout_s"] = 2 * settings.get("timeout_s", _TIMEOUT_S)
        self.ask_again(column)

    def _sort_latency(self, column: Column) -> None:
        self._set(column, "provider.sort", "latency")
        self.ask_again(column)

    def _fewer_tokens(self, column: Column) -> None:
        limit = diagnosis.fewer_tokens(self._session, column)
        self._set(column, diagnosis.limit_name(self._session, column), limit)
        self.ask_again(column)

    def _raise_limit(self, column: Column) -> None:
        given = self._session.effective_params(column)
        for name in diagnosis.LIMITS:
            if isinstance(limit := given.get(name), int):
                self._set(column, name, 2 * limit)
        self.ask_again(column)

    def _detach(self, column: Column) -> None:
        self._rewrite("remove attachments", lambda part: part if part.get("type") == "text" else None)
        self.ask_again(column)

    def _shrink(self, column: Column) -> None:
        self._rewrite("downscale pictures", _smaller)
        self.ask_again(column)

    def _rewrite(self, label: str, change: Callable[[dict[str, Any]], dict[str, Any] | None]) -> None:
        thread = self._session.thread
        thread.checkpoint(label)
        for item in thread:
            item.branches[item.chosen].cards = [_rewritten(card, change) for card in item.cards]

    def _continue(self, column: Column) -> None:
        if column.item is None:
            raise PlaygroundError("There is nothing to continue.")
        self._runner.continue_(column.item, column.id)

    def _keep(self, column: Column) -> None:
        column.error, column.stats, column.status = None, None, "idle"

    _acts: dict[str, Callable[[RemedyActions, Column], None]] = {  # noqa: RUF012 - never changed
        "retry": ask_again,
        "wait": _wait,
        "cancel_retry": _cancel,
        "models": _models,
        "fallback": _fallback,
        "free_model": _free,
        "paid": _paid,
        "larger_model": _larger,
        "relax": _relax,
        "drop_oldest": _drop_oldest,
        "compress": _compress,
        "ignore_provider": _ignore,
        "fallbacks": _fallbacks,
        "unset": _unset_field,
        "raise_timeout": _raise_timeout,
        "sort_latency": _sort_latency,
        "fewer_tokens": _fewer_tokens,
        "raise_limit": _raise_limit,
        "detach": _detach,
        "shrink": _shrink,
        "continue": _continue,
        "keep": _keep,
    }


def _rewritten(card: MessageCard, change: Callable[[dict[str, Any]], dict[str, Any] | None]) -> MessageCard:
    content = card.message.get("content")
    if not isinstance(content, list):
        return card
    parts = [new for part in content if (new := change(part)) is not None]
    return replace(card, message={**card.message, "content": parts or ""})


def _smaller(part: dict[str, Any]) -> dict[str, Any]:
    """Return a picture of at most 1,024 pixels each way, as PNG or JPEG; anything else as it is."""
    url = str((part.get("image_url") or {}).get("url") or "") if part.get("type") == "image_url" else ""
    if not url.startswith("data:"):
        return part
    from PIL import Image, UnidentifiedImageError

    try:
        image: Any = Image.open(io.BytesIO(base64.b64decode(url.partition(",")[2])))
        image.thumbnail((_PIXELS, _PIXELS))
        kind = "PNG" if image.mode in ("P", "RGBA", "LA") else "JPEG"
        buffer = io.BytesIO()
        image.save(buffer, kind)
    except (UnidentifiedImageError, OSError, ValueError):
        return part
    encoded = base64.b64encode(buffer.getvalue()).decode()
    new = {**part["image_url"], "url": f"data:image/{kind.lower()};base64,{encoded}"}
    return {**part, "image_url": new}
