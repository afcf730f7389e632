"""The playground without a mouse: everything is reached, seen, named and done with keys alone."""

import pytest
from playwright.sync_api import expect
from support.keyboard import Keyboard

pytestmark = pytest.mark.browser

TALK = "messages=[{'role': 'user', 'content': 'One'}, {'role': 'assistant', 'content': 'Two'}, {'role': 'tool', 'tool_call_id': 'x', 'content': '3'}]"


def test_tab_reaches_each_control_shows_where_it_is_and_leaves(play):
    view = play(
        "demo/tour",
        "system='Be terse.', temperature=0.2, stop=['END'], metadata={'a': 'b'}, logprobs=True, top_logprobs=2, logit_bias={'5': 1}, tools=['web_search'], "
        "plugins=[{'id': 'web'}], response_format={'type': 'json_schema', 'json_schema': {'name': 'x', 'schema': {'type': 'object'}}}",
    )
    keys = Keyboard(view.root)
    view.ask("Show me everything")
    view.wait_done()
    view.root.evaluate("(root) => { root.style.width = '1000px'; }")
    expect(view.root.locator(".orn-rail")).to_have_attribute("data-open", "true")
    view.open_rail()
    keys.walk()
    assert keys.nameless() == []
