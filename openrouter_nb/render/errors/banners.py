"""Banners of failed requests: what happened, what it means, and what to do next."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from openrouter_nb.errors import ReplayMissError
from openrouter_nb.render.errors.conditions import CONDITIONS
from openrouter_nb.render.errors.error_facts import (
    availability_code,
    constraint,
    duration,
    earlier_providers,
    is_model_id,
    received_status,
    shortened,
    suggested_models,
)
from openrouter_nb.render.errors.error_text import (
    BY_AVAILABILITY,
    BY_CLASS,
    BY_TYPE,
    NOT_ADDED,
    PARTIAL_DISCARDED,
    ErrorText,
)
from openrouter_nb.render.errors.remedies import AGAIN, replace_again, with_model

if TYPE_CHECKING:
    from collections.abc import Sequence

    from openrouter_nb.errors import OpenRouterError

_MAX_MESSAGE = 400


@dataclass(frozen=True, slots=True)
class Banner:
    """The texts of one failure.

    Attributes:
        title: A few words.
        message: The message of the service or the network.
        meaning: What it means for the user.
        remedy: Code to run, or `""`.
        details: Status, provider and ids, for a bug report.
        listing: Lines below the message, or `""`.
    """

    title: str
    message: str
    meaning: str
    remedy: str
    details: str
    listing: str = ""

    @property
    def plain(self) -> str:
        """The banner as plain text."""
        listing, remedy = (
            "\n".join(f"    {line}" for line in text.splitlines()) for text in (self.listing, self.remedy)
        )
        parts = (f"✗ {self.title}", self.message, listing, self.meaning, remedy, self.details)
        return "\n".join(part for part in parts if part)


OWN_FAULT = Banner(
    "Error in openrouter-nb",
    "The error is in openrouter-nb, in the notebook, not in the service.",
    (
        "The partial answer is above; it was not added to the conversation and may have been charged. The traceback"
        " below says where the error is: please report it."
    ),
    "",
    "",
)


def describe(error: OpenRouterError) -> ErrorText:
    """Return the row of the table of errors that applies to an error, with its placeholders filled."""
    if text := BY_AVAILABILITY.get(availability_code(error)):
        return text.fill(constraint(error))
    if text := BY_TYPE.get(error.error_type or ""):
        return text
    for condition in CONDITIONS:
        if isinstance(error, condition.kinds) and (values := condition.find(error)) is not None:
            return condition.text.fill(values)
    return next(BY_CLASS[kind] for kind in type(error).__mro__ if kind in BY_CLASS)


def banner(error: OpenRouterError, *, similar: Sequence[str] = (), again: str = AGAIN) -> Banner:
    """Return the banner of an error in a cell.

    Args:
        error: The error.
        similar: Ids of models similar to the requested one.
        again: The line that repeats what failed; `""` for Python code, which no line can repeat.
    """
    text = describe(error)
    lead, command = text.in_cell
    if models := suggested_models(error):
        lead, command = f"OpenRouter suggests {', '.join(models)}:", with_model(models[0])
    elif near := [model for model in similar if is_model_id(model)]:
        lead, command = f"Did you mean {', '.join(near)}?", with_model(near[0])
    command = replace_again(command, again)
    if lead.endswith(":") and not command:
        lead = ""
    is_partial = error.partial is not None and error.partial.has_content
    wait = duration(error.retry_after)
    meaning = (
        PARTIAL_DISCARDED if is_partial else "",
        f"Retry after {wait}." if wait else "",
        "" if is_partial and text.meaning == NOT_ADDED else text.meaning,
        lead,
    )
    return Banner(
        text.title,
        shortened(error.message, _MAX_MESSAGE),
        " ".join(part for part in meaning if part),
        command,
        _details(error),
        _listing(error),
    )


def _listing(error: OpenRouterError) -> str:
    """Return how a request differs from the nearest recorded one."""
    differences = error.differences if isinstance(error, ReplayMissError) else ()
    return "\n".join(("Nearest recording → this request:", *differences)) if differences else ""


def _details(error: OpenRouterError) -> str:
    earlier = earlier_providers(error)
    facts = [
        f"status {status}" if (status := received_status(error)) else "",
        f"tried {len(error.attempts) + 1} times" if error.attempts else "",
        shortened(error.error_type),
        f"provider {shortened(error.provider)}" if error.provider else "",
        f"before: {earlier}" if earlier else "",
        f"generation {shortened(error.generation_id)}" if error.generation_id else "",
        f"request {shortened(error.request_id)}" if error.request_id else "",
    ]
    return " · ".join(fact for fact in facts if fact)
