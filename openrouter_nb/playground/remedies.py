"""What the panel offers when a request fails: words, and buttons that act.

The title is that of every front end (`render.banners`); the sentence below it is the panel's own, because here a button and
not another cell is the way on. Each remedy is a name in `_OFFERS`, which says when and how it is offered; those that act
in the kernel have a twin in `openrouter_nb.playground.mending`.
"""

from __future__ import annotations

import json
import math
import re
import time
from typing import TYPE_CHECKING, Any

from openrouter_nb import errors
from openrouter_nb.parameters import PARAMETERS
from openrouter_nb.playground import values
from openrouter_nb.playground.capability import base_id
from openrouter_nb.render.banners import banner

if TYPE_CHECKING:
    from collections.abc import Callable

    from openrouter_nb.playground.session import Column, Session

Remedy = dict[str, Any]
_MAX_SHOWN = 3
_HOUR_S = 3600.0

_AGAIN = ("retry", "ignore_provider", "other_model")
_BROKEN = ("continue", "retry", "keep")
# The nearest class of an error's own line of classes counts, as in `render.banners`.
_ROWS: dict[type[errors.OpenRouterError], tuple[str, tuple[str, ...]]] = {
    errors.OpenRouterError: ("Nothing was added to the conversation.", ("retry", "other_model")),
    errors.ConfigurationError: ("Change what the message names; nothing was sent.", ("field", "unset", "retry")),
    errors.MissingAPIKeyError: (
        "A key is asked for by this line, which shows it to nobody and writes it nowhere.",
        ("set_key", "key_page", "retry"),
    ),
    errors.NoResponseError: (
        "The server cannot be reached: check the network, the proxy (HTTPS_PROXY) and OPENROUTER_BASE_URL.",
        ("retry", "proxy"),
    ),
    errors.RequestTimeoutError: ("The model or the network is slow.", ("retry", "raise_timeout", "sort_latency")),
    errors.BadRequestError: ("A parameter or the model is not what the service takes.", ("models", "field", "unset")),
    errors.ContextLengthError: (
        "The conversation does not fit into the model's context.",
        ("drop_oldest", "compress", "larger_model"),
    ),
    errors.ContentPolicyError: ("The provider does not answer this.", ("edit_message", "other_model")),
    errors.UnauthorizedError: ("The key is wrong, disabled or expired.", ("set_key", "key_page", "retry")),
    errors.PaymentRequiredError: (
        "Credits are used up, or the key's limit is reached.",
        ("fewer_tokens", "free_model", "credits"),
    ),
    errors.ForbiddenError: (
        "Moderation, a guardrail, the region or the key's limit forbids this request.",
        ("edit_message", "other_model", "key_page"),
    ),
    errors.NotFoundError: (
        "The id may be wrong, or the settings rule every provider out.",
        ("models", "fallback", "paid", "relax", "other_model"),
    ),
    errors.UpstreamTimeoutError: ("The provider took too long.", ("retry", "raise_timeout", "sort_latency")),
    errors.ConflictError: ("Another request was in the way.", ("retry",)),
    errors.PreconditionFailedError: ("Change what the message names.", ("field", "retry")),
    errors.PayloadTooLargeError: ("The request is too large.", ("shrink", "detach", "drop_oldest", "edit_message", "other_model")),
    errors.UnprocessableEntityError: ("Change what the message names.", ("field", "unset", "retry")),
    errors.TooManyRequestsError: ("Free models and new keys have low limits.", ("wait", "retry", "paid", "add_fallback")),
    errors.InternalServerError: ("Nothing is wrong with the request.", ("retry", "other_model")),
    errors.BadGatewayError: ("Nothing is wrong with the request: the provider failed.", ("retry", "fallbacks", *_AGAIN[1:])),
    errors.ServiceUnavailableError: ("All providers of this model are busy or down.", ("wait", "retry", "fallbacks", *_AGAIN[1:])),
    errors.UnexpectedContentError: (
        "Something between here and OpenRouter answered in its place: a login page, a proxy, or a wrong OPENROUTER_BASE_URL.",
        ("retry", "proxy"),
    ),
    errors.StreamError: ("What arrived is kept in the conversation; it is paid for.", _BROKEN),
}  # fmt: skip
_PICTURES = ("invalid_image", "image_too_large", "image_too_small", "unsupported_image_format")
_PICTURE_ROW = ("A picture cannot be used as it is.", ("shrink", "detach", "other_model"))
_NOTES: dict[str, tuple[str, str, tuple[str, ...]]] = {
    "length": ("Cut at the token limit", "The model had more to say.", ("continue", "raise_limit")),
    "content_filter": (
        "Stopped by the content filter",
        "The provider ended the answer.",
        ("edit_message", "other_model"),
    ),
    "refusal": (
        "The model refused",
        "Change the wording, or ask another model.",
        ("edit_message", "other_model"),
    ),
}


def error_banner(session: Session, column: Column) -> dict[str, Any]:
    """Return the banner of a column whose run failed, its countdown as of now."""
    error = column.error
    assert error is not None  # noqa: S101 - the caller has looked
    words = banner(error)
    meaning, names = _row(error)
    similar = session.client.models.nearest(column.model) if _is_about_model(error) else ()
    if similar:
        meaning += f" Did you mean {similar[0]}?"
    countdown = _countdown(column)
    if countdown is not None and countdown["auto"]:
        names = ("retry", "cancel_retry", *(name for name in names if name not in ("retry", "wait")))
    return {
        "kind": type(error).__name__,
        "level": "error",
        "title": words.title,
        "message": words.message,
        "meaning": meaning,
        "remedies": _offers(session, column, names),
        "details": words.details,
        "countdown": countdown,
        "user_caused": isinstance(error, (errors.ConfigurationError, errors.BadRequestError)),
    }


def note_banner(session: Session, column: Column) -> dict[str, Any]:
    """Return the banner of a column whose answer came to an end that needs a remark."""
    end = (column.facts or {})["end"]
    title, meaning, names = _NOTES[end]
    return {
        "kind": end,
        "level": "warning",
        "title": title,
        "message": "",
        "meaning": meaning,
        "remedies": _offers(session, column, names),
        "details": "",
        "countdown": None,
        "user_caused": False,
    }


def availability(error: errors.OpenRouterError | None) -> dict[str, Any]:
    """Return `error.availability` of a body, `{}` where there is none."""
    try:
        found = json.loads(error.body)["error"]["availability"] if error else None
    except (ValueError, KeyError, TypeError):
        return {}
    return found if isinstance(found, dict) else {}


def named_field(error: errors.OpenRouterError | None) -> str:
    """Return the parameter that an error's message names, `""` where it names none."""
    message = error.message if error else ""
    for word in re.findall(r"[A-Za-z_][A-Za-z0-9_.]*", message):
        top = word.split(".")[0]
        if top in PARAMETERS and (top not in _COMMON or f"'{top}'" in message or message.startswith(top)):
            return str(word).rstrip(".")
    return ""


# Parameters whose names are plain English words as well.
_COMMON = ("model", "models", "stop", "stream", "user", "tools", "provider", "usage", "audio", "route", "messages", "trace", "seed", "reasoning", "preset", "debug")  # fmt: skip


def free_wait_s(column: Column) -> float | None:
    """Return the seconds that are left of the wait that the service asked for; None without a usable hint."""
    hint = column.error.retry_after if column.error else None
    if hint is None or not math.isfinite(hint) or hint <= 0:
        return None
    return max(0.0, column.failed_at + hint - time.monotonic())


def _row(error: errors.OpenRouterError) -> tuple[str, tuple[str, ...]]:
    if error.error_type in _PICTURES:
        return _PICTURE_ROW
    if error.partial is not None and _has_text(error):
        return _ROWS[errors.StreamError]
    return next(_ROWS[kind] for kind in type(error).__mro__ if kind in _ROWS)


def _has_text(error: errors.OpenRouterError) -> bool:
    return error.partial is not None and bool(error.partial.text)


def _is_about_model(error: errors.OpenRouterError) -> bool:
    return isinstance(error, errors.NotFoundError) or "valid model" in error.message


def _countdown(column: Column) -> dict[str, Any] | None:
    if column.retry_at is not None:
        return {"remaining_ms": max(0, round((column.retry_at - time.monotonic()) * 1000)), "auto": True}
    left = free_wait_s(column)
    return None if left is None else {"remaining_ms": round(left * 1000), "auto": False}


def _offers(session: Session, column: Column, names: tuple[str, ...]) -> list[Remedy]:
    found: list[Remedy] = []
    for name in names:
        offer = _OFFERS[name](session, column)
        if offer is not None:
            found.append({"id": name, "help": "", **offer})
    return found[:_MAX_SHOWN]


def _op(label: str, text: str = "") -> Remedy:
    return {"label": label, "help": text, "action": "op"}


def _always(label: str, text: str = "") -> Callable[[Session, Column], Remedy]:
    return lambda _session, _column: _op(label, text)


def _link(label: str, href: str) -> Callable[[Session, Column], Remedy]:
    return lambda _session, _column: {"label": label, "action": "link", "href": href}


def _copy(label: str, code: str) -> Callable[[Session, Column], Remedy]:
    return lambda _session, _column: {"label": label, "action": "copy", "code": code}


def _focus(label: str, field: str) -> Callable[[Session, Column], Remedy]:
    return lambda _session, _column: {"label": label, "action": "focus", "field": field}


def _field(_session: Session, column: Column) -> Remedy | None:
    name = named_field(column.error)
    return {"label": f"Show {name}", "action": "focus", "field": name} if name else None


def _unset(session: Session, column: Column) -> Remedy | None:
    name = named_field(column.error)
    if not name or values.get(session.given(column), name) is values.MISSING:
        return None
    return _op(f"Unset {name}", "and send again")


def _edit_message(session: Session, _column: Column) -> Remedy | None:
    last = next((item for item in reversed(session.thread.items) if item.role == "user"), None)
    return {"label": "Edit the message", "action": "focus", "item": last.id} if last else None


def _models(session: Session, column: Column) -> Remedy | None:
    similar = session.client.models.nearest(column.model) if column.error else ()
    found = [slug for slug in similar if slug != column.model]
    about = column.error is not None and _is_about_model(column.error)
    return _op(f"Use {found[0]}") if found and about else None


def _fallback(_session: Session, column: Column) -> Remedy | None:
    models = availability(column.error).get("fallback_models")
    return _op(f"Use {models[0]}") if isinstance(models, list) and models else None


def _free_model(session: Session, column: Column) -> Remedy | None:
    free = session.catalogue.free(column.model) or (
        "openrouter/free" if ":free" not in column.model else None
    )
    return _op(f"Use {free}", "and send again") if free else None


def _paid(_session: Session, column: Column) -> Remedy | None:
    return _op(f"Use {base_id(column.model)}", "the paid variant") if ":free" in column.model else None


def _relax(session: Session, column: Column) -> Remedy | None:
    name = to_relax(session, column)
    return _op(f"Relax {name}", "and send again") if name else None


def to_relax(session: Session, column: Column) -> str:
    """Return the routing preference that most probably rules every provider out, `""` where none is set."""
    given = session.given(column)
    constraint = availability(column.error).get("constraint")
    named = str(constraint.get("field") or "") if isinstance(constraint, dict) else ""
    words = {
        "data_policy:zdr": "provider.zdr",
        "data_policy:training": "provider.data_collection",
        "max_price": "provider.max_price",
        "require_parameters": "provider.require_parameters",
        "quantization": "provider.quantizations",
        "allowed_providers": "provider.only",
    }
    excluded = availability(column.error).get("excluded_by") or []
    excluded = [excluded] if isinstance(excluded, str) else excluded
    order = [named, f"provider.{named}", *(words.get(str(word), "") for word in excluded), *words.values(), "provider.order", "provider.ignore"]  # fmt: skip
    return next((name for name in order if name and values.get(given, name) is not values.MISSING), "")


def _larger(session: Session, column: Column) -> Remedy | None:
    larger = session.catalogue.larger(column.model)
    return _op(f"Use {larger}", "a larger context") if larger else None


def _drop_oldest(session: Session, _column: Column) -> Remedy | None:
    said = [item for item in session.thread if item.role not in ("system", "developer")]
    return _op("Drop the oldest turn", "and send again") if len(said) > 2 else None


def _ignore_provider(_session: Session, column: Column) -> Remedy | None:
    provider = column.error.provider if column.error else None
    return _op(f"Without {provider}", "ignores this provider and sends again") if provider else None


def _fallbacks(session: Session, column: Column) -> Remedy | None:
    off = values.get(session.given(column), "provider.allow_fallbacks") is False
    return _op("Allow other providers", "and send again") if off else None


def _wait(_session: Session, column: Column) -> Remedy | None:
    left = free_wait_s(column)
    if left is None or left > _HOUR_S or column.retry_at is not None:
        return None
    return _op("Wait and retry", "sends again by itself when the time is over")


def _detach(session: Session, _column: Column) -> Remedy | None:
    attached = any(_has_media(card.message) for item in session.thread for card in item.cards)
    return _op("Remove the attachments", "and send again") if attached else None


def _parts(message: dict[str, Any]) -> list[dict[str, Any]]:
    content = message.get("content")
    return content if isinstance(content, list) else []


def _has_media(message: dict[str, Any]) -> bool:
    return any(part.get("type") != "text" for part in _parts(message))


def _shrink(session: Session, column: Column) -> Remedy | None:
    from importlib.util import find_spec

    pictures = any(
        part.get("type") == "image_url"
        for item in session.thread
        for card in item.cards
        for part in _parts(card.message)
    )
    del column
    return (
        _op("Downscale the pictures", "to 1,024 pixels, and sends again")
        if pictures and find_spec("PIL")
        else None
    )


def _fewer_tokens(session: Session, column: Column) -> Remedy:
    return _op(f"At most {fewer_tokens(session, column):,} tokens", "and send again")


def fewer_tokens(session: Session, column: Column) -> int:
    """Return a limit that costs less than the one that was too dear: what the message can pay for, else a half."""
    limit = session.given(column).get("max_completion_tokens")
    found = re.search(r"can only afford (\d+)", column.error.message if column.error else "")
    affordable = int(found[1]) if found else 500
    if isinstance(limit, int) and limit <= affordable:
        affordable = limit // 2
    return max(16, affordable)


def _continue(session: Session, column: Column) -> Remedy | None:
    card = next(
        (
            card
            for item in session.thread
            if item.id == column.item
            for card in item.cards
            if card.column == column.id
        ),
        None,
    )
    has_text = card is not None and isinstance(card.message.get("content"), str) and card.message["content"]
    return _op("Continue from here") if has_text else None


_OFFERS: dict[str, Callable[[Session, Column], Remedy | None]] = {
    "retry": _always("Retry now"),
    "wait": _wait,
    "cancel_retry": _always("Cancel"),
    "other_model": _focus("Pick another model", "model"),
    "models": _models,
    "fallback": _fallback,
    "free_model": _free_model,
    "paid": _paid,
    "relax": _relax,
    "larger_model": _larger,
    "drop_oldest": _drop_oldest,
    "compress": _always("Compress the middle", "adds the plugin context-compression and sends again"),
    "ignore_provider": _ignore_provider,
    "fallbacks": _fallbacks,
    "add_fallback": _focus("Add a fallback model", "models"),
    "field": _field,
    "unset": _unset,
    "edit_message": _edit_message,
    "set_key": _copy("Copy %chat_key", "%load_ext openrouter_nb\n%chat_key"),
    "key_page": _link("Keys", "https://openrouter.ai/settings/keys"),
    "credits": _link("Add credits", "https://openrouter.ai/settings/credits"),
    "proxy": _copy(
        "Copy: show the settings",
        "import os, urllib.request\nprint(urllib.request.getproxies(), os.environ.get('OPENROUTER_BASE_URL'))",
    ),
    "raise_timeout": _always("Wait longer", "doubles the timeout and sends again"),
    "sort_latency": _always("Fastest providers first", "sorts by latency and sends again"),
    "detach": _detach,
    "shrink": _shrink,
    "fewer_tokens": _fewer_tokens,
    "raise_limit": _always("Raise the limit", "doubles it and writes the answer again"),
    "continue": _continue,
    "keep": _always("Keep what arrived"),
}
