"""Asks a question: from a checked cell to the answer in its conversation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from openrouter_nb.notebook.failed import usage_error

if TYPE_CHECKING:
    from openrouter_nb.conversation import NextTurn
    from openrouter_nb.notebook.answer import Answer
    from openrouter_nb.notebook.arguments import Arguments
    from openrouter_nb.notebook.question import Question
    from openrouter_nb.notebook.session import Session

# Left free for the answer where the cell names no limit, as a share of the model's context.
_ANSWERS_SHARE = 8


async def ask(question: Question, session: Session, shell: Any, *, default_model: str) -> Answer | None:
    """Send a question and return its answer, or show it and return None for `--dry-run`.

    Raises:
        UsageError: the options cannot be followed; nothing was sent.
        OpenRouterError: the request failed; a banner is on screen and the conversation is as it was.
        CancelledError: the cell was interrupted.
    """
    arguments = question.arguments
    if arguments.models:
        raise usage_error("-m takes one model here.")
    model = model_of(arguments, default_model)
    request = {**arguments.parameters, "model": model}
    if arguments.dry_run:
        turn = _turn(question, session, request)
        _show(request, turn)
        return None

    # A first sign before anything else is imported: the client costs a fresh kernel some 200 ms.
    from openrouter_nb.notebook.views import open_view

    view = open_view(shell, model)

    from openrouter_nb.client import RetryPolicy
    from openrouter_nb.conversation.history import answer_message
    from openrouter_nb.errors import OpenRouterError
    from openrouter_nb.notebook.exchange import Exchange

    session.last = question
    turn = _turn(question, session, request)
    request["messages"] = turn.messages
    if arguments.retries is not None:
        request["retries"] = RetryPolicy(max_retries=arguments.retries)
    if arguments.timeout is not None:
        request["timeout_ms"] = round(arguments.timeout * 1000)
    try:
        answer = await Exchange(session.client, request, view, _label(question, turn)).run()
    except OpenRouterError as error:
        if error.partial is not None:
            session.count(arguments.chat, model, error.partial)
        raise
    session.count(arguments.chat, model, answer.result)
    answer.messages = [*request["messages"], answer_message(answer.result)]
    if answer.complete:
        turn.record(answer.result)
        if not arguments.once:
            session.conversations[arguments.chat] = turn.conversation
    if arguments.out:
        shell.user_ns[arguments.out] = answer
    return answer


def model_of(arguments: Arguments, default: str) -> str:
    """Return the model that the options name, as its free variant where they say so."""
    model = str(arguments.parameters.get("model") or default)
    if not arguments.free or model.endswith(":free") or model == "openrouter/free":
        return model
    if ":" in model:
        raise usage_error(f"--free and {model} are two variants: leave one of them out.")
    return "openrouter/free" if model == "openrouter/auto" else f"{model}:free"


def _turn(question: Question, session: Session, request: dict[str, Any]) -> NextTurn:
    from openrouter_nb.conversation import Conversation, NextTurn

    arguments = question.arguments
    # A new conversation takes the old one's place when it has its first turn, not before.
    is_new = arguments.once or arguments.new
    conversation = Conversation(arguments.chat) if is_new else session.conversations[arguments.chat]
    system = conversation.system if arguments.system is None else arguments.system
    message = {"role": "user", "content": question.prompt.content}
    return NextTurn(
        conversation,
        message,
        system,
        question.key,
        most_tokens=_room(session, request),
        model=request["model"],
    )


def _room(session: Session, request: dict[str, Any]) -> int | None:
    """How many tokens the messages may have, as far as the model's context is known."""
    model = session.catalogue.find(request["model"])
    if model is None or not model.context_length:
        return None
    answer = request.get("max_completion_tokens") or request.get("max_tokens")
    return max(0, model.context_length - int(answer or model.context_length // _ANSWERS_SHARE))


def _label(question: Question, turn: NextTurn) -> str:
    arguments = question.arguments
    place = [] if arguments.once else [f"{arguments.chat}, turn {turn.number}"]
    if left_out := turn.left_out:
        place.append(f"the {left_out} oldest turn{'' if left_out == 1 else 's'} left out: no room")
    return " · ".join(place + question.prompt.notes)


def _show(request: dict[str, Any], turn: NextTurn) -> None:
    from openrouter_nb.notebook.views.publish import publish
    from openrouter_nb.render.request import bundle

    publish(bundle({**request, "messages": turn.messages}))
