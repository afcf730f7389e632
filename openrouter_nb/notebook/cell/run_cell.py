"""Run one chat cell: from parsed input to the recorded turn."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from openrouter_nb.live.ipython_frontend import IPythonFrontend
from openrouter_nb.notebook.cell.cell_steps import (
    agent_options_of,
    billed,
    check_budget,
    display_format,
    replay_of,
    tools_called_before,
    wait_for,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from concurrent.futures import Future

    from openrouter_nb.client import OpenRouter
    from openrouter_nb.components import ChatResult
    from openrouter_nb.conversation import PendingTurn
    from openrouter_nb.live.views import LiveView
    from openrouter_nb.live.views.columns import Columns
    from openrouter_nb.notebook.cell.chat_cell import ChatCell
    from openrouter_nb.notebook.cell.displayed_answer import DisplayedAnswer
    from openrouter_nb.notebook.cell.displayed_comparison import DisplayedComparison
    from openrouter_nb.notebook.session import NotebookSession
    from openrouter_nb.notebook.settings import MagicSettings
    from openrouter_nb.replay.client import ReplayClient


async def run_cell(
    question: ChatCell,
    session: NotebookSession,
    shell: Any,
    settings: MagicSettings,
    *,
    after: Future[Any] | None = None,
    opened: Callable[[LiveView | Columns], None] = lambda _: None,
    on_partial: Callable[[DisplayedAnswer | DisplayedComparison], object] = lambda _: None,
) -> DisplayedAnswer | DisplayedComparison | None:
    """Send a question and return its answer, or those of several models.

    Returns None for `--dry-run`, and for a failure with `--on-error banner` before anything has arrived.

    Args:
        question: The cell.
        session: Session of the kernel.
        shell: The IPython shell.
        settings: Defaults of the options.
        after: Background answer of the same conversation to wait for, if any.
        opened: Called when the cell displays its first output.
        on_partial: Called before an error or an interrupt is raised, with what has arrived: an incomplete or invalid answer.

    Raises:
        UsageError: an option cannot be applied; nothing was sent, and a banner has been displayed.
        OpenRouterError: the request failed; a banner has been displayed and the conversation is unchanged.
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

        return await compare_cell(
            question, session, shell, settings, after=after, opened=opened, on_partial=on_partial
        )
    request = build(arguments, settings)
    agent = agent_options_of(question, shell, settings)
    mode = replay_mode(arguments, settings)
    if arguments.dry_run:
        turn = next_turn(question, session, settings, request)
        request |= tools_called_before(turn, request, agent)
        request |= agent.request_fields(request) if agent else {}
        await show(request, turn, session, streams=not arguments.no_stream, mode=mode)
        return None

    # Display the first output before further imports: importing the client takes about 200 ms in a new kernel.
    from openrouter_nb.live.views import open_view

    frontend = IPythonFrontend(shell, outlives_cell=question.arguments.background)
    view = open_view(
        frontend,
        request["model"],
        quiet=arguments.quiet,
        keeps_reasoning=arguments.show_reasoning or settings.show_reasoning,
        is_object=agent is not None and agent.schema is not None,
        is_reproducible=mode != "live",
    )
    opened(view)

    from openrouter_nb.conversation import answer_message
    from openrouter_nb.errors import OpenRouterError
    from openrouter_nb.live.execution import LiveExecution
    from openrouter_nb.notebook.cell.displayed_answer import DisplayedAnswer

    session.last = question
    if after is not None and not arguments.once:
        await wait_for(after, view)
    turn = next_turn(question, session, settings, request)
    request["messages"] = turn.messages
    request |= tools_called_before(turn, request, agent)
    if mode != "only":  # replay only: no request is sent, not even for the price list
        await check_budget(question, session, settings, [request], view=view, agent=agent)
    request |= timeout_and_retries(arguments, settings)
    client = client_for(mode, session, shell)
    exchange = LiveExecution(
        client,
        request,
        view,
        label(question, turn),
        totals=partial(_totals, question, session, shell, client),
        style=display_format(question, settings),
        streams=not arguments.no_stream,
        agent=agent,
        frontend=frontend,
        is_reproducible=mode != "live",
        answer_type=DisplayedAnswer,
    )
    raises = (arguments.on_error == "raise") if arguments.on_error else settings.raises

    def finish(answer: DisplayedAnswer | None, replies: Sequence[ChatResult]) -> None:
        """Count the cost of an exchange, and complete its answer."""
        for reply in billed(client, replies):
            session.count(arguments.chat, turn.model or "", reply)
        if answer is not None:
            answer.replayed = (replay := replay_of(client)) is not None and replay.replayed
            answer.messages = [
                *request["messages"],
                *exchange.tool_messages,
                answer_message(answer.result),
            ]

    try:
        answer = await exchange.run()
    except BaseException as error:
        finish(exchange.answer, exchange.billed_before(error))
        if exchange.answer is not None:
            on_partial(exchange.answer)
        if isinstance(error, OpenRouterError) and not raises:
            return exchange.answer
        raise
    finish(answer, exchange.replies or [answer.result])
    if answer.problems and raises:
        from openrouter_nb.conversation.errors import WrongAnswerError

        on_partial(answer)
        raise WrongAnswerError(answer, answer.problems)
    if arguments.form == "json":
        answer.parsed = _json(answer.text)
    if answer.complete and not answer.problems:
        turn.record(answer.result, tool_messages=exchange.tool_messages, tools=exchange.called)
        if not arguments.once:
            session.conversations[arguments.chat] = turn.conversation
        if arguments.code and answer.code:
            shell.set_next_input(answer.code)
    return answer


def label(question: ChatCell, turn: PendingTurn) -> str:
    """Return the label of the footer: the turn, omitted turns, and the notes of the prompt."""
    arguments = question.arguments
    place = [] if arguments.once else [f"{arguments.chat}, turn {turn.number}"]
    if left_out := turn.left_out:
        place.append(f"the {left_out} oldest turn{'' if left_out == 1 else 's'} left out: no room")
    return " · ".join(place + question.prompt.notes)


def _totals(
    question: ChatCell,
    session: NotebookSession,
    shell: Any,
    client: OpenRouter | ReplayClient,
    replies: Sequence[ChatResult],
) -> str:
    """Return the end of the footer: a note of the replay, the destination of the code, and the total cost."""
    from openrouter_nb.render.answer.footer import cost

    spent = session.spent + sum(reply.usage.cost or 0.0 for reply in billed(client, replies) if reply.usage)
    replay = replay_of(client)
    parts = [replay.note] if replay is not None and replay.note else []
    parts += [_code_note(replies[-1].text, shell)] if question.arguments.code else []
    if session.shows_total and spent and replay is None:
        parts.append(f"{cost(spent)} so far")
    return " · ".join(parts)


def _code_note(text: str, shell: Any) -> str:
    from openrouter_nb.render.answer.code_blocks import code_of

    if not code_of(text):
        return "no code in it for a cell"
    if IPythonFrontend(shell).has_user:
        return "its code is in a new cell below"
    return "its code is in _.code: this frontend takes no new cells"


def _json(text: str) -> Any:
    from openrouter_nb.json_extraction import largest_json

    try:
        return largest_json(text)
    except ValueError:
        return None
