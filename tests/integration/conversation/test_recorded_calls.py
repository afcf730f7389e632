"""Recorded tool streams of the real service, through the loop: the calls they hold, and what goes back."""

import asyncio
import json
from pathlib import Path

import pytest

from openrouter_nb import Limits, OpenRouter
from openrouter_nb.conversation.agent.tool_loop import ToolLoop
from openrouter_nb.simulator import Simulator
from openrouter_nb.tools import Tool, Toolset


@pytest.fixture(scope="module")
def entries(recordings):
    """What INDEX.jsonl expects of each stream that calls tools."""
    lines = (recordings / "INDEX.jsonl").read_text().splitlines()
    found = [json.loads(line) for line in lines]
    return [entry for entry in found if (entry.get("expected") or {}).get("tool_calls")]


@pytest.fixture(scope="module")
def service(recordings):
    with Simulator(recordings=recordings) as simulator:
        yield simulator


def follow(service, entry):
    """Run the loop on a recording for one round of calls; the loop, and how the functions were called."""
    called = []

    def remember(**arguments):
        called.append(arguments)
        return len(called)

    names = {call["name"] for call in entry["expected"]["tool_calls"]}
    tools = [
        Tool(
            name=name,
            description="",
            parameters={"type": "object"},
            function=remember,
            check=dict,
            approval="auto",
        )
        for name in names
    ]

    async def run():
        async with OpenRouter(server_url=service.base_url) as client:
            request = {
                "model": f"recorded/{Path(entry['file']).stem}",
                "messages": [{"role": "user", "content": "Go"}],
            }
            loop = ToolLoop(client.chat.send_async, request, Toolset.of(tools), limits=Limits(rounds=2))
            await loop.run()
            return loop

    return asyncio.run(run()), called


def test_recorded_streams_give_their_calls_and_the_turn_goes_back_as_it_came(service, entries):
    assert len(entries) > 10
    with_reasoning = 0
    for entry in entries:
        before = len(service.requests)
        loop, called = follow(service, entry)
        expected = entry["expected"]["tool_calls"]
        assert [
            {"id": call.id, "name": call.name, "arguments": call.proposed}
            for call in loop.calls[: len(expected)]
        ] == expected, entry["file"]
        assert called == [json.loads(call["arguments"]) for call in expected], entry["file"]

        asked, *results = service.requests[before + 1].body["messages"][1:]
        assert asked["role"] == "assistant"
        assert asked["content"] is None
        assert [
            {"id": call["id"], "name": call["function"]["name"], "arguments": call["function"]["arguments"]}
            for call in asked["tool_calls"]
        ] == expected, entry["file"]
        assert [result["tool_call_id"] for result in results] == [call["id"] for call in expected]
        details = loop.responses[0].choices[0].message.reasoning_details
        assert asked.get("reasoning_details") == details, entry["file"]
        assert "reasoning" not in asked
        with_reasoning += bool(details)
    assert with_reasoning >= 3


def test_calls_of_two_rounds_under_one_id_are_answered_under_two(service, entries):
    # The recording is served twice, so the second reply repeats the ids of the first.
    loop, _ = follow(service, entries[0])
    first, second = loop.calls
    assert first.id != second.id
    assert [message.get("tool_call_id") for message in loop.new_messages if message["role"] == "tool"] == [
        first.id,
        second.id,
    ]
