"""The example of OpenRouter's SDK documentation runs unchanged but for its import."""

import contextlib

import pytest

from openrouter_nb import OpenRouter
from openrouter_nb.components import ChatResult, ChatStreamChunk

QUESTION = [{"role": "user", "content": "Name three rivers."}]


def test_a_whole_answer_is_looped_over_as_the_example_does(simulator, capsys):
    with OpenRouter(api_key="sk-or-v1-test", server_url=simulator.base_url) as open_router:
        res = open_router.chat.send(messages=QUESTION, model="demo/parrot", stream=False)

        with res as event_stream:
            for event in event_stream:
                # handle event
                print(event, flush=True)

    assert isinstance(res, ChatResult)
    assert list(res) == [res]
    assert "Name three rivers." in capsys.readouterr().out


def test_a_stream_is_looped_over_as_the_example_does(simulator, capsys):
    with OpenRouter(api_key="sk-or-v1-test", server_url=simulator.base_url) as open_router:
        res = open_router.chat.send(messages=QUESTION, model="demo/parrot", stream=True)

        events = []
        with res as event_stream:
            for event in event_stream:
                # handle event
                print(event, flush=True)
                events.append(event)

    assert all(isinstance(event, ChatStreamChunk) for event in events)
    assert (
        "".join(event.choices[0].delta.content or "" for event in events if event.choices)
        == "Name three rivers."
    )
    assert "rivers" in capsys.readouterr().out


@pytest.mark.parametrize("stream", [True, False])
def test_a_stream_and_a_whole_answer_are_one_to_code_that_closes_what_it_gets(simulator, stream):
    with (
        OpenRouter(api_key="sk-or-v1-test", server_url=simulator.base_url) as open_router,
        open_router.chat.send(messages=QUESTION, model="demo/parrot", stream=stream) as answer,
        contextlib.suppress(StopIteration),
    ):
        while next(iter(answer)) is not answer:
            pass


def test_models_make_the_same_request_as_dicts(simulator):
    from openrouter_nb import components

    with OpenRouter(api_key="sk-or-v1-test", server_url=simulator.base_url) as open_router:
        open_router.chat.send(
            model="demo/parrot",
            messages=[
                components.ChatSystemMessage(content="Answer in one sentence."),
                components.ChatUserMessage(
                    content=[
                        components.ChatContentText(text="What is in the picture?"),
                        {"type": "image_url", "image_url": {"url": "data:image/png;base64,iVBORw0KGgo="}},
                    ]
                ),
            ],
            provider=components.ProviderPreferences(sort="throughput", data_collection="deny"),
            reasoning=components.ChatRequestReasoning(effort="low"),
        )
    assert simulator.requests[-1].body == {
        "model": "demo/parrot",
        "messages": [
            {"role": "system", "content": "Answer in one sentence."},
            {
                "role": "user",
                "content": [
                    {"type": "text", "text": "What is in the picture?"},
                    {"type": "image_url", "image_url": {"url": "data:image/png;base64,iVBORw0KGgo="}},
                ],
            },
        ],
        "provider": {"data_collection": "deny", "sort": "throughput"},
        "reasoning": {"effort": "low"},
        "stream": False,
    }
    # An answer goes back as the message that it was.
    with OpenRouter(api_key="sk-or-v1-test", server_url=simulator.base_url) as open_router:
        answer = open_router.chat.send(model="demo/parrot", messages=QUESTION).choices[0].message
        open_router.chat.send(model="demo/parrot", messages=[*QUESTION, answer, *QUESTION])
    assert simulator.requests[-1].body["messages"][1]["content"] == "Name three rivers."
