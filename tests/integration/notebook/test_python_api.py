"""`chat()` and its companions in code cells."""

import json
import re

import pytest

FAILING = [
    'chat("Hi", model="demo/error-402")',
    'await achat("Hi", model="demo/error-402")',
    'Chat()("Hi", model="demo/midstream-error")',
    'for piece in stream("Hi", model="demo/error-402"): pass',
    'compare("Hi", ["demo/parrot"], temperature=9)',
    'compare("Hi", ["demo/error-402"])["demo/error-402"]',
    'chat("Hi", temprature=1)',
    'chat("")',
    'chat("Hi", model="demo/parrot", schema=int, repairs=0)',
    'chat("Hi", tools=[print])',
    'chat("Hi", tools="nothing")',
]
REFUSED = [
    'run_tools("Hi", "web_search", aprove="auto")',
    'run_tools("Hi", "web_search", approve="yes")',
    'await run_tools_async("Hi", "web_search", approve="yes")',
    'chat("Hi", repairs=9)',
    'chat_map("Say {{row}}", ["a"], max_cots=1)',
    'chat_map("Say {{row}}", ["a"], max_cost="cheap")',
]
CLIENT = [
    'client.chat.send(model="demo/error-402", messages=said)',
    'await client.chat.send_async(model="demo/error-402", messages=said)',
    'for chunk in client.chat.send(model="demo/cut", messages=said, stream=True): pass',
    "async for chunk in await client.chat.send_async(model='demo/midstream-error', messages=said, stream=True): pass",
    'client.chat.send(model="demo/parrot", messages=said, temprature=1)',
    'client.chat.send(model="demo/parrot", messages=said, temperature=9)',
    'await client.chat.send_async(model="demo/parrot", messages=said, temprature=1)',
    'chat_send(client, {"messages": said, "temprature": 1})',
    "nowhere.models.list()",
    "nowhere.chat.send(messages=said)",
    'client.models.get("x")',
    'client.generation("gen-none")',
    "list(ThreadPoolExecutor().map(lambda _: client.chat.send(model='demo/error-402', messages=said), [1]))",
    'await asyncio.gather(client.chat.send_async(model="demo/error-402", messages=said))',
]
KEY = "sk-or-v1-sentinel5f1e9ac04b7"
MOST_BYTES = 3_000


@pytest.fixture
def doors(kernel):
    kernel.run("from openrouter_nb import *")
    return kernel


@pytest.fixture
def client(doors):
    doors.run(
        "import asyncio\n"
        "from concurrent.futures import ThreadPoolExecutor\n"
        f"client = OpenRouter(api_key={KEY!r}, retry_config=None)\n"
        f"nowhere = OpenRouter(api_key={KEY!r}, server_url='http://127.0.0.1:1/api/v1', retry_config=None)\n"
        "said = [{'role': 'user', 'content': 'Hi'}]"
    )
    return doors


def shown(run):
    """The lines of a cell's one output, an error, without their colours."""
    (output,) = run.outputs
    return re.sub(r"\x1b\[[0-9;]*m", "", "\n".join(output["traceback"])).splitlines()


@pytest.mark.parametrize("code", FAILING + CLIENT)
def test_a_failure_shows_the_line_that_asked_and_little_else(client, code):
    run = client.run(code)
    lines = shown(run)
    assert len(lines) <= 17
    assert any(code in line for line in lines[:4])
    assert len(json.dumps(run.outputs)) <= MOST_BYTES
    assert lines[-1].startswith(f"{run.reply['ename']}: ")


@pytest.mark.parametrize("code", REFUSED)
def test_a_refused_keyword_shows_one_frame_of_this_package_at_most(client, code):
    lines = shown(client.run(code))
    assert sum("openrouter_nb" in line for line in lines) <= 1
    assert len(json.dumps(lines)) <= MOST_BYTES
    assert lines[-1].startswith(("TypeError: ", "ValueError: "))


def test_a_failure_shows_each_of_the_readers_own_functions(client):
    client.run("def ask():\n    return client.chat.send(model='demo/error-402', messages=said)")
    lines = shown(client.run("def all():\n    return ask()\nall()"))
    assert [line for line in lines if line.startswith("---->")] == [
        "----> 3 all()",
        "----> 2     return ask()",
        "----> 2     return client.chat.send(model='demo/error-402', messages=said)",
    ]
    assert not any("openrouter_nb" in line for line in lines)


@pytest.mark.parametrize("code", [CLIENT[0], "%chat -m demo/error-402 --retries 0 Hi"])
def test_the_whole_traceback_is_a_tb_away_and_holds_no_key(client, code):
    client.run(code)
    for again in ("%tb", "%tb Verbose"):
        lines = shown(client.run(again))
        assert len(lines) > 50
        assert any("read_result" in line for line in lines)
        assert not any(KEY[9:-1] in line for line in lines)


def test_everything_of_an_error_is_there_for_the_debugger_and_for_scripts(client):
    client.run(CLIENT[0])
    whole = client.run(
        "import sys, traceback\nprint(''.join(traceback.format_exception(sys.last_value)))"
    ).text
    assert "in read_result" in whole
    assert client.run("sys.last_value.status_code, sys.last_value.generation_id[:4]").text == "(402, 'gen-')"


@pytest.mark.parametrize(
    "code",
    [
        'client.chat.send(model="demo/slow", messages=said)',
        'for chunk in client.chat.send(model="demo/stall", messages=said, stream=True): pass',
        'await client.chat.send_async(model="demo/slow", messages=said)',
        'async for chunk in await client.chat.send_async(model="demo/stall", messages=said, stream=True): pass',
        'chat("Hi", model="demo/stall")',
        'await asyncio.gather(achat("Hi", model="demo/stall"), achat("Hi", model="demo/stall"))',
        'await acompare("Hi", ["demo/stall"])',
    ],
)
def test_an_interrupt_of_a_call_is_a_few_lines(client, simulator, code):
    client.run("from openrouter_nb import acompare")
    run = client.start(code)
    run.until(
        # `demo/slow` is not streamed here. An entry of the log is a snapshot.
        lambda: any(each.sent_chunks > 1 or each.model == "demo/slow" for each in simulator.exchanges)
    )
    client.interrupt()
    assert run.finish()["ename"] in ("CancelledError", "KeyboardInterrupt")
    assert len(shown(run)) <= 25
    simulator.wait_for_close()


def test_an_await_too_many_does_no_harm(doors, simulator):
    assert doors.run("(await chat('Hi', model='demo/parrot')).text").text == "'Hi'"
    assert doors.run("(await stream('one two', model='demo/parrot')).text").text == "'one two'"
    assert (
        doors.run("answer = await chat('Hi', model='demo/parrot')\n(await answer) is answer").text == "True"
    )
    assert len(simulator.requests) == 3


def test_a_cell_that_ends_with_an_answer_shows_it_as_a_chat_cell_does(doors):
    (output,) = doors.run('chat("Hi", model="demo/reasoner")').outputs
    assert output["output_type"] == "execute_result"
    assert "<details>" in output["data"]["text/html"]
    assert "demo/reasoner · Simulator" in output["data"]["text/plain"]


def test_an_interrupt_closes_the_request_and_the_next_cell_works(doors, simulator):
    run = doors.start('chat("Hi", model="demo/stall")')
    run.until(lambda: simulator.exchanges and simulator.exchanges[-1].sent_chunks > 2)
    doors.interrupt()
    assert run.finish()["ename"] == "KeyboardInterrupt"
    simulator.wait_for_close()
    assert simulator.exchanges[-1].outcome == "client gone"
    assert doors.run('chat("Hi", model="demo/parrot").text').text == "'Hi'"


def test_the_widget_of_a_panel_is_the_one_that_is_displayed(doors):
    doors.run("panel = Playground('demo/parrot')")
    (widget,) = doors.run("panel.widget").outputs
    displayed = doors.run("panel").outputs
    views = [
        output["data"]["application/vnd.jupyter.widget-view+json"]["model_id"]
        for output in [widget, *displayed]
        if "application/vnd.jupyter.widget-view+json" in output["data"]
    ]
    assert len(views) == 2
    assert len(set(views)) == 1
    doors.run("panel.close()")
