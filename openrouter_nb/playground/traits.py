"""Convert the state of a playground to the traits of its widget, as in `js/src/playground/protocol.ts`."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from openrouter_nb.components.responses.media_parts import audio_format, field_media
from openrouter_nb.conversation.cost_estimate import estimate_cost, total
from openrouter_nb.live.feed.citations import cited
from openrouter_nb.playground.history.location import is_on
from openrouter_nb.playground.parameters import model_capabilities, model_summary, routing
from openrouter_nb.playground.remedies.banners import REMARKABLE_ENDS, error_banner, note_banner
from openrouter_nb.render.html.control_characters import escape_control

if TYPE_CHECKING:
    from openrouter_nb.playground.state.state import Column, PlaygroundState
    from openrouter_nb.playground.state.thread_items import MessageCard, ThreadItem
    from openrouter_nb.tools.tool_call import ToolCall

# How many endpoints or models a sentence names.
_NAMED = 3


def panel_traits(state: PlaygroundState) -> dict[str, Any]:
    """Return every trait that can change. Call it with the lock acquired."""
    lead = state.columns[0] if state.columns else None
    model = state.catalog.find(lead.model) if lead else None
    path = _routing(state, lead)
    return {
        "params": state.params,
        "settings": dict(state.settings),
        "hints": model_capabilities.hints(
            model,
            tools=_tool_names(state),
            providers=[row["tag"] for row in path["endpoints"]],
        ),
        "ignored": _ignored(state),
        "forced": sorted(state.forced),
        "problems": state.problems(),
        "blocked": state.blocking_problem(),
        "thread": thread(state),
        "draft": {
            "text": state.draft.text,
            "role": state.draft.role,
            "attachments": [state.media.attachment(part) for part in state.draft.attachments],
            "rev": state.draft.rev,
            "by": state.draft.by,
        },
        "columns": columns(state),
        "estimate": _estimate(state),
        "routing": path,
        "session": {**state.usage.totals, "kept": state.saved_output_class},
        "presets": _presets(state),
        "connection": _connection(state),
        "history": {
            "on": is_on(),
            "changes": state.history_changes,
            "current": state.thread.identity.id,
            "deleted": state.deleted_conversation.summary.title if state.deleted_conversation else None,
            "problem": state.history_problem,
        },
        "undo": {"undo": state.thread.undo_label, "redo": state.thread.redo_label},
        "policies": {name: _policy(state, name) for name in state.tools},
    }


def thread(state: PlaygroundState) -> list[dict[str, Any]]:
    """Return the thread."""
    return [
        {"id": item.id, "role": item.role, "cards": [_card(state, item, card) for card in item.cards]}
        for item in state.thread
    ]


def columns(state: PlaygroundState) -> list[dict[str, Any]]:
    """Return the columns, with the time left of their countdowns."""
    return [
        {
            "id": column.id,
            "model": column.model,
            "overrides": column.overrides,
            "status": _status(column),
            "run": column.run,
            "item": column.item,
            "stats": column.stats,
            "banner": _banner(state, column),
            "summary": model_summary.summary(state.catalog, column.model),
        }
        for column in state.columns
    ]


def _status(column: Column) -> str:
    if column.retry_at is not None:
        return "waiting"
    return "running" if column.tools_running else column.status


def _banner(state: PlaygroundState, column: Column) -> dict[str, Any] | None:
    if column.error is not None:
        return error_banner(state, column)
    if column.stats is not None and column.stats["end"] in REMARKABLE_ENDS:
        return note_banner(state, column)
    return None


def _card(state: PlaygroundState, item: ThreadItem, card: MessageCard) -> dict[str, Any]:
    message = card.message
    branches = state.thread.branches(item, card.column)
    shown: dict[str, Any] = {
        "column": card.column,
        "parts": _parts(state, card),
        "branch": {"index": state.thread.branch_index(item, card.column), "count": len(branches)},
    }
    shown |= {key: str(message[key]) for key in ("name", "tool_call_id") if message.get(key)}
    if calls := message.get("tool_calls"):
        shown["tool_calls"] = [_call(state, card, call) for call in calls]
        if card.problem:
            shown["tool_calls"][-1]["problem"] = card.problem
    if card.is_object:
        shown["is_object"] = True
    if card.run is not None:
        shown["run"] = card.run
    if card.answer is not None:
        if reasoning := card.answer.answer.reasoning:
            shown["reasoning"] = reasoning
        shown["stats"] = {**card.answer.stats, "variable": _variable(state, item, card)}
    elif card.stats is not None:
        shown["stats"] = {**card.stats, "variable": ""}
    return shown | cited(message)


def _variable(state: PlaygroundState, item: ThreadItem, card: MessageCard) -> str:
    """Return the expression of an answer in Python; `""` for an answer that is not the latest of its column."""
    for index, column in enumerate(state.columns):
        if card.column in (column.id, None) and column.item == item.id and (name := state.variable()):
            return f"{name}.result" if len(state.columns) == 1 else f"{name}.results[{index}]"
    return ""


def _parts(state: PlaygroundState, card: MessageCard) -> list[dict[str, Any]]:
    message = card.message
    content = message.get("content")
    media = field_media(message)
    if content is None or isinstance(content, str):
        text = content or message.get("refusal") or "".join(part.transcript for part in media)
        cached = {"cached": True} if message.get("cache_control") else {}
        parts = [{"type": "text", "text": text, **cached}] if text else []
    else:
        parts = [state.media.part(part) for part in content]
    asked_format = audio_format(card.answer.record.body) if card.answer else ""
    return parts + [state.media.answer_part(part, asked_format) for part in media if part.url or part.encoded]


def _call(state: PlaygroundState, card: MessageCard, call: dict[str, Any]) -> dict[str, Any]:
    function = call.get("function") or {}
    known = card.calls.get(str(call.get("id")))
    known_results = {
        str(other.message.get("tool_call_id")): other.message
        for item in state.thread
        for other in item.cards
        if item.role == "tool"
    } | card.tool_messages()
    answered = known_results.get(str(call.get("id")))
    shown: dict[str, Any] = {
        "id": str(call.get("id") or ""),
        "name": str(function.get("name") or ""),
        "arguments": str(function.get("arguments") or ""),
        "state": _call_state(known) if known else "done" if answered else "unknown",
    }
    if known is not None:
        if known.tool is not None:
            shown["signature"] = known.signature
        if known.edited:
            shown["arguments"] = known.arguments_text
        if known.output:
            shown["output"] = known.output
        if known.has_ended:
            shown["result"] = known.text
    elif answered is not None:
        shown["result"] = _text(answered.get("content"))
    # Escaped, because the user decides by what is visible.
    return {name: value if name == "id" else escape_control(value) for name, value in shown.items()}


def _call_state(call: ToolCall) -> str:
    if call.status == "waiting":
        return "unknown" if call.tool is None or call.tool.function is None else "waiting"
    return {"done": "done", "answered": "done", "refused": "refused", "running": "running"}.get(
        call.status,
        "failed" if call.has_ended else "running",  # until approval is requested
    )


def _text(content: Any) -> str:
    if isinstance(content, list):
        return "\n".join(str(part.get("text") or f"[{part.get('type')}]") for part in content)
    return str(content or "")


def _ignored(state: PlaygroundState) -> dict[str, Any]:
    found: dict[str, dict[str, Any]] = {}
    for column in state.columns:
        for name in state.ignored_by(column):
            entry = found.setdefault(name, {"columns": [], "message": ""})
            entry["columns"].append(column.id)
            reason = _why_ignored(state, column, name)
            entry["message"] = (
                f"{entry['message']} {reason}" if entry["message"] else f"Stored, not sent: {reason}"
            )
    return found


def _why_ignored(state: PlaygroundState, column: Column, name: str) -> str:
    """Return why a column's model ignores a parameter, and which endpoints or models support it."""
    endpoints = state.catalog.endpoints.get(column.model)
    tags = [
        endpoint.tag or endpoint.provider_name or ""
        for endpoint in (endpoints and endpoints.endpoints) or ()
        if model_capabilities.takes(name, endpoint.supported_parameters)
    ]
    if tags and state.effective_params(column).get("provider"):
        return f"{column.model} supports it on {_some(tags)} only, which the routing preferences exclude."
    author = column.model.partition("/")[0]
    others = state.catalog.listing(model_capabilities.equivalent(name))
    others.sort(key=lambda model: model.partition("/")[0] != author)
    return f"{column.model} does not support it." + (f" Supported by {_some(others)}." if others else "")


def _some(names: list[str]) -> str:
    more = len(names) - _NAMED
    return ", ".join(names[:_NAMED]) + (f" and {more} more" if more > 0 else "")


def _estimate(state: PlaygroundState) -> dict[str, Any]:
    """Return the estimate of the next request: tokens of the first column, and the cost of all columns together."""
    columns = [estimate_cost(state.request_now(column), state.catalog) for column in state.columns]
    together = total(columns)
    return {
        "tokens_in": columns[0].tokens_in if columns else 0,
        "tokens_exact": False,
        "cost_low": None if together.usd_in is None else round(together.usd_in, 8),
        "cost_high": None if together.usd is None else round(together.usd, 8),
    }


def _policy(state: PlaygroundState, name: str) -> dict[str, Any]:
    by_author = ["auto"] if state.tools[name].approval == "auto" else []
    return {"chosen": state.policies.get(name, "ask"), "choices": ["ask", *by_author, "manual"]}


def _tool_names(state: PlaygroundState) -> list[str]:
    names = []
    for tool in state.params.get("tools") or ():
        if isinstance(tool, dict):
            function = tool.get("function")
            name = function.get("name") if isinstance(function, dict) else tool.get("type")
            names.append(str(name or ""))
    return [name for name in names if name]


def _routing(state: PlaygroundState, column: Column | None) -> dict[str, Any]:
    model = column.model if column else ""
    found = state.catalog.endpoints.get(model)
    if column is None or found is None:
        failed = state.routing_error
        status = "failed" if failed else "unknown"
        return {"model": model, "state": status, "total": 0, "remain": 0, "endpoints": [], "message": failed}
    sent = state.request_params(column)
    provider = sent.get("provider")
    preferences = provider if isinstance(provider, dict) else {}
    rows = [
        routing.row(endpoint, routing.excluded_by(endpoint, preferences, sent))
        for endpoint in found.endpoints or ()
    ]
    remain = sum(1 for row in rows if not row["excluded_by"])
    return {
        "model": model,
        "state": "ready",
        "total": len(rows),
        "remain": remain,
        "endpoints": rows,
        "message": ""
        if remain or not rows
        else "No endpoint remains: relax the preferences that exclude them.",
    }


def _presets(state: PlaygroundState) -> dict[str, Any]:
    from openrouter_nb.playground.state import presets

    folder = presets.folder()
    changed = bool(state.preset) and state.preset_state != presets.contents(state)
    return {
        "names": presets.names(),
        "current": state.preset,
        "changed": changed,
        "folder": str(folder).replace(str(folder.home()), "~", 1),
    }


def _connection(state: PlaygroundState) -> dict[str, Any]:
    from urllib.parse import urlsplit

    from openrouter_nb.errors import OpenRouterError

    try:
        server, is_local = state.client.server()
    except OpenRouterError:
        return {"server": "", "badge": "", "key_source": ""}
    host = urlsplit(server).hostname or ""
    # Only the simulator has a model of this name.
    simulated = is_local and state.catalog.find("demo/parrot") is not None
    return {
        "server": host,
        "badge": "simulated" if simulated else "on this machine" if is_local else "",
        "key_source": str(state.client.credentials_source or ""),
    }


def remaining_ms(until: float | None) -> int | None:
    """Return the milliseconds until a time of the monotonic clock."""
    return None if until is None else max(0, round((until - time.monotonic()) * 1000))
