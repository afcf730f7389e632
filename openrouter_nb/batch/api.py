"""`chat_map`: one prompt over many rows, from Python code."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import json
from typing import TYPE_CHECKING, Any

from openrouter_nb.batch.batch import Batch, Row
from openrouter_nb.batch.progress import ProgressLine
from openrouter_nb.batch.rows import check_template, labelled_rows, row_content
from openrouter_nb.batch.runner import BatchRunner
from openrouter_nb.client import RetryPolicy
from openrouter_nb.client.resources.model_catalog import ModelCatalog
from openrouter_nb.conversation import Conversation, PendingTurn
from openrouter_nb.conversation.api import stream
from openrouter_nb.conversation.call_settings import ChatSettings
from openrouter_nb.conversation.cost_estimate import estimate_cost, total
from openrouter_nb.conversation.defaults import close_with_the_loop, shared_client
from openrouter_nb.replay import mode_of
from openrouter_nb.tools.toolset import Toolset

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator, Sequence

    from openrouter_nb.batch.rows import Template
    from openrouter_nb.client import OpenRouter
    from openrouter_nb.conversation.answer_stream import AnswerStream
    from openrouter_nb.conversation.cost_estimate import CostEstimate
    from openrouter_nb.errors import Attempt
    from openrouter_nb.replay import Mode

_MOST_AT_ONCE = 100
_SAMPLE = 100  # rows from which the cost of all is estimated: 20 to 70 µs each
# Nobody looks at a single row: patience costs less than an empty cell of the table.
_PATIENT = RetryPolicy(max_retries=6, max_total_s=600, max_hint_s=120)

# Batches that Ctrl-C ended, by what they ask, so that the cell, run again, goes on.
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
    """Ask one question of each row of a table, several at once, and wait for all.

    A row that fails does not stop the others, unless the first ten do and none is answered. A rate limit slows all down.
    Ctrl-C keeps the rows that are done, and the same call asks the rest; with `replay="auto"` they are kept in a file beside
    the notebook, so that a restart does not pay for them twice. No row sees another: each is a conversation of its own.

    Args:
        template: The prompt, in which `{{title}}` is a column of the row, `{{row}}` the row itself, and any expression of
            them will do: `{{title.upper()}}`; or a function that takes a row and returns a prompt as for `chat()`.
        rows: A DataFrame (pandas or polars), a Series, a dict or any iterable. A row of a DataFrame is a dict.
        model: Model id, as for `chat()`.
        system: System prompt.
        client: An `OpenRouter` of your own.
        replay: As for `chat()`.
        concurrency: Requests at once, from 1 to 100.
        max_cost: US dollars. No further row is asked when the next might go beyond it, by the mean of those before, or for
            the first by the estimate that `%%chat --dry-run` shows; rows that run already may end a little above. None for
            no bound.
        progress: Whether a line tells how far it has come.
        **parameters: Fields of every request, and `schema`, `tools` and so on, as for `chat()`. Functions need
            `approve="auto"`, or a function that decides: nobody can be asked about a hundred rows.

    Returns:
        The rows with their answers and errors, in order.

    Raises:
        TypeError: an unknown keyword, or something that has no rows.
        ValueError: a bound that cannot be, or a prompt that fails for a row (`PromptError`); nothing was sent.
        OpenRouterError: no row can be answered, such as without a key.

    Example:
        >>> from openrouter_nb import chat_map
        >>> words = chat_map("Say {{word}} in {{language}}.", [
        ...     {"word": "tree", "language": "French"},
        ...     {"word": "sea", "language": "Italian"},
        ... ], model="demo/parrot", progress=False)
        >>> words
        <Batch of 2 rows, 2 answered>
        >>> [str(answer) for answer in words.answers]
        ['Say tree in French.', 'Say sea in Italian.']
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
    with _remembered(batch, key):
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
    """Ask one question of each row of a table, and await all. Arguments, value and errors are those of `chat_map`."""
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
    with _remembered(batch, key):
        return await batch.run_async()


@contextlib.contextmanager
def _remembered(batch: Batch, key: str) -> Iterator[None]:
    """Go on from an interrupted batch that asked the same; keep this one, should it be interrupted."""
    if (begun := _interrupted.get(key)) is not None:
        batch.resume_from(begun)
    try:
        yield
    except (KeyboardInterrupt, asyncio.CancelledError):
        _interrupted[key] = batch
        raise
    except BaseException:
        _interrupted.pop(key, None)
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
    _check(concurrency, max_cost, options)
    check_template(template)
    made = [Row(label, row_content(template, label, row)) for label, row in labelled_rows(rows)]
    if options["client"] is None:  # one of the caller's has a policy of its own
        options.setdefault("retries", _PATIENT)

    def ask(row: Row, refused: Callable[[Attempt], None]) -> AnswerStream:
        told = options.get("on_retry")

        def on_retry(attempt: Attempt) -> None:
            refused(attempt)
            if told is not None:
                told(attempt)

        return stream(row.question, **options | {"on_retry": on_retry})

    for row in made[:1]:
        ask(row, lambda _: None)  # not sent: it refuses keywords that nothing takes

    def run(batch: Batch) -> BatchRunner:
        line = ProgressLine() if progress else _silent
        return BatchRunner(
            batch,
            ask,
            _estimator(options, fetches=max_cost is not None),
            concurrency=concurrency,
            max_cost=max_cost,
            progress=line,
        )

    asked = json.dumps([[row.question for row in made], options], default=repr, sort_keys=True)
    return Batch(made, run), hashlib.sha256(asked.encode("utf-8", "surrogatepass")).hexdigest()


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
                await close_with_the_loop(client)
            await catalog.try_load()
        sample = rows[:: -(-len(rows) // _SAMPLE)]
        return total([estimate_row(row, catalog) for row in sample]).scaled(len(rows) / len(sample))

    return estimate


def _check(concurrency: Any, max_cost: Any, options: dict[str, Any]) -> None:
    __tracebackhide__ = True
    is_whole = isinstance(concurrency, int) and not isinstance(concurrency, bool)
    if not is_whole or not 1 <= concurrency <= _MOST_AT_ONCE:
        raise ValueError(f"concurrency takes a whole number from 1 to {_MOST_AT_ONCE}, not {concurrency!r}.")
    is_number = isinstance(max_cost, int | float) and not isinstance(max_cost, bool)
    if max_cost is not None and not (is_number and max_cost > 0):
        raise ValueError(f"max_cost takes US dollars, more than 0, or None, not {max_cost!r}.")
    asks = options.get("approve", "ask") == "ask"
    functions = Toolset.of(options["tools"]).by_name.values() if options.get("tools") else ()
    if asks and any(function.approval != "auto" for function in functions):
        raise ValueError(
            'chat_map() runs functions with approve="auto" or a function that decides: nobody can be asked about each row.'
        )


def _silent(batch: Batch, is_end: bool) -> None:
    """Tell nothing."""
