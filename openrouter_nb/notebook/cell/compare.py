"""`%%chat -m a,b,c`: send one prompt to several models and show the answers side by side."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from openrouter_nb.conversation import answer_message
from openrouter_nb.errors import OpenRouterError
from openrouter_nb.live.ipython_frontend import IPythonFrontend
from openrouter_nb.live.views.columns import Columns
from openrouter_nb.notebook.cell.cell_steps import (
    agent_options_of,
    billed,
    check_budget,
    display_format,
    replay_of,
    tools_called_before,
    wait_for,
)
from openrouter_nb.notebook.cell.displayed_answer import DisplayedAnswer
from openrouter_nb.notebook.cell.displayed_comparison import DisplayedComparison
from openrouter_nb.notebook.cell.request_options import (
    client_for,
    model_of,
    next_turn,
    replay_mode,
    show,
    timeout_and_retries,
)
from openrouter_nb.render.errors.remedies import AGAIN
from openrouter_nb.user_code import create_task

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from concurrent.futures import Future

    from openrouter_nb.conversation import PendingTurn
    from openrouter_nb.conversation.answer import Answer
    from openrouter_nb.live.execution import LiveExecution
    from openrouter_nb.live.views import LiveView
    from openrouter_nb.notebook.cell.chat_cell import ChatCell
    from openrouter_nb.notebook.options.parser import Arguments
    from openrouter_nb.notebook.session import NotebookSession
    from openrouter_nb.notebook.settings import MagicSettings

_NOT_KEPT = "None of these is part of the conversation. {name}.keep({model!r}) adds one to it"
_WITH_CODE = ", and its code into a new cell."
_CODE_ONLY = "{name}.keep({model!r}) inserts the code of one into a new cell."


async def compare_cell(
    question: ChatCell,
    session: NotebookSession,
    shell: Any,
    settings: MagicSettings,
    *,
    after: Future[Any] | None = None,
    opened: Callable[[Columns], None] = lambda _: None,
    on_partial: Callable[[DisplayedComparison], object] = lambda _: None,
) -> DisplayedComparison | None:
    """Send a cell's question to all its models; return None for `--dry-run`. Arguments are those of `run_cell`.

    Raises:
        UsageError: an option cannot be applied; nothing was sent, and a banner has been displayed.
        OpenRouterError: all models failed; their banners have been displayed.
        CancelledError: the cell was interrupted.
    """
    arguments = question.arguments
    mode = replay_mode(arguments, settings)
    agent = agent_options_of(question, shell, settings, of=len(arguments.models))
    models = list(dict.fromkeys(_each(arguments, model) for model in arguments.models))
    turns: dict[str, PendingTurn] = {}
    requests: dict[str, dict[str, Any]] = {}

    def build() -> None:
        for model in models:
            request = {**arguments.parameters, "model": model}
            turns[model] = next_turn(question, session, settings, request)
            request |= tools_called_before(turns[model], request, agent)
            requests[model] = {**request, "messages": turns[model].messages}

    if arguments.dry_run:
        build()
        for model in models:
            request = requests[model] | (agent.request_fields(requests[model]) if agent else {})
            await show(request, turns[model], session, streams=not arguments.no_stream, mode=mode)
        return None
    is_object = agent is not None and agent.schema is not None
    frontend = IPythonFrontend(shell, outlives_cell=question.arguments.background)
    columns = Columns(
        frontend, models, quiet=arguments.quiet, is_object=is_object, is_reproducible=mode != "live"
    )
    columns.begin()
    opened(columns)
    session.last = question
    if after is not None and not arguments.once:
        await wait_for(after, columns)
    build()
    if mode != "only":  # replay only: no request is sent, not even for the price list
        await check_budget(question, session, settings, list(requests.values()), view=columns, agent=agent)
    kept = timeout_and_retries(arguments, settings)

    clients = {model: client_for(mode, session, shell) for model in models}

    exchanges: dict[str, LiveExecution[DisplayedAnswer]] = {}

    def exchange(model: str, view: LiveView) -> LiveExecution[DisplayedAnswer]:
        from openrouter_nb.live.execution import LiveExecution

        exchanges[model] = made = LiveExecution(
            clients[model],
            {**requests[model], **kept},
            view,
            "",
            totals=lambda _: replay.note if (replay := replay_of(clients[model])) else "",
            style=display_format(question, settings),
            streams=not arguments.no_stream,
            again=f"{AGAIN} -m {model}",
            agent=agent,
            frontend=frontend,
            is_reproducible=mode != "live",
            answer_type=DisplayedAnswer,
        )
        return made

    def ended(model: str, error: BaseException | None) -> None:
        done = exchanges[model]
        answer = done.answer
        if answer is not None:
            answer.replayed = (replay := replay_of(clients[model])) is not None and replay.replayed
            answer.messages = [
                *requests[model]["messages"],
                *done.tool_messages,
                answer_message(answer.result),
            ]
        whole = done.replies or ([] if answer is None else [answer.result])
        for reply in billed(clients[model], whole if error is None else done.billed_before(error)):
            session.count(arguments.chat, model, reply)

    def record(model: str, answer: Answer) -> None:
        if not arguments.once:
            done = exchanges[model]
            turns[model].record(answer.result, tool_messages=done.tool_messages, tools=done.called)
            session.conversations[arguments.chat] = turns[model].conversation
        if arguments.code and answer.code:
            shell.set_next_input(answer.code)

    can_keep = arguments.code or not arguments.once
    try:
        return await run_comparison(
            columns,
            models,
            exchange,
            ended,
            record if can_keep else None,
            note=partial(_note, arguments),
            on_partial=on_partial,
        )
    except OpenRouterError:
        if (arguments.on_error == "raise") if arguments.on_error else settings.raises:
            raise
        return None


def _note(arguments: Arguments, model: str) -> str:
    """Return a note on how to use the answer of a model."""
    if arguments.once:
        note = _CODE_ONLY if arguments.code else ""
    else:
        note = _NOT_KEPT + (_WITH_CODE if arguments.code else ".")
    return note.format(name=arguments.out or "_", model=model)


def _each(arguments: Arguments, model: str) -> str:
    return model_of(replace(arguments, parameters={"model": model}), model)


async def run_comparison(
    columns: Columns,
    models: Sequence[str],
    exchange: Callable[[str, LiveView], LiveExecution[DisplayedAnswer]],
    ended: Callable[[str, BaseException | None], object],
    record: Callable[[str, Answer], object] | None,
    *,
    note: Callable[[str], str] = lambda _: "",
    on_partial: Callable[[DisplayedComparison], object] = lambda _: None,
) -> DisplayedComparison:
    """Send a request to all models concurrently and return the answers. A failed or stopped one does not affect the others.

    Args:
        columns: The cell's output, which is displayed already.
        models: Model ids, without duplicates.
        exchange: Returns the exchange of a model for a view.
        ended: Called when an exchange has ended, with its model and the exception that ended it.
        record: Adds an answer to the conversation; None if there is no conversation.
        note: Returns the note below the answers, for one of the models that have answered.
        on_partial: Called before an error or an interrupt is raised, with the answers so far and the errors.

    Raises:
        OpenRouterError: all models failed; their banners have been displayed.
        CancelledError: the cell was interrupted; every request is closed, and the partial answers are displayed.
    """
    exchanges = {model: exchange(model, view) for model, view in zip(models, columns.views, strict=True)}
    tasks = [create_task(_outcome(model, each, ended)) for model, each in exchanges.items()]
    try:
        outcomes = await asyncio.gather(*tasks)
    except BaseException:
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)
        begun = {model: each.answer for model, each in exchanges.items() if each.answer is not None}
        on_partial(DisplayedComparison(begun, columns.finish(), record or _reject_record))
        raise
    answered = [
        model
        for model, outcome in zip(models, outcomes, strict=True)
        if not isinstance(outcome, OpenRouterError) and outcome.complete and not outcome.problems
    ]
    bundle = columns.finish(note(answered[0]) if answered else "")
    errors = [outcome for outcome in outcomes if isinstance(outcome, OpenRouterError)]
    comparison = DisplayedComparison(
        dict(zip(models, outcomes, strict=True)), bundle, record or _reject_record
    )
    if len(errors) == len(outcomes):
        on_partial(comparison)
        raise errors[0]
    return comparison


def _reject_record(_model: str, _answer: Answer) -> None:
    raise ValueError("The cell was run with --once: it has no conversation.")


async def _outcome(
    model: str,
    exchange: LiveExecution[DisplayedAnswer],
    ended: Callable[[str, BaseException | None], object],
) -> Answer | OpenRouterError:
    try:
        answer = await exchange.run()
    except BaseException as error:
        ended(model, error)
        if isinstance(error, OpenRouterError):
            return error
        raise
    ended(model, None)
    return answer
