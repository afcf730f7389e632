"""What the panel says when a request fails, and which remedies it offers.

The title is that of every front end (`render.banners`); the sentence below it is the panel's own, because here a button and
not another cell is the way on.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, NamedTuple

from openrouter_nb import errors
from openrouter_nb.playground.remedies import diagnosis
from openrouter_nb.playground.remedies.buttons import remedy_buttons
from openrouter_nb.render.errors.banners import banner, forbidden_for, ruled_out_by

if TYPE_CHECKING:
    from openrouter_nb.playground.state.state import Column, PlaygroundState


class _PanelText(NamedTuple):
    """A sentence, and the names of remedies, best first."""

    meaning: str
    remedies: tuple[str, ...]


_AGAIN = ("retry", "ignore_provider", "other_model")
# The nearest class of an error's own line of classes counts, as in `render.banners`.
_BY_CLASS: dict[type[errors.OpenRouterError], _PanelText] = {
    errors.OpenRouterError: _PanelText("Nothing was added to the conversation.", ("retry", "other_model")),
    errors.ConfigurationError: _PanelText("Change what the message names; nothing was sent.", ("field", "unset", "retry")),
    errors.MissingAPIKeyError: _PanelText(
        "A key is asked for by this line, which shows it to nobody and writes it nowhere.",
        ("set_key", "key_page", "retry"),
    ),
    errors.NoResponseError: _PanelText(
        "The server cannot be reached: check the network, the proxy (HTTPS_PROXY) and OPENROUTER_BASE_URL.",
        ("retry", "proxy"),
    ),
    errors.RequestTimeoutError: _PanelText("The model or the network is slow.", ("retry", "raise_timeout", "sort_latency")),
    errors.BadRequestError: _PanelText("A parameter or the model is not what the service takes.", ("models", "other_id", "field", "unset", "raw")),
    errors.ContextLengthError: _PanelText(
        "The conversation does not fit into the model's context.",
        ("drop_oldest", "compress", "larger_model"),
    ),
    errors.ContentPolicyError: _PanelText("The provider does not answer this.", ("edit_message", "other_model")),
    errors.UnauthorizedError: _PanelText("The key is wrong, disabled or expired.", ("set_key", "key_page", "retry")),
    errors.PaymentRequiredError: _PanelText(
        "Credits are used up, or the key's limit is reached.",
        ("fewer_tokens", "free_model", "credits"),
    ),
    errors.ForbiddenError: _PanelText(
        "Moderation, a guardrail, the region or the key's limit forbids this request.",
        ("edit_message", "other_model", "key_page"),
    ),
    errors.NotFoundError: _PanelText(
        "The id may be wrong, or the settings rule every provider out.",
        ("models", "fallback", "paid", "relax", "other_model"),
    ),
    errors.UpstreamTimeoutError: _PanelText("The provider took too long.", ("retry", "raise_timeout", "sort_latency")),
    errors.ConflictError: _PanelText("Another request was in the way.", ("retry",)),
    errors.PreconditionFailedError: _PanelText("Change what the message names.", ("field", "retry", "raw")),
    errors.PayloadTooLargeError: _PanelText("The request is too large.", ("shrink", "detach", "drop_oldest", "edit_message", "other_model")),
    errors.UnprocessableEntityError: _PanelText("Change what the message names.", ("field", "unset", "retry", "raw")),
    errors.TooManyRequestsError: _PanelText("Free models and new keys have low limits.", ("wait", "retry", "paid", "add_fallback")),
    errors.InternalServerError: _PanelText("Nothing is wrong with the request.", ("retry", "other_model")),
    errors.BadGatewayError: _PanelText("Nothing is wrong with the request: the provider failed.", ("retry", "fallbacks", *_AGAIN[1:])),
    errors.ServiceUnavailableError: _PanelText("All providers of this model are busy or down.", ("wait", "retry", "fallbacks", *_AGAIN[1:])),
    errors.UnexpectedContentError: _PanelText(
        "Something between here and OpenRouter answered in its place: a login page, a proxy, or a wrong OPENROUTER_BASE_URL.",
        ("retry", "proxy"),
    ),
    errors.StreamError: _PanelText("What arrived is kept in the conversation; it is paid for.", ("continue", "retry", "keep")),
}  # fmt: skip

_UNUSABLE_PICTURE = _PanelText("A picture cannot be used as it is.", ("shrink", "detach", "other_model"))
_ABSENT_PICTURE = _PanelText(
    "The provider does not get the picture from its address: attach the file itself.",
    ("detach", "edit_message", "other_model"),
)
_BY_TYPE: dict[str, _PanelText] = {
    **dict.fromkeys(
        ("invalid_image", "image_too_large", "image_too_small", "unsupported_image_format"), _UNUSABLE_PICTURE
    ),
    **dict.fromkeys(("image_download_failed", "image_not_found"), _ABSENT_PICTURE),
    "max_tokens_exceeded": _PanelText(
        "The model can write less than the request allows.", ("fewer_tokens", "field", "other_model")
    ),
}
# `{field}` and `{why}` are the service's own words.
_BY_AVAILABILITY: dict[str, _PanelText] = {
    "model_not_found": _PanelText("The id is wrong.", ("models", "fallback", "other_model")),
    "no_endpoints": _PanelText(
        "The settings or the request rule every provider out{why}.", ("fallback", "relax", "other_model")
    ),
    "model_deprecated": _PanelText("It is no longer offered.", ("fallback", "models", "other_model")),
    "model_unavailable_upstream": _PanelText(
        "No provider offers it just now.", ("fallback", "retry", "other_model")
    ),
    "constraint_filtered": _PanelText("It is {field}{why}.", ("relax", "fallback", "other_model")),
    "privacy_restricted": _PanelText(
        "No provider of it keeps to the account's privacy settings{why}.",
        ("relax", "fallback", "privacy_page", "other_model"),
    ),
    "region_restricted": _PanelText("No provider may answer where you are.", ("fallback", "other_model")),
    "free_variant_ended": _PanelText("The model goes on for a price.", ("paid", "fallback", "free_model")),
}
_BY_END: dict[str, tuple[str, str, tuple[str, ...]]] = {
    "length": (
        "Cut at the token limit",
        "The model had more to say.",
        ("continue", "raise_limit"),
    ),
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
#: Ends of an answer that need a remark.
REMARKABLE_ENDS = frozenset(_BY_END)


def error_banner(session: PlaygroundState, column: Column) -> dict[str, Any]:
    """Return the banner of a column whose run failed, its countdown as of now."""
    error = column.error
    assert error is not None  # noqa: S101 - the caller has looked
    words = banner(error)
    meaning, names = _row(error)
    similar = session.client.models.nearest(column.model) if "models" in names else ()
    if similar and diagnosis.is_about_model(error):
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
        "remedies": remedy_buttons(session, column, names),
        "details": words.details,
        "countdown": countdown,
        "user_caused": isinstance(error, (errors.ConfigurationError, errors.BadRequestError)),
    }


def note_banner(session: PlaygroundState, column: Column) -> dict[str, Any]:
    """Return the banner of a column whose answer came to an end that needs a remark."""
    end = (column.stats or {})["end"]
    title, meaning, names = _BY_END[end]
    return {
        "kind": end,
        "level": "warning",
        "title": title,
        "message": "",
        "meaning": meaning,
        "remedies": remedy_buttons(session, column, names),
        "details": "",
        "countdown": None,
        "user_caused": False,
    }


def _row(error: errors.OpenRouterError) -> _PanelText:
    if error.partial is not None and error.partial.text:
        return _BY_CLASS[errors.StreamError]
    if row := _BY_AVAILABILITY.get(diagnosis.availability_code(error)):
        field, why = ruled_out_by(error)
        return row._replace(meaning=row.meaning.replace("{field}", field).replace("{why}", why))
    if row := _BY_TYPE.get(error.error_type or ""):
        return row
    row = next(_BY_CLASS[kind] for kind in type(error).__mro__ if kind in _BY_CLASS)
    if isinstance(error, (errors.ForbiddenError, errors.ContentPolicyError)) and (
        why := forbidden_for(error)
    ):
        return row._replace(meaning=why)
    return row


def _countdown(column: Column) -> dict[str, Any] | None:
    if column.retry_at is not None:
        return {"remaining_ms": max(0, round((column.retry_at - time.monotonic()) * 1000)), "auto": True}
    left = diagnosis.wait_s(column)
    return None if left is None else {"remaining_ms": round(left * 1000), "auto": False}
