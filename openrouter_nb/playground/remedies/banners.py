"""The banners of the playground: the texts of `openrouter_nb.render.errors` with the buttons that apply."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from openrouter_nb import errors
from openrouter_nb.playground.remedies import diagnosis
from openrouter_nb.playground.remedies.actions import button
from openrouter_nb.render.errors.banners import banner, describe
from openrouter_nb.render.errors.error_text import BY_FINISH_REASON, PARTIAL_REMEDIES, PARTIAL_SAVED
from openrouter_nb.render.errors.remedies import CANCEL_RETRY, RETRY, SIMILAR_MODEL, WAIT

if TYPE_CHECKING:
    from collections.abc import Iterable

    from openrouter_nb.playground.state.state import Column, PlaygroundState
    from openrouter_nb.render.errors.remedies import Remedy

_MAX_BUTTONS = 3
#: Finish reasons that have a banner.
REMARKABLE_ENDS = frozenset(BY_FINISH_REASON)


def error_banner(state: PlaygroundState, column: Column) -> dict[str, Any]:
    """Return the banner of a column whose run failed, with its countdown as of now."""
    error = column.error
    assert error is not None  # noqa: S101 - checked by the caller
    in_cell, text = banner(error), describe(error)
    meaning, remedies = text.meaning, text.remedies
    if error.partial is not None and error.partial.text:
        meaning, remedies = PARTIAL_SAVED, PARTIAL_REMEDIES
    elif SIMILAR_MODEL in remedies and diagnosis.is_about_model(error):
        similar = state.client.models.nearest(column.model)
        meaning += f" Did you mean {similar[0]}?" if similar else ""
    countdown = _countdown(column)
    if countdown is not None and countdown["auto"]:
        remedies = (RETRY, CANCEL_RETRY, *(remedy for remedy in remedies if remedy not in (RETRY, WAIT)))
    return {
        "kind": type(error).__name__,
        "level": "error",
        "title": in_cell.title,
        "message": in_cell.message,
        "meaning": meaning,
        "remedies": _buttons(state, column, remedies),
        "details": in_cell.details,
        "countdown": countdown,
        "user_caused": isinstance(error, (errors.ConfigurationError, errors.BadRequestError)),
    }


def note_banner(state: PlaygroundState, column: Column) -> dict[str, Any]:
    """Return the banner of a column whose answer is incomplete."""
    end = (column.stats or {})["end"]
    text = BY_FINISH_REASON[end]
    return {
        "kind": end,
        "level": "warning",
        "title": text.title,
        "message": "",
        "meaning": text.meaning,
        "remedies": _buttons(state, column, text.remedies),
        "details": "",
        "countdown": None,
        "user_caused": False,
    }


def _buttons(state: PlaygroundState, column: Column, remedies: Iterable[Remedy]) -> list[dict[str, Any]]:
    """Return the buttons of the remedies that apply now, the first three."""
    found = (button(remedy, state, column) for remedy in remedies)
    return [each for each in found if each is not None][:_MAX_BUTTONS]


def _countdown(column: Column) -> dict[str, Any] | None:
    if column.retry_at is not None:
        return {"remaining_ms": max(0, round((column.retry_at - time.monotonic()) * 1000)), "auto": True}
    left = diagnosis.wait_s(column)
    return None if left is None else {"remaining_ms": round(left * 1000), "auto": False}
