"""Asks a question: from a checked cell to the answer in its conversation."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING, Any

from openrouter_nb.notebook.cell.error_output import usage_error
from openrouter_nb.notebook.options.values import OptionError
from openrouter_nb.notebook.views.frontend import Frontend

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from concurrent.futures import Future

    from openrouter_nb.client import OpenRouter
    from openrouter_nb.components import ChatResult
    from openrouter_nb.conversation import PendingTurn
    from openrouter_nb.notebook.cell.agent_options import Acting
    from openrouter_nb.notebook.cell.chat_cell import ChatCell
    from openrouter_nb.notebook.cell.compare import DisplayedComparison
    from openrouter_nb.notebook.cell.displayed_answer import DisplayedAnswer
    from openrouter_nb.notebook.session import NotebookSession
    from openrouter_nb.notebook.settings import MagicSettings
    from openrouter_nb.notebook.views import LiveView
    from openrouter_nb.notebook.views.columns import Columns
    from openrouter_nb.render.answer.display_formats import DisplayFormat
    from openrouter_nb.replay.client import ReplayClient


async def run_cell(
    question: ChatCell,
    session: NotebookSession,
    shell: Any,
    settings: MagicSettings,
    *,
    after: Future[Any] | None = None,
    opened: Callable[[LiveView | Columns], None] = lambda _: None,
) -> DisplayedAnswer | DisplayedComparison | None:
    """Send a question and return its answer, or those of several models; None for `--dry-run`, and for a failure with `--on-error banner`.

    Args:
        question: The cell.
        session: What it belongs to.
        shell: The IPython shell.
        settings: What holds where the options say nothing.
        after: The answer in the background that the conversation waits for, if any.
        opened: Called when the cell shows a first sign.

    Raises:
        UsageError: the options cannot be followed; nothing was sent, and a banner is on screen.
        OpenRouterError: the request failed; a banner is on screen and the conversation is as it was.
        CancelledError: the cell was interrupted.
    """
    from openrouter_nb.notebook.cell.request_options import (
        build,
        client_for,
        next_turn,
        replay_mode,
        show,
        timeout_and_retries,
    )

    arguments = question.arguments
    if arguments.models:
        from openrouter_nb.notebook.cell.compare import compare_cell

        return await compare_cell(question, session, shell, settings, after=after, opened=opened)
    request = build(arguments, settings)
    acting = acting_of(question, shell, settings)
    mode = replay_mode(arguments, settings)
    if arguments.dry_run:
        turn = next_turn(question, session, settings, request)
        request |= tools_called_before(turn, request, acting)
        request |= acting.fields(request) if acting else {}
        await show(request, turn, session, streams=not arguments.no_stream)
        return None

    # A first sign before anything else is imported: the client costs a fresh kernel some 200 ms.
    from openrouter_nb.notebook.views import open_view

    view = open_view(
        shell,
        request["model"],
        quiet=arguments.quiet,
        keeps_reasoning=arguments.show_reasoning or settings.show_reasoning,
        is_object=acting is not None and acting.schema is not None,
    )
    opened(view)

    from openrouter_nb.conversation import answer_message
    from openrouter_nb.errors import OpenRouterError
    from openrouter_nb.notebook.cell.execution import CellExecution

    session.last = question
    if after is not None and not arguments.once:
        await wait_for(after, view)
    turn = next_turn(question, session, settings, request)
    request["messages"] = turn.messages
    request |= tools_called_before(turn, request, acting)
    if mode != "only":  # nothing is sent, not even for the list of prices
        await check_budget(question, session, settings, [request], view)
    request |= timeout_and_retries(arguments, settings)
    client = client_for(mode, session, shell)
    exchange = CellExecution(
        client,
        request,
        view,
        label(question, turn),
        totals=partial(_totals, question, session, shell, client),
        style=style(question, settings),
        streams=not arguments.no_stream,
        acting=acting,
        frontend=Frontend(shell),
    )
    raises = (arguments.on_error == "raise") if arguments.on_error else settings.raises
    try:
        answer = await exchange.run()
    except OpenRouterError as error:
        broken_off = [] if error.partial is None else [error.partial]
        for reply in billed(client, [*exchange.finished, *broken_off]):
            session.count(arguments.chat, turn.model or "", reply)
        if raises:
            raise
        return None
    answer.replayed = was_replayed(client)
    for reply in billed(client, exchange.replies or [answer.result]):
        session.count(arguments.chat, turn.model or "", reply)
    answer.messages = [*request["messages"], *exchange.between, answer_message(answer.result)]
    if answer.problems and raises:
        from openrouter_nb.conversation.errors import WrongAnswerError

        raise WrongAnswerError(answer, answer.problems)
    if arguments.form == "json":
        answer.parsed = _json(answer.text)
    if answer.complete and not answer.problems:
        turn.record(answer.result, between=exchange.between, tools=exchange.called)
        if not arguments.once:
            session.conversations[arguments.chat] = turn.conversation
        if arguments.code and answer.code:
            shell.set_next_input(answer.code)
    return answer


def tools_called_before(turn: PendingTurn, request: dict[str, Any], acting: Acting | None) -> dict[str, Any]:
    """Return what the request says of tools that the conversation has called, unless it has tools of its own."""
    has_tools = request.get("tools") or (acting is not None and acting.toolbox.definitions)
    return {} if has_tools else turn.called


def acting_of(question: ChatCell, shell: Any, settings: MagicSettings, *, of: int = 1) -> Acting | None:
    """Return what the model may do besides answering with text; nothing is imported for most cells.

    Args:
        question: The cell.
        shell: The IPython shell.
        settings: What holds where the options say nothing.
        of: How many models share what the cell may cost.

    Raises:
        UsageError: a name that is no tool or no type.
    """
    arguments = question.arguments
    if not (arguments.tools or arguments.schema or arguments.approve or arguments.repairs):
        return None
    from openrouter_nb.notebook.cell.agent_options import read

    cost = settings.max_cost if arguments.max_cost is None else arguments.max_cost
    try:
        return read(arguments, shell.user_ns, cost=cost / of if cost else None)
    except OptionError as error:
        raise usage_error(str(error)) from None


async def wait_for(before: Future[Any], view: LiveView | Columns) -> None:
    """Wait for the turn of the same conversation that is being asked in the background: this one comes after it."""
    if before.done():
        return
    from openrouter_nb.notebook.cell.background import wait_pulsed

    view.show("connecting", note="waiting for the answer before this one")
    loop, task, on_stop = asyncio.get_running_loop(), asyncio.current_task(), view.on_stop
    view.on_stop = lambda: loop.call_soon_threadsafe(task.cancel) if task else None
    try:
        if view.stop_wanted:
            raise asyncio.CancelledError
        await wait_pulsed(before)
        view.on_stop = on_stop
    except asyncio.CancelledError:
        from openrouter_nb.render.answer.text_bundle import answer_bundle

        note = "Interrupted before anything was sent."
        view.end("interrupted", answer_bundle("", note=note), {}, note)
        raise


async def check_budget(
    question: ChatCell,
    session: NotebookSession,
    settings: MagicSettings,
    requests: Sequence[dict[str, Any]],
    view: LiveView | Columns | None = None,
) -> None:
    """Look at what requests will cost together, before anything is sent.

    Raises:
        UsageError: more than is allowed; a banner is on screen.
    """
    from openrouter_nb.notebook.cell.cost_limits import CostLimits, estimate_cost, total

    given = question.arguments.max_cost
    limits = CostLimits(
        cell=settings.max_cost if given is None else given,
        is_given=given is not None,
        budget=settings.budget,
        spent=session.spent,
    )
    if not limits.are_set:
        return
    await session.catalogue.fetch()
    expected = total([estimate_cost(request, session.catalogue) for request in requests])
    if refusal := limits.refusal(expected):
        raise usage_error(refusal.message, view=view, remedy=refusal.remedy)


def style(question: ChatCell, settings: MagicSettings) -> DisplayFormat:
    """Return the form in which the answer is shown."""
    from openrouter_nb.render.answer.display_formats import DisplayFormat

    arguments = question.arguments
    return DisplayFormat(
        form=arguments.form or settings.form,
        shows_reasoning=arguments.show_reasoning or settings.show_reasoning,
    )


def label(question: ChatCell, turn: PendingTurn) -> str:
    """Return the place in the conversation, and what was left out or attached."""
    arguments = question.arguments
    place = [] if arguments.once else [f"{arguments.chat}, turn {turn.number}"]
    if left_out := turn.left_out:
        place.append(f"the {left_out} oldest turn{'' if left_out == 1 else 's'} left out: no room")
    return " · ".join(place + question.prompt.notes)


def was_replayed(client: OpenRouter | ReplayClient) -> bool:
    """Whether everything came from a replay file, and nothing was paid."""
    return bool(getattr(client.chat, "replayed", False))


def billed(client: OpenRouter | ReplayClient, replies: Sequence[ChatResult]) -> Sequence[ChatResult]:
    """Return the replies that did not come from a replay file."""
    paid = getattr(client.chat, "paid", None)
    return replies if paid is None else paid(replies)


def _totals(
    question: ChatCell,
    session: NotebookSession,
    shell: Any,
    client: OpenRouter | ReplayClient,
    replies: Sequence[ChatResult],
) -> str:
    """Return whether it was replayed, what was spent with these replies, and what became of the answer's code."""
    from openrouter_nb.render.answer.footer import cost

    spent = session.spent + sum(reply.usage.cost or 0.0 for reply in billed(client, replies) if reply.usage)
    parts = [replay] if (replay := getattr(client.chat, "label", "")) else []
    parts += [_code_note(replies[-1].text, shell)] if question.arguments.code else []
    if session.shows_total and spent:
        parts.append(f"{cost(spent)} so far")
    return " · ".join(parts)


def _code_note(text: str, shell: Any) -> str:
    from openrouter_nb.render.answer.code_blocks import code_of

    if not code_of(text):
        return "no code in it for a cell"
    if Frontend(shell).takes_cells:
        return "its code is in a new cell below"
    return "its code is in _.code: this frontend takes no new cells"


def _json(text: str) -> Any:
    from openrouter_nb.render.answer.display_formats import read_json

    try:
        return read_json(text)
    except ValueError:
        return None
