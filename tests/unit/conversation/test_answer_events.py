"""Answer events: what chunks and results are decoded into, and the times of their first parts."""

import pytest

from openrouter_nb.components import ChatResult, ChatStreamChunk
from openrouter_nb.components.responses.media_parts import MediaPart
from openrouter_nb.conversation.answer_events import (
    AnswerDecoder,
    CitationDelta,
    MediaDelta,
    ReasoningDelta,
    TextDelta,
    ToolCallDelta,
    UsageReported,
)

URL = "data:image/png;base64,AAAA"
IMAGE = MediaDelta(MediaPart("image", URL))
PAGE = {"type": "url_citation", "url_citation": {"url": "https://example.org"}}


class Clock:
    def __init__(self):
        self.now = 100.0

    def __call__(self):
        return self.now


def chunk(usage=None, **delta):
    fields = {"usage": usage} if usage else {}
    return ChatStreamChunk({"choices": [{"index": 0, "delta": {"role": "assistant", **delta}}], **fields})


def decode(*chunks):
    return AnswerDecoder().decode(chunks)


def call(arguments="", index=0, ident=None, name=None):
    return {"index": index, "id": ident, "function": {"name": name, "arguments": arguments}}


@pytest.mark.parametrize(
    ("delta", "events"),
    [
        ({}, []),
        ({"content": "", "reasoning": None, "tool_calls": [], "images": []}, []),
        ({"content": "a"}, [TextDelta("a")]),
        ({"refusal": "no"}, [TextDelta("no", is_refusal=True)]),
        ({"reasoning": "r", "content": "a"}, [ReasoningDelta("r"), TextDelta("a")]),
        ({"content": [{"type": "text", "text": "a"}, {"image_url": {"url": URL}}]}, [TextDelta("a"), IMAGE]),
        ({"images": [{"image_url": {"url": URL}}, {"image_url": URL}, {"image_url": 7}]}, [IMAGE] * 2),
        ({"audio": {"id": "a", "data": "AA", "transcript": "hm"}}, [MediaDelta(MediaPart("audio", encoded="AA", transcript="hm"))]),
        ({"audio": {"id": "a", "expires_at": 1}}, []),
        ({"annotations": [PAGE, "odd"]}, [CitationDelta(PAGE)]),
        ({"content": 7, "reasoning": 7, "images": 7, "audio": 7, "tool_calls": 7, "annotations": 7}, [ReasoningDelta("7")]),
    ],
)  # fmt: skip
def test_a_delta_becomes_events(delta, events):
    assert decode(chunk(**delta)) == events


@pytest.mark.parametrize("data", [{}, {"choices": 7}, {"choices": [7, {"delta": 7}]}, {"usage": 7}])
def test_odd_chunks_have_no_events(data):
    assert decode(ChatStreamChunk(data)) == []


def test_usage_comes_last():
    assert decode(chunk(content="a", usage={"cost": 1})) == [TextDelta("a"), UsageReported({"cost": 1})]


def test_fragments_of_a_call_are_assembled_as_the_result_is():
    events = decode(
        chunk(tool_calls=[call(ident="x", name="f"), call("{}", index=1, ident="x", name="g")]),
        chunk(tool_calls=[call('{"a":')]),
        chunk(tool_calls=[call("1}")]),
    )
    assert [event.arguments for event in events] == ["", "{}", '{"a":', "1}"]
    assert [event.call.position for event in events] == [0, 1, 0, 0]
    first = events[-1].call
    assert (first.id, first.name, first.arguments) == ("x", "f", '{"a":1}')


def test_a_result_becomes_the_events_of_its_stream():
    message = {
        "role": "assistant",
        "content": "a",
        "reasoning": "r",
        "images": [{"type": "image_url", "image_url": {"url": URL}}],
        "annotations": [PAGE],
        "audio": {"data": "AA", "transcript": "hm"},
        "tool_calls": [{"type": "function", "function": {"name": name, "arguments": "{}"}} for name in "fg"],
    }
    result = ChatResult.model_validate(
        {"choices": [{"index": 0, "message": message}], "usage": {"cost": 0.5}}
    )
    decoder = AnswerDecoder()
    events = decoder.decode_result(result)
    assert [type(event) for event in events] == [
        ReasoningDelta,
        TextDelta,
        MediaDelta,
        MediaDelta,
        ToolCallDelta,
        ToolCallDelta,
        CitationDelta,
        UsageReported,
    ]
    assert [event.call.name for event in events if isinstance(event, ToolCallDelta)] == ["f", "g"]
    assert (decoder.first_token_s, decoder.reasoning_s) == (None, None)


def test_a_result_without_choices_has_no_events():
    assert AnswerDecoder().decode_result(ChatResult()) == []


def timed(*steps):
    """Decode one delta after the other, each a second after the last."""
    clock = Clock()
    decoder = AnswerDecoder(clock=clock)
    for delta in steps:
        clock.now += 1
        decoder.decode([chunk(**delta)])
    return decoder.first_token_s, decoder.reasoning_s


TEXT, REASONING, CITED = {"content": "a"}, {"reasoning": "r"}, {"annotations": [PAGE]}


@pytest.mark.parametrize(
    ("steps", "times"),
    [
        ([], (None, None)),
        ([{}, CITED, TEXT, TEXT], (3, None)),
        ([{}, REASONING], (2, 0)),
        ([REASONING, {}, REASONING, {}], (1, 2)),
        ([REASONING, REASONING, CITED, TEXT, REASONING], (1, 3)),
        ([REASONING, {"tool_calls": [call("{")]}, TEXT], (1, 1)),
        ([REASONING, {"images": [{"image_url": {"url": URL}}]}, TEXT], (1, 1)),
        ([{"audio": {"data": "AA"}}, REASONING, TEXT], (1, None)),
        ([{**REASONING, **TEXT}], (1, 0)),
    ],
)
def test_times_run_to_the_first_token_and_to_the_end_of_the_reasoning(steps, times):
    assert timed(*steps) == times


def test_times_count_from_when_the_request_was_sent():
    clock = Clock()
    decoder = AnswerDecoder(90.0, clock=clock)
    decoder.decode([chunk(content="a")])
    assert decoder.first_token_s == 10
