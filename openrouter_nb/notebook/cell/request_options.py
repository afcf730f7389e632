"""Build the request of a cell from its options."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from openrouter_nb.notebook.cell.error_output import usage_error

if TYPE_CHECKING:
    from openrouter_nb.client import OpenRouter
    from openrouter_nb.conversation import PendingTurn
    from openrouter_nb.notebook.cell.chat_cell import ChatCell
    from openrouter_nb.notebook.options.parser import Arguments
    from openrouter_nb.notebook.session import NotebookSession
    from openrouter_nb.notebook.settings import MagicSettings
    from openrouter_nb.replay.client import ReplayClient
    from openrouter_nb.replay.mode import Mode

# Share of the model's context (1/8) that is reserved for the answer if the cell sets no token limit.
_ANSWERS_SHARE = 8


def build(arguments: Arguments, settings: MagicSettings) -> dict[str, Any]:
    """Return the request's fields, without the messages.

    Raises:
        UsageError: the model has no free variant beside another one.
    """
    return {**arguments.parameters, "model": model_of(arguments, settings.model)}


def timeout_and_retries(arguments: Arguments, settings: MagicSettings) -> dict[str, Any]:
    """Return the keyword arguments of `chat.send` for timeout and retries."""
    from openrouter_nb.client import RetryPolicy

    found: dict[str, Any] = {}
    retries = settings.retries if arguments.retries is None else arguments.retries
    timeout = settings.timeout if arguments.timeout is None else arguments.timeout
    if retries is not None:
        found["retries"] = RetryPolicy(max_retries=retries)
    if timeout is not None:
        found["timeout_ms"] = round(timeout * 1000)
    return found


def replay_mode(arguments: Arguments, settings: MagicSettings) -> Mode:
    """Return whether the cell sends, replays, or both.

    Raises:
        UsageError: the mode in the environment is not valid.
    """
    from openrouter_nb.errors import ConfigurationError
    from openrouter_nb.replay.mode import mode_of

    try:
        return mode_of(arguments.replay or settings.replay or None)
    except ConfigurationError as error:
        raise usage_error(error.message) from None


def client_for(mode: Mode, session: NotebookSession, shell: Any) -> OpenRouter | ReplayClient:
    """Return the client of the cell: that of the session, or one that reads a replay file first."""
    if mode == "live":
        return session.client
    from openrouter_nb.live.ipython_frontend import IPythonFrontend
    from openrouter_nb.replay.client import ReplayClient
    from openrouter_nb.replay.file import open_file
    from openrouter_nb.replay.path import replay_path

    return ReplayClient(session.client, mode, open_file(replay_path(IPythonFrontend(shell).notebook)))


def model_of(arguments: Arguments, default: str) -> str:
    """Return the model of the options, or its free variant with `--free`."""
    model = str(arguments.parameters.get("model") or default)
    if not arguments.free or model.endswith(":free") or model == "openrouter/free":
        return model
    if ":" in model:
        raise usage_error(f"--free and {model} are two variants: leave one of them out.")
    return "openrouter/free" if model == "openrouter/auto" else f"{model}:free"


def next_turn(
    question: ChatCell, session: NotebookSession, settings: MagicSettings, request: dict[str, Any]
) -> PendingTurn:
    """Return the turn of a question in its conversation."""
    from openrouter_nb.conversation import Conversation, PendingTurn

    arguments = question.arguments
    # A new conversation replaces the old one when its first turn is recorded.
    is_new = arguments.once or arguments.new
    conversation = Conversation(arguments.chat) if is_new else session.conversations[arguments.chat]
    system = conversation.system if arguments.system is None else arguments.system
    message = {"role": "user", "content": question.prompt.content}
    model = request["model"]
    return PendingTurn(
        conversation,
        message,
        system,
        question.key,
        most_tokens=_room(session, request),
        most_history_tokens=settings.history_tokens,
        model=model,
    )


def _room(session: NotebookSession, request: dict[str, Any]) -> int | None:
    """Return the maximum number of tokens of the messages, None if the model's context is unknown."""
    model = session.catalog.find(request["model"])
    if model is None or not model.context_length:
        return None
    answer = request.get("max_completion_tokens") or request.get("max_tokens")
    return max(0, model.context_length - int(answer or model.context_length // _ANSWERS_SHARE))


async def show(
    request: dict[str, Any], turn: PendingTurn, session: NotebookSession, *, streams: bool, mode: Mode
) -> None:
    """Display a request and its estimated cost without sending it. Only the price list is requested.

    With a replay file there is no cost: prices change, and `only` requests nothing.

    Raises:
        ConfigurationError: the request is not valid; a banner has been displayed.
    """
    from openrouter_nb.client.request_body import build_body
    from openrouter_nb.conversation.cost_estimate import estimate_cost
    from openrouter_nb.errors import ConfigurationError
    from openrouter_nb.live.ipython_frontend import publish
    from openrouter_nb.notebook.cell.error_output import banner_and_line
    from openrouter_nb.render.answer.text_bundle import dry_run_bundle

    try:
        body = build_body({**request, "messages": turn.messages}, stream=streams)
    except ConfigurationError as error:
        banner_and_line(error, "")
        raise
    if mode == "live":
        await session.catalog.try_load()
    estimate = estimate_cost(body, session.catalog)
    text = (
        str(estimate) if mode == "live" else f"{estimate.tokens}. With a replay file, the price is not shown."
    )
    publish(dry_run_bundle(body, estimate=text))
