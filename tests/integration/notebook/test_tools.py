"""Functions of a notebook in the hands of a model, in a real kernel."""

import itertools
import json
import time

import pytest
from support.kernel import TIMED, needs_pages
from support.malformed import MALFORMED, UNREGISTERED
from support.says import says

BATCH = {"allow_stdin": False}

DEFINE = """
import os, threading
from openrouter_nb import tool
from typing import Literal
seen = []

def weather(city: str, unit: Literal["C", "F"] = "C") -> dict:
    "Weather of a city."
    seen.append(city)
    print("looking at", city)
    return {"city": city, "degrees": 21}

@tool(approve="auto")
def population(city: str) -> int:
    "Number of inhabitants."
    seen.append(city)
    return 522_250

@tool(approve="ask")
def delete(city: str) -> str:
    seen.append("deleted " + city)
    return "gone"

started, ended = threading.Event(), threading.Event()

@tool(approve="auto")
def endless(city: str) -> str:
    import time
    started.set()
    try:
        while True:
            time.sleep(0.002)
    finally:
        ended.set()
"""


def sent(simulator):
    return [request.body for request in simulator.requests if request.path.endswith("/chat/completions")]


@pytest.fixture
def tools(kernel):
    assert kernel.run(DEFINE).reply["status"] == "ok"
    return kernel


def seen(kernel):
    return json.loads(kernel.run("import json; print(json.dumps(seen))", **BATCH).text)


ASK = "How warm is it in Lyon?"


def test_where_nobody_can_answer_nothing_is_called_and_the_model_is_told(tools, simulator):
    run = tools.chat("-m demo/tools --tools weather", ASK, **BATCH)
    assert run.reply["status"] == "ok", run.text
    assert seen(tools) == []
    assert "Not run: no user can be asked here" in sent(simulator)[1]["messages"][-1]["content"]
    assert "weather · not run" in run.text


def test_a_tool_marked_auto_is_called_and_its_answer_is_part_of_the_conversation(tools, simulator):
    run = tools.chat("-m demo/tools --tools population", ASK, **BATCH)
    assert seen(tools) == ["Lyon"]
    assert "population · ran in" in run.text
    assert "522250" in run.text
    (output,) = run.outputs
    assert set(output["data"]) == {"text/html", "text/plain"}
    tools.chat("-m demo/parrot", "And now?", **BATCH)
    roles = [message["role"] for message in sent(simulator)[-1]["messages"]]
    assert roles == ["user", "assistant", "tool", "assistant", "user"]
    # The calls of a conversation are checked against the tools of the request.
    assert [each["function"]["name"] for each in sent(simulator)[-1]["tools"]] == ["population"]
    assert sent(simulator)[-1]["tool_choice"] == "none"
    assert [call["status"] for call in calls(tools)] == ["done"]


def calls(kernel):
    # `_` is the answer of the last chat cell, except for a cell with another output. Other files' cells are in `Out`, too.
    last = "[a for a in Out.values() if isinstance(a, Answer) and a.calls][-1]"
    code = (
        f"from openrouter_nb import Answer\nprint(json.dumps([{{'status': c.status}} for c in {last}.calls]))"
    )
    return json.loads(kernel.run(code, **BATCH).text)


def test_approve_auto_runs_all_but_what_insists_on_being_asked(tools):
    run = tools.chat("-m demo/tools --tools weather,delete --approve auto", "parallel, in Lyon", **BATCH)
    assert seen(tools) == ["Lyon"]
    assert "weather · ran in" in run.text
    assert "looking at Lyon" in run.text
    assert "delete · not run" in run.text


@pytest.mark.parametrize(
    ("answers", "status", "result"),
    [
        (["r"], "ran", '"degrees":21'),
        (["a", "It snows."], "answered by hand", "It snows."),
        (["e", '{"town": 1}', '{"city": "Rome"}'], "ran with changed arguments", "Rome"),
        (["n"], "not run", "refused this call"),
    ],
    ids=["run", "answer", "edit", "refuse"],
)
@pytest.mark.parametrize("prefix", [pytest.param("", id="awaited"), TIMED])
def test_without_buttons_a_prompt_asks(tools, prefix, answers, status, result):
    cell = f"{prefix}%%chat -m demo/tools --tools weather\n{ASK}"
    tools.run("os.environ['OPENROUTER_NB_LIVE'] = '0'", **BATCH)
    run = tools.run(cell, answers=answers)
    assert run.reply["status"] == "ok", run.text
    assert f"weather · {status}" in run.text
    assert result in run.text
    prompts = [message.content["prompt"] for message in run.messages if message.type == "input_request"]
    assert "weather(city: str, unit: Literal['C', 'F'] = 'C') -> dict" in prompts[0]
    assert '"city": "Lyon"' in prompts[0]
    assert len(prompts) == len(answers)


def test_twelve_malformed_sets_of_arguments_call_nothing(tools, simulator):
    for arguments in MALFORMED:
        options = f"-m demo/tools-wrong --tools population --approve auto --once {says(arguments)}"
        run = tools.chat(options, "Go", **BATCH)
        assert "population · not run: wrong arguments" in run.text, arguments
        asked = sent(simulator)[-1]["messages"][1]["tool_calls"][0]["function"]
        assert asked["arguments"] == arguments
    assert seen(tools) == []


def test_what_was_never_offered_is_never_called(tools, simulator):
    for name in UNREGISTERED:
        run = tools.chat(f"-m demo/tools-unknown --tools population --once {says(name)}", "Go", **BATCH)
        assert f"{name} · not run: no such tool" in run.text
        assert f"there is no tool '{name}'" in sent(simulator)[-1]["messages"][-1]["content"]
    assert seen(tools) == []


def test_a_cell_and_python_send_the_same_requests(tools, simulator):
    tools.chat("-m demo/tools --tools population --once -t 0.5", ASK, **BATCH)
    code = f"from openrouter_nb import chat, run_tools; run_tools({ASK!r}, population, model='demo/tools', temperature=0.5)"
    assert tools.run(code, **BATCH).reply["status"] == "ok"
    chat = f"chat({ASK!r}, tools=[population], model='demo/tools', temperature=0.5)"
    assert tools.run(chat, **BATCH).reply["status"] == "ok"
    cell, function, door = (sent(simulator)[start : start + 2] for start in (0, 2, 4))
    assert cell == function == door
    assert len(sent(simulator)) == 6


CONVERSATION = """
from pydantic import BaseModel
from openrouter_nb import Chat, Playground, chat
class Line(BaseModel):
    text: str
    price: float

@tool(approve="auto")
def river(city: str) -> dict:
    "River of a city."
    return {"city": city, "river": "Rhône", "length": [813, None]}
"""
#: What each turn asks, of which model, with which tools and which type of answer.
TURNS = [
    ("parallel, in Lyon", "demo/tools", "population,river", ""),
    ("And in Rome?", "demo/tools", "population,river", ""),
    ("As a line, in Oslo", "demo/structured", "population,river", "Line"),
    ("And once more", "demo/structured", "", "Line"),
    ("Thank you", "demo/parrot", "", ""),
]


def test_a_conversation_sends_the_same_by_magic_by_python_and_by_playground(tools, simulator):
    assert tools.run(CONVERSATION, **BATCH).reply["status"] == "ok"

    def bodies(cells):
        start = len(sent(simulator))
        for cell in cells:
            run = tools.run(cell, **BATCH)
            assert run.reply["status"] == "ok", run.text
        return sent(simulator)[start:]

    def options(model, functions, schema):
        return (
            f"-m {model}"
            + (f" --tools {functions}" if functions else "")
            + (f" --schema {schema}" if schema else "")
        )

    magic = bodies(f"%%chat {options(*how)}\n{prompt}" for prompt, *how in TURNS)
    python = bodies(
        [
            "talk = Chat()",
            *(
                f"talk({prompt!r}, model={model!r}"
                + (f", tools=[{functions}]" if functions else "")
                + (f", schema={schema})" if schema else ")")
                for prompt, model, functions, schema in TURNS
            ),
        ]
    )
    panel = bodies(
        [
            "p = Playground('demo/tools', tools=[population, river])",
            *(f"p.send({prompt!r}).text" for prompt, *_ in TURNS[:2]),
            "p.model = 'demo/structured'; p.params['response_format'] = Playground(schema=Line).params['response_format']",
            f"p.send({TURNS[2][0]!r}).text",
            f"del p.params['tools']; p.send({TURNS[3][0]!r}).text",
            f"del p.params['response_format']; p.model = 'demo/parrot'; p.send({TURNS[4][0]!r}).text",
            "p.close()",
        ]
    )
    assert [len(body["messages"]) for body in magic] == [1, 4, 6, 8, 10, 12, 14]
    assert [len(body.get("tools", ())) for body in magic] == [2] * 7
    assert [body.get("tool_choice") for body in magic] == [None] * 5 + ["none"] * 2
    assert ["response_format" in body for body in magic] == [False] * 4 + [True] * 2 + [False]
    assert python == magic
    assert panel == magic


DECIDED = """
import time
from openrouter_nb import Chat, Playground, Refuse, Respond, RunWith
from pydantic import BaseModel

class Price(BaseModel):
    text: str
    price: float

@tool(approve="auto")
def river(city: str) -> str:
    "River of a city."
    raise KeyError(f"nothing is known of {city}")

def waiting():
    cards = [(item["id"], card) for item in p._controller.panel_traits()["thread"] for card in item["cards"]]
    return [
        {"item": item, "column": card["column"], "call": call["id"]}
        for item, card in cards
        for call in card.get("tool_calls", ())
        if call["state"] == "waiting"
    ]

def until(condition):
    end = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.005)

def press(prompt, op, /, **more):
    p.send(prompt, wait=False)
    until(waiting)
    p._controller.receive({"v": 1, "id": 1, "kind": "op", "op": op, **waiting()[0], **more})
    until(lambda: p.status == "idle" and not waiting() and not p.messages[-1].get("tool_calls"))
"""
ROME = '{"city": "Rome"}'
#: What is asked of which model with which options, what is answered at the prompt, what Python says, what the panel does.
DECISIONS = {
    "one runs and one is refused": (
        ("demo/tools", "parallel, in Lyon", "weather,population"),
        (["n"], "False", "press({text!r}, 'tool_refuse')"),
    ),
    "other arguments": (
        ("demo/tools", "in Lyon", "weather"),
        (["e", ROME], f"RunWith({ROME})", f"press({{text!r}}, 'tool_run', arguments={ROME!r})"),
    ),
    "a result by hand": (
        ("demo/tools", "in Lyon", "weather"),
        (["a", "It snows."], "Respond('It snows.')", "press({text!r}, 'tool_result', text='It snows.')"),
    ),
    "a tool that fails": (("demo/tools", "in Lyon", "river"), ([], "None", "p.send({text!r}).text")),
    "wrong arguments": (("demo/tools-wrong", "in Lyon", "river"), ([], "None", "p.send({text!r}).text")),
    "an answer that is put right": (
        ("demo/structured-wrong", "A price", ""),
        ([], "None", "p.send({text!r}).text"),
    ),
}


@pytest.mark.parametrize(("asked", "decided"), DECISIONS.values(), ids=DECISIONS)
def test_whatever_is_decided_is_sent_the_same_by_magic_by_python_and_by_playground(
    tools, simulator, asked, decided
):
    assert tools.run(DECIDED, **BATCH).reply["status"] == "ok"
    tools.run("os.environ['OPENROUTER_NB_LIVE'] = '0'", **BATCH)
    model, text, functions = asked
    answers, word, panel = decided

    def bodies(*cells):
        start = len(sent(simulator))
        for cell, given in cells:
            run = tools.run(cell, **({"answers": given} if given else BATCH))
            assert run.reply["status"] == "ok", run.text
        return sent(simulator)[start:]

    options = f"--tools {functions}" if functions else "--schema Price --repairs 1"
    magic = bodies(
        (f"%%chat --new -m {model} {options}\n{text}", answers), ("%%chat -m demo/parrot\nThank you", [])
    )
    keywords = f"tools=[{functions}], approve=lambda call: {word}" if functions else "schema=Price, repairs=1"
    python = bodies(
        (f"talk = Chat(); talk({text!r}, model={model!r}, {keywords})", []),
        ("talk('Thank you', model='demo/parrot')", []),
    )
    given = f"tools=[{functions}]" if functions else "schema=Price, repairs=1"
    leave = "del p.params['tools']" if functions else "del p.params['response_format']"
    played = bodies(
        (f"p = Playground({model!r}, {given})", []),
        (panel.replace("{text!r}", repr(text)), []),
        (f"{leave}; p.model = 'demo/parrot'; p.send('Thank you').text", []),
        ("p.close()", []),
    )
    assert [len(body["messages"]) for body in magic] in ([1, 3, 5], [1, 4, 6], [1, 3, 3])
    assert python == magic
    assert played == magic


def cards(run, comm):
    found = {}
    for message in run.deltas(comm):
        for card in message.get("cards", ()):
            found[card["id"]] = card
    return found


def open_page(kernel, run):
    """Take the widget up as a page does; the widget and the channel that its buttons speak through."""
    (comm,) = run.until(run.comms)
    subshell = kernel.subshell()
    kernel.send_custom(comm, {"kind": "ready"}, subshell=subshell)
    return comm, subshell


PRESSES = itertools.count(2**40)


def press(kernel, page, card, action, value=None, *, id_=None):
    """Press a button; return the id of the message."""
    comm, subshell = page
    id_ = id_ or next(PRESSES)
    content = {"kind": "action", "card": card, "action": action, "value": value, "id": id_}
    kernel.send_custom(comm, content, subshell=subshell)
    return id_


def waiting(run, comm):
    return next((card for card in cards(run, comm).values() if card.get("status") == "waiting for you"), None)


def offers(run, comm, action):
    card = waiting(run, comm)
    return card if card and action in [each["id"] for each in card.get("actions", ())] else None


@needs_pages
def test_buttons_decide_and_wrong_arguments_are_said(tools):
    run = tools.start_chat("-m demo/tools --tools weather", ASK)
    page = open_page(tools, run)
    card = run.until(lambda: offers(run, page[0], "run"))
    assert [message["phase"] for message in run.deltas(page[0]) if message.get("phase")][-1] == "waiting"
    assert card["title"] == "weather"
    assert "weather(city: str" in card["body"]
    assert '"city": "Lyon"' in card["body"]
    assert [action["label"] for action in card["actions"]] == [
        "Run",
        "Edit arguments",
        "Enter a result",
        "Refuse",
    ]
    press(tools, page, card["id"], "edit")
    edited = run.until(lambda: offers(run, page[0], "run-with"))
    assert json.loads(edited["editable"]) == {"city": "Lyon", "unit": "C"}
    press(tools, page, card["id"], "run-with", '{"city": 3}')
    wrong = run.until(
        lambda: "does not fit" in (waiting(run, page[0]) or {}).get("body", "") and waiting(run, page[0])
    )
    assert "city: input should be a valid string, not 3" in wrong["body"]
    press(tools, page, card["id"], "run-with", '{"city": "Paris"}')
    run.finish()
    assert seen(tools) == ["Paris"]
    assert "weather · ran with changed arguments" in run.text
    assert "looking at Paris" in run.text
    assert " s in all" in run.text


@pytest.mark.parametrize(("action", "called"), [("run", ["Lyon"]), ("refuse", [])])
@needs_pages
def test_one_press_runs_or_refuses(tools, action, called):
    run = tools.start_chat("-m demo/tools --tools weather", ASK)
    page = open_page(tools, run)
    card = run.until(lambda: offers(run, page[0], action))
    press(tools, page, card["id"], action)
    run.finish()
    assert seen(tools) == called


@needs_pages
def test_a_press_that_is_sent_again_has_two_replies_and_one_effect(tools):
    run = tools.start_chat("-m demo/tools --tools weather", ASK)
    page = open_page(tools, run)
    card = run.until(lambda: offers(run, page[0], "edit"))["id"]
    edit = press(tools, page, card, "edit")
    run.until(lambda: offers(run, page[0], "run-with"))
    press(tools, page, card, "back")
    run.until(lambda: offers(run, page[0], "run"))
    press(tools, page, card, "edit", id_=edit)
    run.until(lambda: run.custom(page[0]).count({"kind": "reply", "id": edit}) == 2)
    press(tools, page, card, "run")  # ignored while the arguments are edited
    run.finish()
    assert seen(tools) == ["Lyon"]


@needs_pages
def test_stop_during_a_running_tool_ends_it_and_the_question(tools, simulator):
    run = tools.start_chat("-m demo/tools --tools endless", ASK)
    page = open_page(tools, run)
    run.until(lambda: any(card.get("status") == "running" for card in cards(run, page[0]).values()))
    tools.send_custom(page[0], {"kind": "stop", "id": 7}, subshell=page[1])
    assert run.finish()["status"] == "ok"
    assert tools.run("print(ended.wait(20))", **BATCH).text == "True\n"
    assert {"kind": "reply", "id": 7} in run.custom(page[0])
    assert "endless · stopped" in run.text
    assert "[Stopped." in run.text
    assert len(sent(simulator)) == 1
    tools.chat("-m demo/parrot", "Still there?", **BATCH)
    assert [message["role"] for message in sent(simulator)[-1]["messages"]] == ["user"]


@needs_pages
def test_an_interrupt_during_a_running_tool_ends_it_and_the_cell(tools, simulator):
    run = tools.start_chat("-m demo/tools --tools endless", ASK, **BATCH)
    run.until(lambda: simulator.exchanges and simulator.exchanges[-1].closed_at)
    deadline = time.monotonic() + 20
    # The call has begun when its thread says so; the kernel is busy, so the interrupt is repeated until it is heard.
    while run.reply is None and time.monotonic() < deadline:
        tools.interrupt()
        try:
            run.until(lambda: run.reply is not None, timeout=1)
        except TimeoutError:
            continue
    assert run.finish()["ename"] == "KeyboardInterrupt"
    assert len(sent(simulator)) == 1


@needs_pages
def test_stop_while_a_call_waits_runs_nothing(tools, simulator):
    run = tools.start_chat("-m demo/tools --tools weather", ASK)
    page = open_page(tools, run)
    run.until(lambda: offers(run, page[0], "run"))
    tools.send_custom(page[0], {"kind": "stop"}, subshell=page[1])
    run.finish()
    assert seen(tools) == []
    assert len(sent(simulator)) == 1


def test_the_loop_stops_at_its_limit_and_says_so(tools, simulator):
    run = tools.chat("-m demo/tools-endless --tools population", "in Lyon", **BATCH)
    assert run.reply["status"] == "ok", run.text
    assert len(sent(simulator)) == 8
    assert "The limit of 8 rounds is reached." in run.text
    assert seen(tools) == [f"Lyon {number}" for number in range(7)]


def test_a_dry_run_shows_the_tools_and_a_wrong_option_is_refused(tools, simulator):
    run = tools.chat("--dry-run --tools weather,web_search", ASK, **BATCH)
    assert "openrouter:web_search" in run.text
    assert '"name": "weather"' in run.text
    for options, words in (
        ("--tools wether", "Did you mean 'weather'?"),
        ("--tools os", "os is of type module"),
        ("--tools weather --approve always", "ask or auto"),
        ("--approve auto", "--approve requires --tools."),
        ("--schema Invoce", "no Invoce in this notebook"),
    ):
        wrong = tools.chat(options, ASK, **BATCH)
        assert wrong.reply["ename"] == "UsageError"
        assert words in wrong.text
    assert sent(simulator) == []


SCHEMA = """
from pydantic import BaseModel
class Line(BaseModel):
    text: str
    price: float
class Invoice(BaseModel):
    number: str
    lines: list[Line]
"""


def test_a_schema_makes_the_answer_an_object(kernel, simulator):
    kernel.run(SCHEMA, **BATCH)
    run = kernel.chat("-m demo/structured --schema Invoice -o invoice", "The invoice", **BATCH)
    assert run.reply["status"] == "ok", run.text
    assert kernel.run("print(repr(invoice), _.parsed is invoice)", **BATCH).text == (
        "Invoice(number='simulated', lines=[Line(text='simulated', price=42.0)]) True\n"
    )
    asked = sent(simulator)[0]["response_format"]["json_schema"]
    assert (asked["name"], asked["strict"]) == ("Invoice", True)
    assert "simulated" in run.outputs[0]["data"]["text/html"]


@needs_pages
def test_an_object_arrives_piece_by_piece(kernel):
    kernel.run(SCHEMA, **BATCH)
    run = kernel.start_chat("-m demo/structured --schema list[Line] -p simulator.pace_ms=200", "Lines")
    page = open_page(kernel, run)
    run.finish()
    opened = [message.content["data"]["state"] for message in run.messages if message.type == "comm_open"]
    assert any(state.get("snapshot", {}).get("is_object") for state in opened)
    pieces = [message["text"] for message in run.deltas(page[0]) if message.get("text")]
    assert len(pieces) > 1
    assert json.loads("".join(pieces)) == {"value": [{"text": "simulated", "price": 42.0}]}


def test_a_list_is_a_table_and_its_value_a_list(kernel):
    kernel.run(SCHEMA, **BATCH)
    run = kernel.chat("-m demo/structured --schema list[Invoice] -o invoices", "Invoices", **BATCH)
    html = run.outputs[0]["data"]["text/html"]
    assert "<th>number</th><th>lines</th>" in html
    assert "value" not in html
    assert run.text.startswith("[\n  {\n")
    assert kernel.run("print(type(invoices), type(invoices[0]), _.parsed is invoices)", **BATCH).text == (
        "<class 'list'> <class '__main__.Invoice'> True\n"
    )


def test_a_wrong_object_is_sent_back_as_often_as_the_cell_says(kernel, simulator):
    kernel.run(SCHEMA, **BATCH)
    run = kernel.chat("-m demo/structured-wrong --schema Invoice --repairs 1 -o right", "Hello", **BATCH)
    assert run.reply["status"] == "ok", run.text
    assert kernel.run("print(right.number)", **BATCH).text == "simulated\n"
    first, second = sent(simulator)
    assert second["messages"][:-2] == first["messages"]
    assert 'lines: input should be a valid array, not "wrong"' in second["messages"][-1]["content"]
    assert "[An invalid answer was sent back to the model.]" in run.text
    # The history does not contain the invalid answer.
    kernel.chat("-m demo/parrot", "And now?", **BATCH)
    assert [message["role"] for message in sent(simulator)[-1]["messages"]] == ["user", "assistant", "user"]
    wrong = kernel.chat("--repairs 1", "Hello", **BATCH)
    assert "--repairs requires --schema." in wrong.text


def test_several_models_answer_with_objects_side_by_side(kernel, simulator):
    kernel.run(SCHEMA, **BATCH)
    options = "-m demo/structured,demo/structured-wrong,demo/error-402 --schema Invoice -o all_three"
    run = kernel.chat(options, "The invoice", **BATCH)
    assert run.reply["status"] == "ok", run.text
    assert run.outputs[0]["data"]["text/html"].count("<h4>") == 3
    assert "lines: input should be a valid array" in run.text
    assert [body["response_format"]["json_schema"]["name"] for body in sent(simulator)] == ["Invoice"] * 3
    told = "print(all_three['demo/structured'].parsed.number, [row['error'] for row in all_three.records])"
    said = kernel.run(told, **BATCH).text
    assert said.startswith("simulated [None, 'lines: input should be a valid array")
    assert (
        "does not match the requested type"
        in kernel.run("all_three.keep('demo/structured-wrong')", **BATCH).text
    )
    same = "from openrouter_nb import compare; print(compare('The invoice', list(all_three), schema=Invoice).records == all_three.records)"
    assert kernel.run(same, **BATCH).text == "True\n"


@needs_pages
def test_several_models_call_functions_each_after_a_yes_in_its_own_column(tools, simulator):
    run = tools.start_chat("-m demo/tools,demo/tools-one-index --tools weather -o both", ASK)
    first, second = run.until(lambda: len(run.comms()) >= 2 and run.comms()[:2])
    subshell = tools.subshell()
    for comm in (first, second):
        tools.send_custom(comm, {"kind": "ready"}, subshell=subshell)
    card = run.until(lambda: offers(run, first, "run"))
    other = run.until(lambda: offers(run, second, "refuse"))
    press(tools, (first, subshell), card["id"], "run")
    press(tools, (second, subshell), other["id"], "refuse")
    run.finish()
    assert seen(tools) == ["Lyon"]
    assert "weather · ran" in run.text
    assert "weather · not run" in run.text
    tools.run("kept = both.keep('demo/tools')", **BATCH)
    tools.chat("-m demo/parrot", "And now?", **BATCH)
    roles = [message["role"] for message in sent(simulator)[-1]["messages"]]
    assert roles == ["user", "assistant", "tool", "assistant", "user"]


def test_several_models_without_buttons_are_asked_about_one_after_the_other(tools):
    tools.run("os.environ['OPENROUTER_NB_LIVE'] = '0'", **BATCH)
    cell = f"%%chat -m demo/tools,demo/tools-one-index --tools weather\n{ASK}"
    run = tools.run(cell, answers=["r", "n"])
    assert run.reply["status"] == "ok", run.text
    prompts = [message.content["prompt"] for message in run.messages if message.type == "input_request"]
    assert sorted(prompt.partition(" ")[0] for prompt in prompts) == ["demo/tools", "demo/tools-one-index"]
    assert seen(tools) == ["Lyon"]


def test_a_wrong_object_says_where_and_fails_the_cell(kernel, simulator):
    kernel.run(SCHEMA, **BATCH)
    run = kernel.chat("-m demo/structured-wrong --schema Invoice -o wrong_one", "The invoice", **BATCH)
    answer, error = run.outputs
    assert "lines: input should be a valid array" in answer["data"]["text/plain"]
    assert error["ename"] == "WrongAnswerError"
    assert len(error["traceback"]) == 1
    assert kernel.run("'wrong_one' in globals()", **BATCH).text == "False"
    kernel.chat("-m demo/parrot", "And now?", **BATCH)
    assert len(sent(simulator)[-1]["messages"]) == 1


HOSTILE = """
import asyncio
from openrouter_nb import tool

class Own(BaseException): pass

class Result:
    def __repr__(self):
        raise SystemExit

class Error(Exception):
    def __str__(self):
        raise KeyboardInterrupt

def raise_(error):
    raise error

async def run(city: str) -> str:
    "x"
    await asyncio.sleep(0)
    return end()
"""


@pytest.mark.parametrize("prefix", [pytest.param("", id="awaited"), TIMED])
@pytest.mark.parametrize(
    "end",
    [
        "raise_(SystemExit)",
        "raise_(KeyboardInterrupt)",
        "raise_(asyncio.CancelledError)",
        "raise_(Own)",
        "raise_(Error)",
        "Result()",
        "asyncio.current_task().cancel()",
        "raise_(GeneratorExit)",
    ],
)
def test_a_tool_that_exits_fails_and_the_kernel_lives(tools, end, prefix):
    tools.run(f"{HOSTILE}\ndef end(): return {end}", **BATCH)
    run = tools.run(f"{prefix}%%chat -m demo/tools --tools run --approve auto\n{ASK}", **BATCH)
    assert run.reply["status"] == "ok", run.text
    assert "run · failed" in run.text
    assert "The tool failed" in run.text
    assert "522250" in tools.chat("-m demo/tools --tools population", ASK, **BATCH).text
