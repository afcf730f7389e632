"""Specs of the client's settings, which are never sent: retries, timeouts, limits of the tool loop."""

from __future__ import annotations

from typing import Any

from openrouter_nb.parameters import SETTINGS
from openrouter_nb.playground.parameters.spec import TRANSPORT, Spec, row


def settings() -> tuple[Spec, ...]:
    """Return the specs of the client's settings."""
    seconds = {"kind": "number", "unit": "s"}
    count = {"kind": "integer", "step": 1}
    return (
        _shared("max_retries", "retries", step=1),
        _setting(
            "first_wait_s",
            "first delay",
            "number",
            "Delay before the first retry, up to 60, doubled for each further one. Default: 0.5.",
            minimum=0,
            maximum=60,
            advanced=True,
            ghost="0.5",
            **seconds,
        ),
        _setting(
            "max_hint_s",
            "longest delay",
            "number",
            "Longest delay requested by the service that is accepted, up to 3,600; a longer one is an error. Default: 60.",
            minimum=0,
            maximum=3600,
            advanced=True,
            ghost="60",
            **seconds,
        ),
        _setting(
            "retry_statuses",
            "retry also on",
            "chips",
            "Additional HTTP statuses to retry, such as 404. "
            "By default, rejected, unpaid and forbidden requests are not retried.",
            kind="strings",
            open=True,
            advanced=True,
        ),
        _shared("timeout_s", "timeout", unit="s"),
        _setting(
            "max_rounds",
            "tool rounds",
            "number",
            "Maximum number of requests per question, including those with tool results, 1 to 50. Default: 8.",
            minimum=1,
            maximum=50,
            ghost="8",
            **count,
        ),
        _setting(
            "max_calls",
            "tool calls",
            "number",
            "Maximum number of tool calls per question, over all rounds, 1 to 500. Default: 16.",
            minimum=1,
            maximum=500,
            ghost="16",
            **count,
        ),
        _setting(
            "max_identical",
            "identical calls",
            "number",
            "How many times a call with the same arguments is executed, 1 to 50. Default: 3.",
            minimum=1,
            maximum=50,
            advanced=True,
            ghost="3",
            **count,
        ),
        _setting(
            "max_cost",
            "cost per question",
            "number",
            "Once a question has cost this much, up to 10,000, no tool is called and no further request is sent.",
            kind="number",
            minimum=0.000_001,
            maximum=10_000,
            unit="$",
            ghost="no limit",
        ),
        _shared("repairs", "repairs", step=1),
    )


def _setting(name: str, label: str, control: str, text: str, **more: Any) -> Spec:
    return row(name, TRANSPORT, control, label=label, help=text, **more)


def _shared(name: str, label: str, **more: Any) -> Spec:
    """Return the spec of a setting that `%%chat` has an option for. `label` is its name in `SETTINGS`."""
    setting = SETTINGS[label]
    return _setting(
        name,
        label,
        "number",
        setting.help,
        kind=setting.kind,
        minimum=setting.minimum,
        maximum=setting.maximum,
        ghost=f"{setting.default:g}",
        **more,
    )
