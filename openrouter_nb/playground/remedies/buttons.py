"""The buttons of a banner: what each is called, and when it is offered.

Those whose action is `op` act in the kernel and have a twin in `openrouter_nb.playground.remedies.actions`.
"""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from openrouter_nb.components.model_variants import base_id
from openrouter_nb.playground.remedies import diagnosis
from openrouter_nb.playground.state import dotted_path
from openrouter_nb.render.errors.banners import named_models

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from openrouter_nb.playground.state.state import Column, PlaygroundState

Remedy = dict[str, Any]
_MAX_SHOWN = 3
_HOUR_S = 3600.0
_AGAIN = "and sends again"


def remedy_buttons(session: PlaygroundState, column: Column, names: tuple[str, ...]) -> list[Remedy]:
    """Return the remedies of these names that can act now, the first three."""
    found: list[Remedy] = []
    for name in names:
        offer = _BUTTONS[name](session, column)
        if offer is not None:
            found.append({"id": name, "help": "", **offer})
    return found[:_MAX_SHOWN]


def _op(label: str, text: str = "") -> Remedy:
    return {"label": label, "help": text, "action": "op"}


def _always(label: str, text: str = "") -> Callable[[PlaygroundState, Column], Remedy]:
    return lambda _session, _column: _op(label, text)


def _link(label: str, href: str) -> Callable[[PlaygroundState, Column], Remedy]:
    return lambda _session, _column: {"label": label, "action": "link", "href": href}


def _copy(label: str, code: str) -> Callable[[PlaygroundState, Column], Remedy]:
    return lambda _session, _column: {"label": label, "action": "copy", "code": code}


def _focus(label: str, field: str) -> Callable[[PlaygroundState, Column], Remedy]:
    return lambda _session, _column: {"label": label, "action": "focus", "field": field}


# ------------------------------------------------------------------------------------------------------ fields


def _field(_session: PlaygroundState, column: Column) -> Remedy | None:
    name = diagnosis.named_field(column.error)
    return {"label": f"Show {name}", "action": "focus", "field": name} if name else None


def _unset(session: PlaygroundState, column: Column) -> Remedy | None:
    name = diagnosis.named_field(column.error)
    if not name or dotted_path.get(session.effective_params(column), name) is dotted_path.MISSING:
        return None
    return _op(f"Unset {name}", _AGAIN)


def _relax(session: PlaygroundState, column: Column) -> Remedy | None:
    name = diagnosis.to_relax(session, column)
    return _op(f"Relax {name}", _AGAIN) if name else None


def _fewer_tokens(session: PlaygroundState, column: Column) -> Remedy:
    return _op(f"At most {diagnosis.fewer_tokens(session, column):,} tokens", _AGAIN)


def _raise_limit(session: PlaygroundState, column: Column) -> Remedy | None:
    limit = session.effective_params(column).get(diagnosis.limit_name(session, column))
    if not isinstance(limit, int):
        return None
    return _op(f"At most {2 * limit:,} tokens", "doubles the limit and writes the answer again")


# ------------------------------------------------------------------------------------------------------ models


def _models(session: PlaygroundState, column: Column) -> Remedy | None:
    if column.error is None or not diagnosis.is_about_model(column.error):
        return None
    found = [slug for slug in session.client.models.nearest(column.model) if slug != column.model]
    return _op(f"Use {found[0]}", _AGAIN) if found else None


def _other_id(session: PlaygroundState, column: Column) -> Remedy | None:
    if column.error is None or not diagnosis.is_about_model(column.error) or _models(session, column):
        return None
    return _BUTTONS["other_model"](session, column)


def _fallback(_session: PlaygroundState, column: Column) -> Remedy | None:
    models = named_models(column.error) if column.error else []
    return _op(f"Use {models[0]}", _AGAIN) if models else None


def _free_model(session: PlaygroundState, column: Column) -> Remedy | None:
    anybody = None if column.model.endswith("free") else "openrouter/free"
    free = session.catalog.free(column.model) or anybody
    return _op(f"Use {free}", _AGAIN) if free and free != column.model else None


def _paid(_session: PlaygroundState, column: Column) -> Remedy | None:
    return _op(f"Use {base_id(column.model)}", "the paid variant") if ":free" in column.model else None


def _larger(session: PlaygroundState, column: Column) -> Remedy | None:
    larger = session.catalog.larger(column.model)
    return _op(f"Use {larger}", "a larger context") if larger else None


def _ignore_provider(_session: PlaygroundState, column: Column) -> Remedy | None:
    provider = column.error.provider if column.error else None
    return _op(f"Without {provider}", "ignores this provider and sends again") if provider else None


def _fallbacks(session: PlaygroundState, column: Column) -> Remedy | None:
    off = dotted_path.get(session.effective_params(column), "provider.allow_fallbacks") is False
    return _op("Allow other providers", _AGAIN) if off else None


# ------------------------------------------------------------------------------------------------------ messages


def _edit_message(session: PlaygroundState, _column: Column) -> Remedy | None:
    last = next((item for item in reversed(session.thread.items) if item.role == "user"), None)
    return {"label": "Edit the message", "action": "focus", "item": last.id} if last else None


def _drop_oldest(session: PlaygroundState, _column: Column) -> Remedy | None:
    said = [item for item in session.thread if item.role not in ("system", "developer")]
    return _op("Drop the oldest turn", _AGAIN) if len(said) > 2 else None


def _detach(session: PlaygroundState, _column: Column) -> Remedy | None:
    attached = any(part.get("type") != "text" for part in _parts(session))
    return _op("Remove the attachments", _AGAIN) if attached else None


def _shrink(session: PlaygroundState, _column: Column) -> Remedy | None:
    pictures = any(part.get("type") == "image_url" for part in _parts(session))
    return (
        _op("Downscale the pictures", f"to 1,024 pixels, {_AGAIN}") if pictures and find_spec("PIL") else None
    )


def _parts(session: PlaygroundState) -> Iterator[dict[str, Any]]:
    for item in session.thread:
        for card in item.cards:
            content = card.message.get("content")
            yield from content if isinstance(content, list) else ()


def _continue(session: PlaygroundState, column: Column) -> Remedy | None:
    place = next((item for item in session.thread if item.id == column.item), None)
    card = next((card for card in place.cards if card.column == column.id), None) if place else None
    has_text = card is not None and isinstance(card.message.get("content"), str) and card.message["content"]
    return _op("Continue from here") if has_text else None


# ------------------------------------------------------------------------------------------------------ time


def _wait(_session: PlaygroundState, column: Column) -> Remedy | None:
    left = diagnosis.wait_s(column)
    if left is None or left > _HOUR_S or column.retry_at is not None:
        return None
    return _op("Wait and retry", "sends again by itself when the time is over")


_BUTTONS: dict[str, Callable[[PlaygroundState, Column], Remedy | None]] = {
    "retry": _always("Retry now"),
    "wait": _wait,
    "cancel_retry": _always("Cancel", "waits no longer, and sends nothing"),
    "other_model": _focus("Pick another model", "model"),
    "models": _models,
    "other_id": _other_id,
    "fallback": _fallback,
    "free_model": _free_model,
    "paid": _paid,
    "relax": _relax,
    "larger_model": _larger,
    "drop_oldest": _drop_oldest,
    "compress": _always("Compress the middle", f"adds the plugin context-compression {_AGAIN}"),
    "ignore_provider": _ignore_provider,
    "fallbacks": _fallbacks,
    "add_fallback": _focus("Add a fallback model", "models"),
    "field": _field,
    "unset": _unset,
    "edit_message": _edit_message,
    "raw": lambda _session, _column: {"label": "Show the request", "action": "raw"},
    "set_key": _copy("Copy %chat_key", "%load_ext openrouter_nb\n%chat_key"),
    "key_page": _link("Keys", "https://openrouter.ai/settings/keys"),
    "privacy_page": _link("Privacy settings", "https://openrouter.ai/settings/privacy"),
    "credits": _link("Add credits", "https://openrouter.ai/settings/credits"),
    "proxy": _copy(
        "Copy: show the settings",
        "import os, urllib.request\nprint(urllib.request.getproxies(), os.environ.get('OPENROUTER_BASE_URL'))",
    ),
    "raise_timeout": _always("Wait longer", f"doubles the timeout {_AGAIN}"),
    "sort_latency": _always("Fastest providers first", f"sorts by latency {_AGAIN}"),
    "detach": _detach,
    "shrink": _shrink,
    "fewer_tokens": _fewer_tokens,
    "raise_limit": _raise_limit,
    "continue": _continue,
    "keep": _always("Keep what arrived"),
}
