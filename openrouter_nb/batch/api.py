"""`chat_map` and `achat_map`: send a prompt for each row of a table."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import hashlib
import json
from typing import TYPE_CHECKING, Any

from openrouter_nb.batch.batch import Batch
from openrouter_nb.batch.progress import ProgressLine
from openrouter_nb.batch.rows import check_template, prompted_rows
from openrouter_nb.batch.runner import BatchRunner
from openrouter_nb.client import RetryPolicy
from openrouter_nb.client.resources.model_catalog import ModelCatalog
from openrouter_nb.client.streaming.partial import attach_partial
from openrouter_nb.conversation import Conversation, PendingTurn
from openrouter_nb.conversation.api import stream
from openrouter_nb.conversation.call_settings import ChatSettings, check_keywords
from openrouter_nb.conversation.cost_estimate import estimate_cost, total
from openrouter_nb.conversation.defaults import close_with_loop, shared_client
from openrouter_nb.errors import OpenRouterError
from openrouter_nb.output.type_adapter import to_text
from openrouter_nb.replay.mode import mode_of
from openrouter_nb.tools.toolset import Toolset

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator, Sequence

    from openrouter_nb.batch.row import Row
    from openrouter_nb.batch.rows import Template
    from openrouter_nb.client import OpenRouter
    from openrouter_nb.conversation.answer_stream import AnswerStream
    from openrouter_nb.conversation.cost_estimate import CostEstimate
    from openrouter_nb.errors import Attempt
    from openrouter_nb.replay.mode import Mode

_OWN = ("model", "system", "images", "files", "client", "replay", "concurrency", "max_cost", "progress")
_MAX_CONCURRENCY = 100
_SAMPLE = 100  # rows from which the total cost is estimated: 0.03 ms each, 0.4 ms with tools
# More retries than for interactive calls: a longer run is better than rows without answers.
_RETRY_POLICY = RetryPolicy(max_retries=6, max_total_s=600, max_hint_s=120)

# Interrupted batches by a hash of their requests, so that running the cell again resumes them.
_interrupted: dict[str, Batch] = {}


def chat_map(
    template: Template,
    rows: Any,
    *,
    model: str | None = None,
    system: str | None = None,
    client: OpenRouter | None = None,
    replay: Mode | None = None,
    concurrency: int = 8,
    max_cost: float | None = None,
    progress: bool = True,
    **parameters: Any,
) -> Batch:
    """Send a prompt for each row of a table, several requests at once, and wait for all answers.

    A row that fails does not stop the others, unless the first ten fail and none is answered. A rate limit slows down all
    requests. After Ctrl-C, the same call resumes with the unanswered rows; with `replay="auto"` answers are also stored in a
    file next to the notebook, so that they are not paid for again after a restart. Each row is a separate conversation.

    Args:
        template: The prompt. `{{title}}` is a column of the row, `{{row}}` the row itself; any expression of them works:
            `{{title.upper()}}`. Or a function that takes a row and returns a prompt as for `chat()`.
        rows: A DataFrame (pandas or polars), a Series, a dict or any iterable. A row of a DataFrame is a dict.
        model: Model id, as for `chat()`.
        system: System prompt.
        client: An `OpenRouter` client; None for the default one.
        replay: As for `chat()`.
        concurrency: Maximum number of concurrent requests, from 1 to 100.
        max_cost: US dollars. No request is started that would exceed this, given the mean cost so far, or at first the
            estimate of `%%chat --dry-run`; running requests may exceed it slightly. None for no limit.
        progress: Whether to print a progress line. In a notebook none is printed if a replay file is in use: outputs of
            runs are then compared.
        **parameters: Fields of every request, and `schema`, `tools` and so on, as for `chat()`. Functions require
            `approve="auto"` or an approval function, because the user cannot be asked about each row.

    Returns:
        The rows with their answers and errors, in order.

    Raises:
        TypeError: an unknown keyword, or `rows` is not a table or iterable.
        ValueError: an invalid limit, or a prompt that fails for all rows (`PromptError`); nothing was sent. A prompt that
            fails for some rows is the error of these rows.
        OpenRouterError: no row can be answered, for example without a key.
        KeyboardInterrupt: Ctrl-C; `interrupt.partial` is the batch with the answers so far.

    Example:
        >>> from openrouter_nb import chat_map
        >>> words = chat_map("Say {{word}} in {{language}}.", [
        ...     {"word": "tree", "language": "French"},
        ...     {"word": "sea", "language": "Italian"},
        ... ], model="openai/gpt-5-mini", progress=False)
        >>> words
        <Batch of 2 rows, 2 answered>
        >>> [str(answer) for answer in words.answers]
        ['arbre', 'mare']
    """
    __tracebackhide__ = True
    batch, key = _batch(
        template,
        rows,
        concurrency=concurrency,
        max_cost=max_cost,
        progress=progress,
        model=model,
        system=system,
        client=client,
        replay=replay,
        **parameters,
    )
    with _resumable(batch, key):
        return batch.run()


async def achat_map(
    template: Template,
    rows: Any,
    *,
    model: str | None = None,
    system: str | None = None,
    client: OpenRouter | None = None,
    replay: Mode | None = None,
    concurrency: int = 8,
    max_cost: float | None = None,
    progress: bool = True,
    **parameters: Any,
) -> Batch:
    """Like `chat_map`, but awaitable. Arguments, return value and errors are the same."""
    __tracebackhide__ = True
    batch, key = _batch(
        template,
        rows,
        concurrency=concurrency,
        max_cost=max_cost,
        progress=progress,
        model=model,
        system=system,
        client=client,
        replay=replay,
        **parameters,
    )
    with _resumable(batch, key):
        return await batch.run_async()


@contextlib.contextmanager
def _resumable(batch: Batch, key: str) -> Iterator[None]:
    """Resume an interrupted batch with the same requests; store this one if it is interrupted."""
    if (earlier := _interrupted.get(key)) is not None:
        batch.resume_from(earlier)
    try:
        yield
    except (KeyboardInterrupt, asyncio.CancelledError) as interrupt:
        _interrupted[key] = batch
        attach_partial(interrupt, batch)
        raise
    except BaseException as error:
        _interrupted.pop(key, None)
        if not isinstance(error, OpenRouterError):
            attach_partial(error, batch)
        raise
    _interrupted.pop(key, None)


def _batch(
    template: Template,
    rows: Any,
    *,
    concurrency: int,
    max_cost: float | None,
    progress: bool,
    **options: Any,
) -> tuple[Batch, str]:
    __tracebackhide__ = True
    check_keywords("chat_map()", options, *_OWN)
    _check(concurrency, max_cost, options)
    check_template(template)
    batch_rows = prompted_rows(template, rows)
    if options["client"] is None:  # a client of the caller has its retry policy
        options.setdefault("retries", _RETRY_POLICY)

    def request(row: Row, on_failed_attempt: Callable[[Attempt], None]) -> AnswerStream:
        callers_on_retry = options.get("on_retry")

        def on_retry(attempt: Attempt) -> None:
            on_failed_attempt(attempt)
            if callers_on_retry is not None:
                callers_on_retry(attempt)

        return stream(row.question, **options | {"on_retry": on_retry})

    for row in [each for each in batch_rows if each.is_sendable][:1]:
        request(row, lambda _: None)  # not sent; raises for invalid options

    def make_runner(
        all_rows: Sequence[Row],
        estimate: CostEstimate | None,
        on_progress: Callable[[float, bool], None],
        new_max_cost: float | None,
    ) -> BatchRunner:
        _check_max_cost(new_max_cost)
        return BatchRunner(
            all_rows,
            request,
            estimate,
            concurrency=concurrency,
            max_cost=max_cost if new_max_cost is None else new_max_cost,
            on_progress=on_progress,
        )

    fingerprint = json.dumps([[row.question for row in batch_rows], options], default=to_text, sort_keys=True)
    estimate = _estimator(options, fetches=max_cost is not None)
    is_reproducible = mode_of(options["replay"]) != "live"
    line = functools.partial(ProgressLine, is_reproducible=is_reproducible)
    batch = Batch(
        batch_rows, make_runner, estimate, line if progress else None, is_reproducible=is_reproducible
    )
    return batch, hashlib.sha256(fingerprint.encode("utf-8", "surrogatepass")).hexdigest()


def _estimator(
    options: dict[str, Any], *, fetches: bool
) -> Callable[[Sequence[Row]], Awaitable[CostEstimate | None]]:
    """Return a function that estimates the cost of rows.

    Args:
        options: Keywords of `stream()`.
        fetches: Whether to fetch the list of prices if the cached one is too old. Otherwise the cached one is used.
    """
    parameters = {name: value for name, value in options.items() if name not in ("model", "system", "client")}
    settings = ChatSettings(model=options["model"], client=options["client"], parameters=parameters)

    def estimate_row(row: Row, catalog: ModelCatalog) -> CostEstimate:
        question = {"role": "user", "content": row.question}
        turn = PendingTurn(Conversation(), question, options["system"], None)
        return estimate_cost(settings.first_request(turn), catalog)

    async def estimate(rows: Sequence[Row]) -> CostEstimate | None:
        if not rows or mode_of(options["replay"]) == "only":
            return None
        client = settings.client or shared_client()
        catalog = ModelCatalog(client)
        if fetches:
            if settings.client is None:
                await close_with_loop(client)
            await catalog.try_load()
        sample = rows[:: -(-len(rows) // _SAMPLE)]
        return total([estimate_row(row, catalog) for row in sample]).scaled(len(rows) / len(sample))

    return estimate


def _check(concurrency: Any, max_cost: Any, options: dict[str, Any]) -> None:
    __tracebackhide__ = True
    is_integer = isinstance(concurrency, int) and not isinstance(concurrency, bool)
    if not is_integer or not 1 <= concurrency <= _MAX_CONCURRENCY:
        raise ValueError(
            f"concurrency takes a whole number from 1 to {_MAX_CONCURRENCY}, not {concurrency!r}."
        )
    _check_max_cost(max_cost)
    needs_user = options.get("approve", "ask") == "ask"
    functions = Toolset.of(options["tools"]).by_name.values() if options.get("tools") else ()
    if needs_user and any(function.approval != "auto" for function in functions):
        raise ValueError(
            'chat_map() requires approve="auto" or an approval function for tools: no user can be asked about each row.'
        )


def _check_max_cost(max_cost: Any) -> None:
    __tracebackhide__ = True
    is_number = isinstance(max_cost, int | float) and not isinstance(max_cost, bool)
    if max_cost is not None and not (is_number and max_cost > 0):
        raise ValueError(f"max_cost takes US dollars, more than 0, or None, not {max_cost!r}.")
