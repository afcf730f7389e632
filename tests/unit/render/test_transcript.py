"""A conversation as a page and as files."""

import json

from openrouter_nb.render.answer.transcript import bundle, to_json, to_markdown, to_python

CALL = {"id": "c1", "type": "function", "function": {"name": "weather", "arguments": '{"city": "Lyon"}'}}
TURN = [
    {"role": "user", "content": "How warm is it?"},
    {"role": "assistant", "content": None, "tool_calls": [CALL], "reasoning_details": [{"type": "x"}]},
    {"role": "tool", "tool_call_id": "c1", "content": "21 <b>degrees</b>"},
    {"role": "assistant", "content": "21 degrees."},
]


def test_calls_and_results_are_shown_as_text():
    text = to_markdown(TURN)
    assert '## Model\n\nCalls weather with {"city": "Lyon"}' in text
    assert "## Tool\n\n21 <b>degrees</b>" in text
    assert "<b>" not in bundle("main", TURN)["text/html"]


def test_exported_code_and_json_hold_the_messages_as_they_are_sent():
    assert json.loads(to_json(TURN)) == TURN
    namespace = {}
    exec(to_python(TURN).split("messages.append")[0], namespace)
    assert namespace["messages"] == TURN
