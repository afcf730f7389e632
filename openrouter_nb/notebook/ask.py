"""Asks a question: from a checked cell to the answer in its conversation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from openrouter_nb.conversation import NextTurn
    from openrouter_nb.notebook.answer import Answer
    from openrouter_nb.notebook.question import Question
    from openrouter_nb.notebook.session import Session


async def ask(question: Question, session: Session, shell: Any, *, default_model: str) -> Answer | None:
    """Send a question and return its answer, or show it and return None for `--dry-run`.

    Raises:
        OpenRouterError: the request failed; a banner is on screen and the conversation is as it was.
        CancelledError: the cell was interrupted.
    """
    arguments = question.arguments
    model = str(arguments.parameters.get("model") or default_model)
    request = {**arguments.parameters, "model": model}
    if arguments.dry_run:
        _show(question, session, request)
        return None

    # A first sign before anything else is imported: the client costs a fresh kernel some 200 ms.
    from openrouter_nb.notebook.views import open_view

    view = open_view(shell, model)

    from openrouter_nb.client import RetryPolicy
    from openrouter_nb.conversation.history import answer_message
    from openrouter_nb.errors import OpenRouterError
    from openrouter_nb.notebook.exchange import Exchange

    session.last = question
    if arguments.new:
        session.conversations.pop(arguments.chat, None)
    turn = _turn(question, session, once=arguments.once)
    request["messages"] = turn.messages
    if arguments.retries is not None:
        request["retries"] = RetryPolicy(max_retries=arguments.retries)
    if arguments.timeout is not None:
        request["timeout_ms"] = round(arguments.timeout * 1000)
    try:
        answer = await Exchange(session.client, request, view, turn.label).run()
    except OpenRouterError as error:
        if error.partial is not None:
            session.count(arguments.chat, model, error.partial)
        raise
    session.count(arguments.chat, model, answer.result)
    answer.messages = [*request["messages"], answer_message(answer.result)]
    if answer.complete:
        turn.record(answer.result)
    if arguments.out:
        shell.user_ns[arguments.out] = answer
    return answer


def _turn(question: Question, session: Session, *, once: bool) -> NextTurn:
    from openrouter_nb.conversation import Conversation, NextTurn

    arguments = question.arguments
    conversation = Conversation() if once else session.conversations[arguments.chat]
    system = conversation.system if arguments.system is None else arguments.system
    message = {"role": "user", "content": question.prompt.content}
    turn = NextTurn(conversation, message, system, question.key)
    place = [] if once else [f"{arguments.chat}, turn {turn.number}"]
    turn.label = " · ".join(place + question.prompt.notes)
    return turn


def _show(question: Question, session: Session, request: dict[str, Any]) -> None:
    from openrouter_nb.notebook.views.publish import publish
    from openrouter_nb.render.request import bundle

    # What a new conversation would send is shown without forgetting the old one.
    turn = _turn(question, session, once=question.arguments.once or question.arguments.new)
    publish(bundle({**request, "messages": turn.messages}))
