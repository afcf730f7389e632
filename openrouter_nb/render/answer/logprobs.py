"""Log probabilities of tokens: a tint and an underline for each token, and a table of the least probable ones.

Source: OpenRouter's OpenAPI schema ChatTokenLogprob, August 2026.
"""

from __future__ import annotations

import math
from html import escape
from typing import TYPE_CHECKING, Any

from openrouter_nb.render.html.control_characters import escape_control
from openrouter_nb.render.html.html_parts import HtmlPart, details, prose, secondary

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_MAX_TOKENS = 500
_LEAST_SURE = 10
_ALTERNATIVES = 4
# From probable to improbable. The underline repeats the tint for color-blind users; the first band has neither.
_BANDS = (
    (0.9, "", ""),
    (0.7, "orn-p1", "background:rgba(245,124,0,.12);text-decoration:underline dotted"),
    (0.4, "orn-p2", "background:rgba(245,124,0,.24);text-decoration:underline dashed"),
    (0.1, "orn-p3", "background:rgba(245,124,0,.36);text-decoration:underline solid"),
    (-1.0, "orn-p4", "background:rgba(245,124,0,.48);text-decoration:underline wavy"),
)
_STYLE = "<style>" + "".join(f".{name}{{{css}}}" for _, name, css in _BANDS if name) + "</style>"
NONE_CAME = "Log probabilities were requested, but this provider sends none."


def probabilities(logprobs: Mapping[str, Any] | None, *, asked: bool = False) -> HtmlPart:
    """Return the log probabilities of an answer, collapsed.

    Args:
        logprobs: `choices[0].logprobs` as sent.
        asked: Whether they were requested: if none arrived, a note says so.
    """
    tokens = _tokens(logprobs)
    if not tokens:
        return secondary(NONE_CAME) if asked else HtmlPart("", "")
    shown = tokens[:_MAX_TOKENS]
    text = "".join(_span(token) for token in shown)
    title = f"Probabilities of {len(tokens):,} tokens"
    if len(tokens) > len(shown):
        title += f", the first {len(shown)} of them shown"
    rows = sorted(shown, key=lambda token: token["logprob"])[:_LEAST_SURE]
    table = "".join(_row(token) for token in rows)
    head = "<tr><th>least probable</th><th>probability</th><th>alternatives</th></tr>"
    html = f'{_STYLE}<p style="white-space:pre-wrap">{text}</p><table><thead>{head}</thead><tbody>{table}</tbody></table>'
    mean = math.exp(sum(token["logprob"] for token in tokens) / len(tokens))
    return HtmlPart(details(f"{title} · {mean:.0%} in the geometric mean", html), "")


def _tokens(logprobs: Mapping[str, Any] | None) -> list[dict[str, Any]]:
    content = logprobs.get("content") or logprobs.get("refusal") if isinstance(logprobs, dict) else None
    entries = content if isinstance(content, list) else []
    return [entry for entry in entries if _is_token(entry)]


def _is_token(entry: Any) -> bool:
    if not isinstance(entry, dict) or not isinstance(entry.get("token"), str):
        return False
    logprob = entry.get("logprob")
    return isinstance(logprob, (int, float)) and not isinstance(logprob, bool) and not math.isnan(logprob)


def _probability(entry: Mapping[str, Any]) -> float:
    return math.exp(min(0.0, entry["logprob"]))


def _span(entry: Mapping[str, Any]) -> str:
    probability = _probability(entry)
    name = next(name for least, name, _ in _BANDS if probability >= least)
    title = escape(f"{_percent(probability)}{_instead(entry, ' · alternatives: ')}")
    return f'<span{f" class={name}" if name else ""} title="{title}">{prose(entry["token"])}</span>'


def _row(entry: Mapping[str, Any]) -> str:
    cells = (repr(escape_control(entry["token"])), _percent(_probability(entry)), _instead(entry, ""))
    return "<tr>" + "".join(f"<td>{prose(cell)}</td>" for cell in cells) + "</tr>"


def _instead(entry: Mapping[str, Any], before: str) -> str:
    others: Sequence[Any] = entry.get("top_logprobs") or ()
    said = [
        f"{escape_control(other['token'])!r} {_percent(_probability(other))}"
        for other in others
        if _is_token(other) and other["token"] != entry["token"]
    ][:_ALTERNATIVES]
    return before + ", ".join(said) if said else ""


def _percent(probability: float) -> str:
    return f"{probability:.1%}" if 0.001 <= probability < 0.9995 else f"{probability:.3%}"
