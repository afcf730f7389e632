"""Conversations: whole turns, and reruns that replace their own."""

import pytest

from openrouter_nb.components import ChatResult
from openrouter_nb.conversation import Conversation, Conversations, PendingTurn, estimate_tokens

DETAILS = [
    {"type": "reasoning.text", "text": "a", "signature": None, "format": "anthropic-claude-v1", "index": 0},
    {"type": "reasoning.encrypted", "data": "x", "id": None, "novel": {"deep": [None, 1.0]}},
]
CALLS = [{"id": "c1", "type": "function", "function": {"name": "f", "arguments": '{"cut'}}]


def ask(text):
    return {"role": "user", "content": text}


def answer(content="ok", **message):
    return ChatResult.model_validate(
        {
            "choices": [
                {"message": {"role": "assistant", "content": content, **message}, "finish_reason": "stop"}
            ]
        }
    )


def recorded(**message):
    conversation = Conversation()
    conversation.record(ask("q"), answer(**message), "k")
    return conversation.turns[0].answer


def asked(conversation, question, key, *, system=None, **how):
    return PendingTurn(conversation, question, system, key, **how).messages


def texts(messages):
    return [message["content"] for message in messages]


@pytest.fixture
def three():
    conversation = Conversation()
    for key in "abc":
        conversation.record(ask(f"q{key}"), answer(f"a{key}"), key)
    return conversation


def test_a_new_question_comes_after_all_turns(three):
    assert texts(asked(three, ask("qd"), "d")) == ["qa", "aa", "qb", "ab", "qc", "ac", "qd"]
    assert texts(asked(three, ask("qd"), None)) == ["qa", "aa", "qb", "ab", "qc", "ac", "qd"]


def test_asking_leaves_no_trace_until_the_answer_is_recorded(three):
    before = list(three.turns)
    asked(three, ask("qd"), "d")
    asked(three, ask("new"), "a")
    assert three.turns == before


def test_a_rerun_sends_only_the_turns_before_its_own(three):
    assert texts(asked(three, ask("new"), "b")) == ["qa", "aa", "new"]
    assert texts(asked(three, ask("new"), "a")) == ["new"]


def test_a_rerun_replaces_its_own_turn_and_no_other(three):
    three.record(ask("new"), answer("better"), "b")
    assert texts(asked(three, ask("?"), None)) == ["qa", "aa", "new", "better", "qc", "ac", "?"]


def test_turns_without_a_key_never_replace_one_another():
    conversation = Conversation()
    for text in "xy":
        conversation.record(ask(text), answer(text), None)
    assert texts(asked(conversation, ask("z"), None)) == ["x", "x", "y", "y", "z"]


def test_the_system_prompt_leads_and_is_never_recorded(three):
    messages = asked(three, ask("new"), "b", system="Be kind.")
    assert messages[0] == {"role": "system", "content": "Be kind."}
    assert texts(messages) == ["Be kind.", "qa", "aa", "new"]
    assert "Be kind." not in texts(asked(three, ask("?"), None))


@pytest.mark.parametrize("details", [DETAILS, []])
def test_reasoning_details_go_back_unmodified(details):
    assert recorded(reasoning="a", reasoning_details=details)["reasoning_details"] == details


def test_plain_reasoning_does_not_go_back():
    assert recorded(reasoning="a", reasoning_details=DETAILS, novel=1) == {
        "role": "assistant",
        "content": "ok",
        "reasoning_details": DETAILS,
    }


@pytest.mark.parametrize("content", ["", None])
def test_content_beside_tool_calls_is_null_and_not_empty(content):
    sent = recorded(content=content, tool_calls=CALLS)
    assert sent["content"] is None
    assert sent["tool_calls"] == CALLS


@pytest.mark.parametrize("message", [{}, {"reasoning": "hm"}, {"reasoning_details": DETAILS}])
@pytest.mark.parametrize("content", ["", None])
def test_an_empty_answer_is_not_recorded(three, content, message):
    before = list(three.turns)
    three.record(ask("q"), answer(content, **message), "d", system="new")
    three.record(ask("q"), ChatResult(), "a")
    assert three.turns == before
    assert three.system is None


@pytest.mark.parametrize("content", ["", None])
def test_a_refusal_is_recorded(content):
    assert recorded(content=content, refusal="No.") == {
        "role": "assistant",
        "content": "",
        "refusal": "No.",
    }


def test_images_annotations_audio_and_refusal_go_back():
    extras = {
        "images": [{"a": None}],
        "annotations": [{"type": "file"}],
        "audio": {"id": "x"},
        "refusal": "no",
    }
    assert {key: recorded(**extras)[key] for key in extras} == extras


def test_calls_and_their_results_stand_between_question_and_answer():
    conversation = Conversation()
    between = [
        {"role": "assistant", "content": None, "tool_calls": CALLS},
        {"role": "tool", "tool_call_id": "c1", "content": "42"},
    ]
    conversation.record(ask("q"), answer("a"), "k", tool_messages=between)
    roles = ["user", "assistant", "tool", "assistant"]
    assert [message["role"] for message in conversation.transcript] == roles
    assert [message["role"] for message in asked(conversation, ask("?"), None)] == [*roles, "user"]
    assert asked(conversation, ask("again"), "k") == [ask("again")]
    conversation.record(ask("again"), answer("b"), "k")
    assert texts(conversation.transcript) == ["again", "b"]


def test_what_was_sent_does_not_change_with_the_turns(three):
    messages = asked(three, ask("new"), None)
    three.record(ask("other"), answer("other"), "a")
    assert texts(messages)[0] == "qa"


def test_conversations_are_made_on_first_use():
    conversations = Conversations()
    assert conversations["x"] is conversations["x"]
    assert conversations["x"].name == "x"
    assert list(conversations) == ["x"]


def test_the_oldest_turns_are_left_out_where_there_is_no_room(three):
    whole = estimate_tokens([{"role": "system", "content": "Be kind."}, *three.transcript, ask("qd")])
    turn = PendingTurn(three, ask("qd"), "Be kind.", "d", most_tokens=whole)
    assert turn.left_out == 0
    turn.most_tokens = whole - 1
    assert turn.left_out == 1
    assert texts(turn.messages) == ["Be kind.", "qb", "ab", "qc", "ac", "qd"]
    turn.most_tokens = 1
    assert texts(turn.messages) == ["Be kind.", "qd"]


def test_a_tool_call_and_its_result_stay_together():
    conversation = Conversation()
    call = {"role": "assistant", "content": None, "tool_calls": CALLS}
    result = {"role": "tool", "tool_call_id": "c1", "content": "x" * 400}
    conversation.record(ask("q"), answer("a"), "k", tool_messages=[call, result])
    turn = PendingTurn(conversation, ask("next"), None, "l")
    assert [message["role"] for message in turn.messages] == [
        "user",
        "assistant",
        "tool",
        "assistant",
        "user",
    ]
    turn.most_tokens = 60
    assert texts(turn.messages) == ["next"]


def test_a_picture_counts_as_more_than_its_address():
    picture = {"type": "image_url", "image_url": {"url": "data:image/png;base64," + "A" * 4_000_000}}
    assert 1_000 <= estimate_tokens([ask([picture])]) < 1_100
    assert estimate_tokens([ask("grüß Gott " * 40)]) == 4 + (len(("user" + "grüß Gott " * 40).encode()) // 4)
