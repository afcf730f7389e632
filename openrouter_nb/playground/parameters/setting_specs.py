"""Rows of what is ours and never sent: retries, waits, limits of the loop of tools."""

from __future__ import annotations

from typing import Any

from openrouter_nb.playground.parameters.spec import TRANSPORT, Spec, row


def settings() -> tuple[Spec, ...]:
    """Return the rows of what is ours and never sent."""

    def setting(name: str, label: str, control: str, text: str, **more: Any) -> Spec:
        return row(name, TRANSPORT, control, label=label, help=text, **more)

    whole = {"kind": "integer", "step": 1}
    return (
        setting(
            "max_retries",
            "retries",
            "number",
            "How often a failed request is sent again, before any part of an answer; 2 where unset.",
            minimum=0,
            maximum=5,
            **whole,
            ghost="2",
        ),
        setting(
            "first_wait_s",
            "first wait",
            "number",
            "Before the second attempt; doubled each time. 0.5 where unset.",
            kind="number",
            minimum=0,
            maximum=60,
            unit="s",
            advanced=True,
            ghost="0.5",
        ),
        setting(
            "max_hint_s",
            "longest wait",
            "number",
            "Longest wait asked for by the service that is waited and not reported at once; 60 where unset.",
            kind="number",
            minimum=0,
            maximum=3600,
            unit="s",
            advanced=True,
            ghost="60",
        ),
        setting(
            "retry_statuses",
            "retry also on",
            "chips",
            "Further statuses that are sent again, such as 404. Refused, unpaid and forbidden requests never are by themselves.",
            kind="strings",
            open=True,
            advanced=True,
        ),
        setting(
            "timeout_s",
            "timeout",
            "number",
            "How long to wait for the next piece of the answer; 120 where unset.",
            kind="number",
            minimum=0.1,
            maximum=86_400,
            unit="s",
            ghost="120",
        ),
        setting(
            "max_rounds",
            "rounds of tools",
            "number",
            "How many requests a question may take, those with results of tools included; 8 where unset.",
            minimum=1,
            maximum=50,
            **whole,
            ghost="8",
        ),
        setting(
            "max_calls",
            "calls of tools",
            "number",
            "How many calls a question may run, over all its rounds; 16 where unset.",
            minimum=1,
            maximum=500,
            **whole,
            ghost="16",
        ),
        setting(
            "max_identical",
            "the same call",
            "number",
            "How often the same call with the same arguments is run; 3 where unset.",
            minimum=1,
            maximum=50,
            advanced=True,
            **whole,
            ghost="3",
        ),
        setting(
            "max_cost",
            "cost of a question",
            "number",
            "Once the answers to a question have cost this much, no call is run and nothing more is sent for it by itself.",
            kind="number",
            minimum=0.000_001,
            maximum=10_000,
            unit="$",
            ghost="no limit",
        ),
        setting(
            "repairs",
            "repairs",
            "number",
            "How often a model is asked by itself to put right an answer that does not fit its schema; 0 where unset.",
            minimum=0,
            maximum=5,
            **whole,
            ghost="0",
        ),
    )
