"""Steps that cells with one model and cells with several models share."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from openrouter_nb.notebook.cell.error_output import usage_error
from openrouter_nb.notebook.options.values import OptionError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from concurrent.futures import Future

    from openrouter_nb.client import OpenRouter
    from openrouter_nb.components import ChatResult
    from openrouter_nb.conversation import PendingTurn
    from openrouter_nb.conversation.agent.agent_options import AgentOptions
    from openrouter_nb.live.views import LiveView
    from openrouter_nb.live.views.columns import Columns
    from openrouter_nb.notebook.cell.chat_cell import ChatCell
    from openrouter_nb.notebook.session import NotebookSession
    from openrouter_nb.notebook.settings import MagicSettings
    from openrouter_nb.render.answer.display_formats import DisplayFormat
    from openrouter_nb.replay.client import ReplayChat, ReplayClient


def tools_called_before(
    turn: PendingTurn, request: dict[str, Any], agent: AgentOptions | None
) -> dict[str, Any]:
    """Return the request fields for tools that the conversation has called, unless the request has tools itself."""
    has_tools = request.get("tools") or (agent is not None and agent.toolset.definitions)
    return {} if has_tools else turn.called


def agent_options_of(
    question: ChatCell, shell: Any, settings: MagicSettings, *, of: int = 1
) -> AgentOptions | None:
    """Return the tool and schema options of a cell. For cells without them, nothing is imported.

    Args:
        question: The cell.
        shell: The IPython shell.
        settings: Defaults of the options.
        of: Number of models that share the cost limit of the cell.

    Raises:
        UsageError: a name is not a tool or not a type.
    """
    arguments = question.arguments
    if not (arguments.tools or arguments.schema or arguments.approve or arguments.repairs):
        return None
    from openrouter_nb.notebook.cell.agent_options import agent_options

    cost = settings.max_cost if arguments.max_cost is None else arguments.max_cost
    try:
        return agent_options(arguments, question.namespace(shell.user_ns), cost=cost / of if cost else None)
    except OptionError as error:
        raise usage_error(str(error)) from None


async def wait_for(before: Future[Any], view: LiveView | Columns) -> None:
    """Wait for the previous turn of the same conversation, which is running in the background."""
    if before.done():
        return
    from openrouter_nb.notebook.cell.background import wait_interruptibly

    view.show("connecting", note="waiting for the answer before this one")
    loop, task, on_stop = asyncio.get_running_loop(), asyncio.current_task(), view.on_stop
    view.on_stop = lambda: loop.call_soon_threadsafe(task.cancel) if task else None
    try:
        if view.stop_wanted:
            raise asyncio.CancelledError
        await wait_interruptibly(before)
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
    *,
    view: LiveView | Columns | None = None,
    agent: AgentOptions | None = None,
) -> None:
    """Compare the estimated cost of requests with the limits, before anything is sent.

    Raises:
        UsageError: a limit would be exceeded; a banner has been displayed.
    """
    from openrouter_nb.conversation.cost_estimate import estimate_cost, total
    from openrouter_nb.notebook.cell.cost_limits import CostLimits

    given = question.arguments.max_cost
    limits = CostLimits(
        cell=settings.max_cost if given is None else given,
        is_given=given is not None,
        budget=settings.budget,
        spent=session.spent,
    )
    if not limits.are_set:
        return
    await session.catalog.try_load()
    sent = [request | agent.request_fields(request) if agent else request for request in requests]
    expected = total([estimate_cost(request, session.catalog) for request in sent])
    if refusal := limits.refusal(expected):
        raise usage_error(refusal.message, view=view, remedy=refusal.remedy)


def display_format(question: ChatCell, settings: MagicSettings) -> DisplayFormat:
    """Return the display format of the answer."""
    from openrouter_nb.render.answer.display_formats import DisplayFormat

    arguments = question.arguments
    return DisplayFormat(
        form=arguments.form or settings.form,
        shows_reasoning=arguments.show_reasoning or settings.show_reasoning,
    )


def replay_of(client: OpenRouter | ReplayClient) -> ReplayChat | None:
    """Return what reads the replay file for a client; None if it has none."""
    from openrouter_nb.replay.client import ReplayClient

    return client.chat if isinstance(client, ReplayClient) else None


def billed(client: OpenRouter | ReplayClient, replies: Sequence[ChatResult]) -> Sequence[ChatResult]:
    """Return the replies that did not come from a replay file."""
    replay = replay_of(client)
    return replies if replay is None else replay.paid(replies)
