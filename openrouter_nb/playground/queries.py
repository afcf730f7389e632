"""Queries of the panel. They do not change the state."""

from __future__ import annotations

import asyncio
import gzip
import inspect
import json
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from openrouter_nb.components.model_variants import VARIANTS
from openrouter_nb.errors import OpenRouterError
from openrouter_nb.playground.export import code
from openrouter_nb.playground.history import user_history
from openrouter_nb.playground.history.history_errors import HistoryError
from openrouter_nb.playground.history.transfer import exported, file_name
from openrouter_nb.playground.parameters.model_summary import row
from openrouter_nb.playground.parameters.request_checks import schema_problem
from openrouter_nb.playground.state.exchange_record import truncate
from openrouter_nb.playground.state.messages import read_messages
from openrouter_nb.playground.state.thread_items import PlaygroundError

if TYPE_CHECKING:
    from collections.abc import Callable

    from openrouter_nb.components import ChatTokenLogprob, ChatTokenLogprobTopLogprob
    from openrouter_nb.playground.commands.context import PanelContext
    from openrouter_nb.playground.state.state import Column

_MAX_LOGPROBS = 5_000


async def answer(panel: PanelContext, word: str, given: dict[str, Any]) -> tuple[Any, list[bytes]]:
    """Return the value and the binary parts of a reply.

    Raises:
        PlaygroundError: the query has no answer; the message says why.
    """
    try:
        found: tuple[Any, list[bytes]] = await _QUERIES[word](panel, **given)
    except OpenRouterError as error:
        raise PlaygroundError(error.message) from None
    return found


async def models(panel: PanelContext, fresh: bool = False) -> tuple[Any, list[bytes]]:
    """Return the models to choose from."""
    catalog = panel.state.catalog
    found = await (catalog.refresh() if fresh else catalog.load())
    panel.notify()
    value = {
        "models": [row(model) for model in found],
        "age_s": round(found.age_s),
        "stale": found.is_stale,
        "suffixes": [
            {"suffix": variant.suffix, "help": variant.help} for variant in VARIANTS if variant.for_chat
        ],
    }
    return value, []


async def attachment(panel: PanelContext, ref: str) -> tuple[Any, list[bytes]]:
    """Return the bytes of an attachment."""
    item = panel.state.media.find(ref)
    if item is None:
        raise PlaygroundError("That attachment is no longer available.")
    return {"ref": ref, "media_type": item.media_type, "name": item.name}, [item.data]


async def request(panel: PanelContext) -> tuple[Any, list[bytes]]:
    """Return the request that each column would send now."""
    with panel.state.loop.lock:
        shown = [shown_request(panel, column) for column in panel.state.columns]
    return {"requests": shown}, []


def shown_request(panel: PanelContext, column: Column) -> dict[str, Any]:
    """Return the request that a column would send now, with a placeholder for the key."""
    state = panel.state
    problem, body = "", None
    try:
        server, _ = state.client.server()
        url = f"{server}/chat/completions"
    except OpenRouterError as error:
        url, problem = "", error.message
    try:
        body = state.current_body(column)
    except (OpenRouterError, TypeError) as error:
        problem = str(error)
        body = json.loads(json.dumps(state.request(column, state.thread.messages(column.id)), default=repr))
    headers = {"Authorization": "Bearer $OPENROUTER_API_KEY", "Content-Type": "application/json"}
    return {"column": column.id, "url": url, "headers": headers, "body": truncate(body), "problem": problem}


async def raw(panel: PanelContext, item: str | None, column: str | None = None) -> tuple[Any, list[bytes]]:
    """Return the exchange behind an answer; without an item the last one of a column, also if it failed."""
    with panel.state.loop.lock:
        if item is None:
            record = panel.state.column(column or panel.state.columns[0].id).record
        else:
            answer = panel.state.thread.card(item, column).answer
            record = answer.record if answer else None
    if record is None:
        raise PlaygroundError("This message has no exchange: it was not written by a model.")
    return record.to_panel(), []


async def logprobs(panel: PanelContext, item: str, column: str | None = None) -> tuple[Any, list[bytes]]:
    """Return the probability of each token of an answer."""
    with panel.state.loop.lock:
        answer = panel.state.thread.card(item, column).answer
    result = answer.record.result if answer else None
    found = result.choices[0].logprobs if result and result.choices else None
    if found is None or not found.content:
        return {"tokens": [], "note": "The provider sent no log probabilities."}, []
    tokens = [_token(entry) | {"top": [_token(top) for top in entry.top_logprobs or ()]} for entry in found.content[:_MAX_LOGPROBS]]  # fmt: skip
    more = len(found.content) - _MAX_LOGPROBS
    return {"tokens": tokens, "note": f"{more:,} more tokens are not shown." if more > 0 else ""}, []


def _token(entry: ChatTokenLogprob | ChatTokenLogprobTopLogprob) -> dict[str, Any]:
    return {
        "token": str(entry.token or ""),
        "logprob": entry.logprob if isinstance(entry.logprob, (int, float)) else 0.0,
        "bytes": entry.bytes_,
    }


async def history(panel: PanelContext) -> tuple[Any, list[bytes]]:
    """Return the history of requests."""
    return {"calls": list(panel.state.usage.rows)}, []


async def conversations(panel: PanelContext, search: str = "") -> tuple[Any, list[bytes]]:
    """Return the stored conversations."""
    del panel
    return await asyncio.to_thread(_conversations, search)


def _conversations(search: str) -> tuple[Any, list[bytes]]:
    rows = history_of(user_history.summaries, search)
    return {"rows": [{name: getattr(row, name) for name in row.__slots__} for row in rows]}, []


async def conversation_file(panel: PanelContext, conversation: str, **given: str) -> tuple[Any, list[bytes]]:
    """Return a stored conversation as a file."""
    del panel
    format_ = given["format"]
    stored = await asyncio.to_thread(history_of, user_history.read, conversation)
    return {"name": file_name(stored, format_)}, [exported(stored, format_).encode()]


def history_of(action: Callable[..., Any], *given: Any) -> Any:
    """Call a function of the stored conversations, and raise its error as that of a query."""
    try:
        return action(*given)
    except HistoryError as error:
        raise PlaygroundError(str(error)) from None


async def code_of(
    panel: PanelContext,
    format: str,  # noqa: A002 - name on the wire
    column: str | None = None,
) -> tuple[Any, list[bytes]]:
    """Return the request of a column as a program."""
    with panel.state.loop.lock:
        each = panel.state.column(column) if column else panel.state.columns[0]
        exported = code_for(panel, each, format)
    return {"text": exported.text, "language": exported.language, "note": exported.note}, []


def code_for(panel: PanelContext, column: Column, format_: str) -> Any:
    """Return the request of a column as a program; raises PlaygroundError where it cannot be sent."""
    state = panel.state
    try:
        body = state.current_body(column)
        server, _ = state.client.server()
    except (OpenRouterError, TypeError) as error:
        raise PlaygroundError(str(error)) from None
    if not body["messages"]:
        raise PlaygroundError("Write a message first: a request needs one.")
    return code(format_, body, server)


async def variables(panel: PanelContext, use: str) -> tuple[Any, list[bytes]]:
    """Return the notebook variables that can be attached, or used as tools or schemas."""
    names = dict(panel.state.namespace())
    found = [
        {"name": name, "about": about}
        for name, value in names.items()
        if not name.startswith("_") and (about := _description(value, use))
    ]
    return {"variables": sorted(found, key=lambda entry: entry["name"])}, []


def _description(value: Any, use: str) -> str:
    kind = type(value).__name__
    if use == "tool":
        if inspect.isfunction(value) and value.__module__ == "__main__":
            return f"def {value.__name__}{inspect.signature(value)}"[:120]
        return "tool" if kind == "Tool" else ""
    if use == "schema":
        return f"class {value.__name__}" if inspect.isclass(value) and value.__module__ == "__main__" else ""
    if inspect.ismodule(value) or inspect.isclass(value) or callable(value):
        return ""
    if isinstance(value, (bytes, bytearray)):
        return f"{len(value):,} bytes"
    family = type(value).__module__.partition(".")[0]
    shape = getattr(value, "shape", None)
    if family in ("pandas", "polars", "numpy", "PIL", "matplotlib", "pathlib"):
        return f"{kind} {shape}" if isinstance(shape, tuple) else kind
    return ""


async def check_json(panel: PanelContext, text: str, **given: str) -> tuple[Any, list[bytes]]:
    """Validate JSON text of a schema, a tool, messages or any value."""
    del panel
    kind = given["as"]
    problem, line, place = "", None, None
    try:
        value = json.loads(text)
    except json.JSONDecodeError as error:
        problem, line, place = error.msg, error.lineno, error.colno
    except RecursionError:
        problem = "It is nested too deeply."
    else:
        if kind == "schema":
            problem = schema_problem(value)
        elif kind == "tool":
            from openrouter_nb.playground.parameters.request_checks import problems

            problem = next(
                (item["message"] for item in problems({"tools": [value]}) if item["level"] == "error"), ""
            )
        elif kind == "messages":
            try:
                read_messages(text)
            except PlaygroundError as error:
                problem = str(error)
    return {"problem": problem, "line": line, "column": place}, []


async def token_ids(panel: PanelContext, text: str) -> tuple[Any, list[bytes]]:
    """Return the ids of a text's tokens, if a tokenizer is installed."""
    del panel
    try:
        import tiktoken  # type: ignore[import-not-found,unused-ignore]
    except ImportError:
        return {"ids": [], "note": "Install tiktoken to look ids up; they differ from model to model."}, []
    try:
        ids = tiktoken.get_encoding("o200k_base").encode(text, disallowed_special=())
    except Exception:  # noqa: BLE001 - it downloads its table on first use, which can raise any exception
        return {
            "ids": [],
            "note": "tiktoken has not loaded its table yet, which it does from the network.",
        }, []
    return {"ids": ids, "note": "Ids of OpenAI's tokenizer o200k_base; other models have others."}, []


async def thread_json(panel: PanelContext) -> tuple[Any, list[bytes]]:
    """Return the messages of the first column as JSON."""
    with panel.state.loop.lock:
        messages = panel.state.thread.messages(panel.state.columns[0].id)
    return json.dumps(messages, ensure_ascii=False, indent=2), []


async def script(panel: PanelContext, name: str) -> tuple[Any, list[bytes]]:
    """Return a script of the panel that is loaded on demand."""
    del panel
    path = files("openrouter_nb").joinpath("static", f"{name}.js")
    if not path.is_file():
        raise PlaygroundError(f"This version has no {name}.js.")
    return {"name": name}, [gzip.compress(path.read_bytes(), mtime=0)]


_QUERIES: dict[str, Any] = {
    "models": models,
    "attachment": attachment,
    "request": request,
    "raw": raw,
    "logprobs": logprobs,
    "history": history,
    "conversations": conversations,
    "conversation_file": conversation_file,
    "code": code_of,
    "variables": variables,
    "check_json": check_json,
    "token_ids": token_ids,
    "thread_json": thread_json,
    "script": script,
}
