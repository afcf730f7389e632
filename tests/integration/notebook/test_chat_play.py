"""`%chat_play`: what a chat cell would send, in the playground."""

import pytest

BATCH = {"allow_stdin": False}
SENT = "p.send(); None"


def body(request):
    """What was sent, but for how it was streamed."""
    return {name: value for name, value in request.body.items() if name != "stream"}


def test_the_panel_sends_what_the_cell_sent(kernel, simulator):
    kernel.chat("-m demo/parrot -s 'Be terse.'", "One", **BATCH)
    options = "-m demo/parrot -t 0.2 -r low --provider a,b -p metadata.a='\"b\"' -p newer=1 --stop X"
    kernel.chat(options, "Two {{1 + 1}}", **BATCH)
    run = kernel.run(f"p = %chat_play\n{SENT}", **BATCH)
    assert run.reply["status"] == "ok", run.text
    cell, panel = simulator.requests[-2:]
    assert body(panel) == body(cell)
    assert panel.body["messages"][-1]["content"] == "Two 2"


def test_options_change_the_request_and_text_asks_another(kernel, simulator):
    kernel.chat("-m demo/parrot -t 0.2", "One", **BATCH)
    kernel.run(f"p = %chat_play -m demo/echo --top-p 0.5\n{SENT}", **BATCH)
    assert body(simulator.requests[-1]) == {
        "model": "demo/echo",
        "temperature": 0.2,
        "top_p": 0.5,
        "messages": [{"role": "user", "content": "One"}],
    }
    kernel.run(f"p = %chat_play -m demo/parrot --once Something else\n{SENT}", **BATCH)
    assert body(simulator.requests[-1]) == {
        "model": "demo/parrot",
        "messages": [{"role": "user", "content": "Something else"}],
    }


def test_several_models_are_columns_and_tools_go_along(kernel, simulator):
    kernel.run("def weather(city: str) -> str:\n    'The weather.'\n    return 'dry'")
    run = kernel.run("p = %chat_play -m demo/parrot,demo/echo --tools weather --retries 0 Hello", **BATCH)
    assert run.reply["status"] == "ok", run.text
    shown = kernel.run("print(p.models, p.settings, p.request['tools'][0]['function']['name'])", **BATCH).text
    assert shown == "['demo/parrot', 'demo/echo'] {'max_retries': 0} weather\n"
    assert simulator.requests == []


def test_without_a_question_it_opens_empty(kernel, simulator):
    run = kernel.run("p = %chat_play -t 0.3\nprint(p.model, p.params, p.messages)", **BATCH)
    assert run.text == "demo/echo {'temperature': 0.3} []\n"
    assert simulator.requests == []


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("--temprature 1", "--temperature"),
        ("{{undefined_here}}", "undefined_here"),
        ("--tools wether x", "weather"),
    ],
)
def test_a_wrong_line_opens_nothing(kernel, line, words):
    kernel.run("def weather(city: str) -> str:\n    'The weather.'\n    return 'dry'")
    run = kernel.run(f"%chat_play {line}", **BATCH)
    assert run.reply["status"] == "error"
    assert words in run.text
