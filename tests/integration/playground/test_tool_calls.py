"""Tools that a model calls: asked for, edited, answered by hand, refused."""

import json
import threading
import time

import pytest


def called(page):
    """Item, column and id of the first call that waits."""
    for item in page.state["thread"]:
        for card in item["cards"]:
            for call in card.get("tool_calls", ()):
                if call["state"] in ("waiting", "unknown"):
                    return {"item": item["id"], "column": card["column"], "call": call["id"]}
    return None


@pytest.fixture
def ran():
    return []


@pytest.fixture
def weather(ran):
    def get_weather(city: str, unit: str = "celsius") -> str:
        """Tell the weather.

        Args:
            city: Where.
            unit: celsius or fahrenheit.
        """
        ran.append((city, unit))
        return "sunny"

    return get_weather


def test_a_call_waits_until_somebody_lets_it_run(panel, weather, ran, sent):
    playground, page = panel("demo/tools", tools=[weather])
    assert [tool["function"]["name"] for tool in playground.params["tools"]] == ["get_weather"]
    page.tell("submit", text="How is the weather?")
    page.wait_for(lambda: called(page))
    assert ran == []
    assert cards(page)[0]["signature"] == "get_weather(city: str, unit: str = 'celsius') -> str"
    while place := called(page):
        assert page.op("tool_run", **place) == ""
        page.wait_for(lambda place=place: called(page) != place)
    page.ended()
    page.wait_for(lambda: len(sent()) == 2 and not page.column()["run"])
    assert ran
    results = [message for message in sent()[1]["messages"] if message["role"] == "tool"]
    assert results
    assert all(message["content"] == "sunny" for message in results)
    assert playground.messages[-1]["role"] == "assistant"
    assert not playground.messages[-1].get("tool_calls")


def test_a_result_by_hand_and_a_refusal_go_back_too(panel, sent):
    _, page = panel("demo/tools", tools=[_definition("get_weather")])
    page.tell("submit", text="How is the weather?")
    place = page.wait_for(lambda: called(page))
    assert "enter the result by hand" in page.op("tool_run", **place)
    page.op("tool_result", text="It rains.", **place)
    while place := called(page):
        page.op("tool_refuse", text="Not today.", **place)
    page.wait_for(lambda: len(sent()) == 2 and not page.column()["run"])
    contents = [message["content"] for message in sent()[1]["messages"] if message["role"] == "tool"]
    assert contents[0] == "It rains."
    assert all(text.endswith("refused this call. Not today.") for text in contents[1:])


def test_wrong_arguments_never_reach_the_function(panel, weather, ran):
    _, page = panel("demo/tools", tools=[weather])
    page.tell("submit", text="How is the weather?")
    place = page.wait_for(lambda: called(page))
    assert "does not take these arguments" in page.op("tool_run", arguments='{"city": 7}', **place)
    assert "does not take these arguments" in page.op("tool_run", arguments="{", **place)
    assert ran == []
    assert page.op("tool_run", arguments='{"city": "Lyon"}', **place) == ""
    page.wait_for(lambda: ran)
    assert ran[0][0] == "Lyon"


def test_of_two_clicks_at_once_the_first_decides_and_the_second_is_told(panel, weather, ran):
    _, page = panel("demo/tools", tools=[weather])
    page.tell("submit", text="How is the weather?")
    place = page.wait_for(lambda: called(page))
    with page.controller.state.loop.lock:  # both arrive before the first is carried out
        for word in ("tool_run", "tool_run", "tool_refuse"):
            page.controller.receive({"v": 1, "id": next(page._ids), "kind": "op", "op": word, **place})
    last = next(page._ids) - 1
    page.wait_for(lambda: page._answer(last))
    problems = [page._answer(id_)[0]["problem"] for id_ in range(last - 2, last + 1)]
    assert problems == ["", *["This call was decided already."] * 2]
    page.wait_for(lambda: ran and called(page) != place)
    for call in ("call_forged", place["call"], "\ud800"):
        assert page.op("tool_run", **{**place, "call": call})
    assert len(ran) == 1


def test_only_what_python_allows_runs_unasked(panel, weather, ran, sent):
    from openrouter_nb.tools import tool

    _, page = panel("demo/tools", tools=[tool(weather, approve="auto")])
    page.tell("submit", text="How is the weather?")
    page.wait_for(lambda: len(sent()) >= 2 and not page.column()["run"])
    assert ran


def test_a_page_cannot_let_a_function_run_unasked(panel, weather, ran):
    from openrouter_nb.tools import tool

    playground, page = panel("demo/tools", tools=[tool(weather, approve="ask"), tool(_quick, approve="auto")])
    assert "Only Python" in page.op("tool_policy", tool="get_weather", policy="auto")
    assert page.op("tool_policy", tool="_quick", policy="manual") == ""
    assert page.op("tool_policy", tool="_quick", policy="auto") == ""
    assert page.state["policies"] == {
        "get_weather": {"chosen": "ask", "choices": ["ask", "manual"]},
        "_quick": {"chosen": "auto", "choices": ["ask", "auto", "manual"]},
    }
    page.tell("submit", text="How is the weather?")
    page.wait_for(lambda: called(page))
    assert ran == []
    playground.add_tool(tool(_quick, approve="ask"))
    assert page.state["policies"]["_quick"]["chosen"] == "ask"


def _quick(city: str) -> str:
    return city


def cards(page):
    return [
        call for item in page.state["thread"] for card in item["cards"] for call in card.get("tool_calls", ())
    ]


def test_what_is_wrong_or_was_not_offered_is_told_to_the_model_and_never_run(panel, weather, ran, sent):
    from openrouter_nb.tools import tool

    auto = tool(weather, approve="auto")
    for model, words in (
        ("demo/tools-wrong", "the arguments are wrong"),
        ("demo/tools-unknown", "there is no tool"),
    ):
        playground, page = panel(model, tools=[auto])
        before = len(sent())
        page.tell("submit", text="Go")
        page.wait_for(lambda before=before: len(sent()) > before + 1)
        playground.stop()
        assert f"Not run: {words}" in sent()[before + 1]["messages"][-1]["content"]
        assert cards(page)[0]["state"] == "failed"
    assert ran == []


def test_a_question_ends_at_its_limit_of_rounds(panel, weather, ran, sent):
    from openrouter_nb.tools import tool

    playground, _ = panel("demo/tools-endless", tools=[tool(weather, approve="auto")])
    playground.send("in Lyon")
    assert (len(sent()), len(ran)) == (8, 7)
    assert playground.status == "idle"
    assert "Not run: the limit of 8 rounds is reached." in playground.messages[-1]["content"]
    playground.settings["max_rounds"] = 2
    playground.send("in Lyon")
    assert len(sent()) == 10


def test_stop_ends_a_tool_that_runs_and_what_it_was_called_for(panel, sent):
    from openrouter_nb.tools import tool

    ended = threading.Event()

    def endless(city: str) -> None:
        print("waiting in", city)
        try:
            while True:
                time.sleep(0.002)
        finally:
            ended.set()

    playground, page = panel("demo/tools", tools=[tool(endless, approve="auto")])
    page.tell("submit", text="in Lyon")
    page.wait_for(lambda: "waiting in" in "".join(call.get("output", "") for call in cards(page)))
    assert (page.column()["status"], page.column()["run"]) == ("running", None)
    assert page.state["blocked"] == "A tool is running."
    assert playground.status == "running"
    page.tell("stop")
    assert ended.wait(20)
    page.wait_for(lambda: page.column()["status"] == "stopped")
    assert playground.wait(20)
    assert (cards(page)[0]["state"], cards(page)[0]["result"]) == ("failed", "Stopped by the user.")
    assert len(sent()) == 1
    # The call has its result, so that the conversation can continue.
    page.tell("submit", text="And now?")
    page.wait_for(lambda: len(sent()) == 2)
    assert [message["role"] for message in sent()[1]["messages"]] == ["user", "assistant", "tool", "user"]
    page.tell("stop")


def test_stop_while_a_call_waits_runs_nothing(panel, weather, ran, sent):
    playground, page = panel("demo/tools", tools=[weather])
    page.tell("submit", text="How is the weather?")
    place = page.wait_for(lambda: called(page))
    assert playground.wait(20)
    page.tell("stop")
    page.wait_for(lambda: cards(page)[0]["state"] == "failed")
    assert "decided already" in page.op("tool_run", **place)
    assert ran == []
    assert len(sent()) == 1


def test_the_policy_that_is_set_while_the_model_writes_counts(panel, weather, ran):
    from openrouter_nb.tools import tool

    _, page = panel(
        "demo/tools",
        tools=[tool(weather, approve="auto")],
        extra_body={"simulator": {"wait_ms": 300}},
    )
    page.tell("submit", text="How is the weather?")
    assert page.op("tool_policy", tool="get_weather", policy="manual") == ""
    place = page.wait_for(lambda: called(page))
    assert cards(page)[0]["state"] == "unknown"
    assert "enter the result by hand" in page.op("tool_run", **place)
    assert ran == []
    page.tell("stop")


def test_an_answer_in_python_has_the_calls_that_led_to_it(panel, weather):
    from openrouter_nb.tools import tool

    playground, _ = panel("demo/tools", tools=[tool(weather, approve="auto")])
    answer = playground.send("in Lyon")
    assert [call.text for call in answer.calls] == ["sunny"]
    assert [len(result.choices[0].message.tool_calls) for result in answer.earlier] == [1]
    assert (answer.complete, answer.stopped_by) == (True, None)


def test_an_answer_that_a_limit_ended_says_so_in_python(panel, weather):
    from openrouter_nb.tools import tool

    playground, page = panel("demo/tools-endless", tools=[tool(weather, approve="auto")])
    playground.settings["max_rounds"] = 2
    answer = playground.send("in Lyon")
    assert (answer.complete, answer.stopped_by) == (False, "rounds")
    assert page.column()["status"] == "finished"
    playground, _ = panel("demo/tools-identical", tools=[tool(weather, approve="auto")])
    assert playground.send("in Lyon").stopped_by == "identical"


def test_a_call_that_is_decided_after_the_next_question_changes_nothing_of_that(panel, weather, ran, sent):
    _, page = panel("demo/tools", tools=[weather])
    page.tell("submit", text="How is the weather?")
    first = page.wait_for(lambda: called(page))
    page.op("set_model", column=page.column()["id"], model="demo/slow")
    page.tell("submit", text="And now?")
    page.wait_for(lambda: any(delta.get("text") for delta in page.deltas()) and page.column()["run"])
    assert page.op("tool_run", **first) == ""
    page.wait_for(lambda: cards(page)[0]["state"] == "done")
    assert len(ran) == 1
    assert page.column()["run"]
    page.tell("stop")
    page.ended()
    assert [item["role"] for item in page.state["thread"]] == ["user", "assistant", "user", "assistant"]
    assert len(sent()) == 2


def test_results_have_no_place_to_go_to_where_their_answer_was_deleted(panel, sent):
    from openrouter_nb.tools import tool

    begun, go_on = threading.Event(), threading.Event()

    def wait(city: str) -> str:
        begun.set()
        assert go_on.wait(30)
        return city

    playground, page = panel("demo/tools", tools=[tool(wait, approve="auto")])
    page.tell("submit", text="in Lyon")
    assert begun.wait(30)
    assert page.op("delete_message", item=page.last_item()) == ""
    go_on.set()
    assert playground.wait(30)
    assert len(sent()) == 1
    assert page.texts() == [("user", "in Lyon")]
    assert page.state["blocked"] == ""


def test_a_function_of_the_notebook_is_offered(panel, monkeypatch):
    import __main__

    namespace = {}
    exec(
        "def double(x: int) -> int:\n    'Double it.'\n    return 2 * x", {"__name__": "__main__"}, namespace
    )
    monkeypatch.setattr(__main__, "double", namespace["double"], raising=False)
    _, page = panel()
    assert {"name": "double", "about": "def double(x: int) -> int"} in page.ask("variables", use="tool")[
        "variables"
    ]
    assert page.op("tool_from", variable="double") == ""
    (offered,) = page.state["params"]["tools"]
    assert offered["function"]["parameters"]["properties"]["x"]["type"] == "integer"
    assert "Did you mean 'double'" in page.op("tool_from", variable="duble")
    assert "double" in page.state["hints"]["tool_choice"]["choices"]


def test_a_class_of_the_notebook_is_the_form_of_the_answer(panel, monkeypatch, sent):
    from pydantic import BaseModel

    import __main__

    class City(BaseModel):
        name: str
        population: int

    City.__module__ = "__main__"
    monkeypatch.setattr(__main__, "City", City, raising=False)
    _, page = panel("demo/structured")
    assert page.op("schema_from", variable="City") == ""
    page.tell("submit", text="A city.")
    page.ended()
    assert sent()[0]["response_format"]["json_schema"]["name"] == "City"
    assert page.column()["stats"]["schema_note"] == "fits the schema"
    assert set(json.loads(page.texts()[-1][1])) == {"name", "population"}


def test_a_schema_is_judged_where_it_is_written(panel):
    _, page = panel()
    assert page.ask("check_json", text='{"type": "objekt"}', **{"as": "schema"})["problem"]
    assert page.ask("check_json", text='{"type": "object"}', **{"as": "schema"})["problem"] == ""
    wrong = page.ask("check_json", text='{"type":\n "object",}', **{"as": "json"})
    assert (wrong["line"], wrong["problem"] != "") == (2, True)
    bad = {"type": "json_schema", "json_schema": {"name": "x", "schema": {"type": "objekt"}}}
    page.op("set_param", name="response_format", value=bad)
    assert page.state["problems"][0]["field"] == "response_format"
    assert "schema is not valid" in page.state["blocked"]


def _definition(name):
    return {
        "type": "function",
        "function": {"name": name, "parameters": {"type": "object", "properties": {}}},
    }
