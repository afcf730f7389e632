"""Ctrl-C at every moment of a conversation: a turn is there whole or not at all, and no request is left open."""

import sys

import pytest
from support.interrupting import interrupted_at, nothing_runs

from openrouter_nb import Chat, stream
from openrouter_nb.client import background_loop
from openrouter_nb.client import chat as client_chat
from openrouter_nb.conversation import answer_stream, api, history
from openrouter_nb.conversation import chat as conversation_chat

MODULES = [background_loop, client_chat, answer_stream, api, conversation_chat, history]
HELD = {"simulator": {"wait_ms": 0, "pace_ms": 0, "hold_after": 3}}

pytestmark = pytest.mark.filterwarnings("ignore:coroutine .*guarded. was never awaited:RuntimeWarning")


@pytest.fixture(autouse=True)
def _interrupted_destructors(monkeypatch):
    """Python prints what is raised in one; pytest would keep it, and with it all that it is about."""
    monkeypatch.setattr(sys, "unraisablehook", lambda _: None)


def at_every_moment(function, check):
    """Interrupt a function at every moment; `check` is called after each with whether it was."""

    def nobody_is_waited_for():
        assert not background_loop.has_caller()

    nth, came = 0, True
    while came:
        nth += 1
        came, _ = interrupted_at(nth, MODULES, function, afterwards=nobody_is_waited_for)
        check(came)
    assert nth > 50


def test_a_turn_is_there_whole_or_not_at_all():
    talks = []

    def ask():
        talks.append(Chat(system="Be brief."))
        talks[-1]("One", system="Be long.")

    def check(came):
        talk = talks[-1] if talks else Chat(system="Be brief.")
        said = [message["content"] for message in talk.messages]
        assert said in (["Be brief."], ["Be long.", "One", "One"])
        assert came or len(said) == 3

    at_every_moment(ask, check)
    assert {len(talk.turns) for talk in talks} == {0, 1}
    assert str(talks[0]("Two")) == "Two"


def test_whoever_is_interrupted_in_the_loop_over_an_answer_has_closed_its_request(simulator):
    def read_two():
        for number, _ in enumerate(stream("Hi", model="demo/slow", extra_body=HELD)):
            if number:
                break

    at_every_moment(read_two, lambda _: simulator.wait_for_close())
    assert {exchange.outcome for exchange in simulator.exchanges} == {"client gone"}
    background_loop.run_sync(nothing_runs)


def test_a_message_that_is_recorded_while_an_interrupt_comes_keeps_its_system_prompt():
    conversation = history.Conversation(system="Be brief.")
    turn = {"role": "user", "content": "One"}
    result = Chat()("One").result

    def record():
        history.PendingTurn(conversation, turn, "Be long.", "key").record(result)

    nth, came = 0, True
    while came:
        nth += 1
        conversation.system, conversation.turns = "Be brief.", []
        came, _ = interrupted_at(nth, [history], record)
        assert (conversation.system, len(conversation.turns)) in (("Be brief.", 0), ("Be long.", 1))
    assert nth > 5
