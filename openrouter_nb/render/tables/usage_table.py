"""Tokens and cost of the conversations of a notebook, as a table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from openrouter_nb.render.answer.footer import cost
from openrouter_nb.render.html.markdown import to_html

if TYPE_CHECKING:
    from collections.abc import Mapping


class UsageRow(Protocol):
    """Requests, tokens and cost of one conversation and model."""

    requests: int
    prompt_tokens: int
    completion_tokens: int
    cost: float
    unpriced: int


def bundle(accounts: Mapping[tuple[str, str], UsageRow]) -> dict[str, str]:
    """Return the mime bundle of a table: a row for each conversation and model, and the total."""
    rows = ["| chat | model | requests | tokens in | tokens out | cost |", "|:---|:---|--:|--:|--:|--:|"]
    rows += [_row(chat, model, account) for (chat, model), account in sorted(accounts.items())]
    total = sum(account.cost for account in accounts.values())
    unpriced = sum(account.unpriced for account in accounts.values())
    rows.append(f"| **all** | | | | | **{cost(total)}** |")
    note = (
        f"\n\n{unpriced:,} {'answer has' if unpriced == 1 else 'answers have'} no price, as after Stop or an error, "
        "and may have been charged."
        if unpriced
        else ""
    )
    table = "\n".join(rows) + note
    return {"text/html": to_html(table.replace("$", "\\$")), "text/plain": table}


def _row(chat: str, model: str, account: UsageRow) -> str:
    counts = f"{account.requests:,} | {account.prompt_tokens:,} | {account.completion_tokens:,}"
    is_known = account.cost or account.unpriced < account.requests
    price = cost(account.cost) if is_known else "unknown"
    return f"| {chat} | {model} | {counts} | {price} |"
