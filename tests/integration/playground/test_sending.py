"""Asking: what is sent, what comes back, and how it ends."""

import json
import threading

import pytest
from support.wire import RawServer, events, reply, say, until_close

from openrouter_nb import OpenRouter, Playground, errors, tool
from openrouter_nb.components.catalog import ListEndpointsResponse


def test_a_question_from_the_composer_is_answered_in_the_thread(panel, sent):
    playground, page = panel()
    assert page.tell("submit", text="Hello") == ""
    page.ended()
    assert page.texts() == [("user", "Hello"), ("assistant", "Hello")]
    assert sent() == [
        {"model": "demo/parrot", "messages": [{"role": "user", "content": "Hello"}], "stream": True}
    ]
    assert playground.result.text == "Hello"
    assert playground.cost == page.state["session"]["cost"] > 0
    assert page.state["session"]["calls"] == 1
    assert page.column()["stats"]["tokens_out"] > 0
    assert playground.status == page.column()["status"].replace("finished", "idle")


def test_deltas_are_numbered_and_add_up_to_the_answer(panel):
    _, page = panel("demo/firehose")
    page.tell("submit", text="Go")
    page.ended()
    deltas = page.deltas()
    assert [delta["seq"] for delta in deltas] == list(range(1, len(deltas) + 1))
    assert "".join(delta.get("text", "") for delta in deltas) == page.texts()[-1][1]
    assert deltas[-1]["phase"] == "finished"


def test_a_snapshot_holds_what_deltas_have_said_so_far(panel):
    _, page = panel("demo/slow")
    page.tell("submit", text="Go")
    page.wait_for(lambda: sum(1 for delta in page.deltas() if delta.get("text")) > 2)
    (snapshot,) = page.controller.panel_traits()["live"].values()
    told = [delta for delta in page.deltas() if delta["seq"] <= snapshot["seq"]]
    assert snapshot["text"] == "".join(delta.get("text", "") for delta in told) != ""
    assert page.tell("stop") == ""
    page.ended()
    assert page.controller.panel_traits()["live"] == {}


def test_stop_closes_the_request_and_keeps_what_arrived(panel):
    playground, page = panel("demo/slow")
    page.tell("submit", text="Go")
    page.wait_for(lambda: any(delta.get("text") for delta in page.deltas()))
    page.tell("stop")
    page.ended()
    assert page.column()["status"] == "stopped"
    assert page.column()["stats"]["end"] == "stopped"
    assert page.texts()[-1][0] == "assistant"
    assert playground.result.complete is False


def test_four_columns_are_asked_at_once_and_one_failure_stops_nobody(panel):
    models = ["demo/parrot", "demo/error-502", "demo/slow", "demo/reasoner"]
    playground, page = panel(models)
    page.op("set_setting", name="max_retries", value=0)
    page.tell("submit", text="Hello")
    page.wait_for(lambda: page.column(1)["banner"] is not None)
    slow = page.column(2)["run"]
    page.wait_for(lambda: any(delta["run"] == slow and delta.get("text") for delta in page.deltas()))
    assert page.column(2)["run"] is not None
    page.tell("stop", column=page.column(2)["id"])
    page.ended()
    assert [column["status"] for column in page.state["columns"]] == [
        "finished",
        "failed",
        "stopped",
        "finished",
    ]
    assert [answer is not None for answer in playground.results] == [True, False, True, True]
    cards = page.state["thread"][-1]["cards"]
    assert {card["column"] for card in cards} == {page.column(i)["id"] for i in (0, 2, 3)}


def test_each_column_goes_on_from_its_own_answers(panel, sent):
    _, page = panel(["demo/parrot", "demo/echo"])
    page.tell("submit", text="One")
    page.ended()
    page.tell("submit", text="Two")
    page.ended()
    later = {body["model"]: body["messages"] for body in sent()[2:]}
    assert later["demo/parrot"][1]["content"] == "One"
    assert '"model": "demo/echo"' in later["demo/echo"][1]["content"]


def test_a_column_that_has_not_spoken_hears_the_first(panel, sent):
    _, page = panel("demo/parrot")
    page.tell("submit", text="One")
    page.ended()
    page.op("add_column", model="demo/echo")
    page.tell("submit", text="Two")
    page.ended()
    roles = [[message["role"] for message in body["messages"]] for body in sent()[1:]]
    assert roles == [["user", "assistant", "user"]] * 2


def test_send_in_python_waits_and_returns_the_answer():
    playground = Playground("demo/parrot", system="Be kind.")
    answer = playground.send("Hello")
    assert answer.text == "Hello"
    assert playground.result is answer
    assert [message["role"] for message in playground.messages] == ["system", "user", "assistant"]


def test_send_in_python_raises_when_everybody_failed():
    playground = Playground("demo/error-401")
    with pytest.raises(errors.UnauthorizedError):
        playground.send("Hello")
    assert playground.status == "failed"
    assert [message["role"] for message in playground.messages] == ["user"]


def test_what_python_sets_is_in_the_panel(panel):
    playground, page = panel()
    playground.params["temperature"] = 0.3
    playground.messages.append({"role": "user", "content": "From Python"})
    playground.model = "demo/echo"
    assert page.state["params"] == {"temperature": 0.3}
    assert page.texts() == [("user", "From Python")]
    assert page.column()["model"] == "demo/echo"


def test_what_python_changes_deep_within_is_in_the_panel_too(panel):
    playground, page = panel(messages=[{"role": "user", "content": "One"}], extra_body={"simulator": {}})
    playground.params["extra_body"]["simulator"]["pace_ms"] = 1
    playground.params = dict(playground.params)
    playground.messages[0]["content"] = "Two"
    assert page.state["params"] == {"extra_body": {"simulator": {"pace_ms": 1}}}
    assert playground.request["simulator"] == {"pace_ms": 1}
    assert page.texts() == [("user", "Two")]
    assert type(playground.request["simulator"]) is dict


def test_answers_of_the_simulator_are_marked_so(panel):
    _, page = panel()
    assert page.state["connection"]["badge"] == "on this machine"
    page.ask("models")
    page.op("set_param", name="seed", value=1)
    assert page.state["connection"]["badge"] == "simulated"


def test_what_the_panel_sets_is_in_python(panel):
    playground, page = panel()
    seen = []
    playground.observe(lambda change: seen.append(dict(change["new"])), "params")
    page.op("set_param", name="reasoning.effort", value="low")
    page.op("set_param", name="seed", value=7)
    page.op("null_param", name="temperature")
    page.op("unset_param", name="seed")
    assert playground.params == {"reasoning": {"effort": "low"}, "temperature": None}
    assert len(seen) == 4
    assert playground.request["temperature"] is None


def test_a_wrong_name_is_named_with_the_nearest():
    with pytest.raises(TypeError, match="Did you mean 'temperature'"):
        Playground(temprature=1)
    playground = Playground()
    with pytest.raises(Exception, match="Did you mean 'seed'"):
        playground.params["sed"] = 1
    assert playground.params == {}


def test_an_invalid_value_disables_send_and_says_why(panel, sent):
    _, page = panel()
    page.op("set_param", name="temperature", value=3)
    assert page.state["problems"][0]["field"] == "temperature"
    assert page.state["blocked"] == "temperature takes 0 to 2, not 3."
    assert page.tell("submit", text="Hello") == page.state["blocked"]
    assert sent() == []


def test_a_parameter_that_the_model_lacks_is_kept_and_not_sent(panel, sent):
    playground, page = panel()
    page.ask("models")
    page.op("set_param", name="top_a", value=0.5)
    ignored = page.state["ignored"]["top_a"]
    assert ignored["columns"] == [page.column()["id"]]
    assert ignored["message"] == "Stored, not sent: demo/parrot does not support it."
    page.tell("submit", text="One")
    page.ended()
    page.op("force_param", name="top_a", on=True)
    assert page.state["ignored"] == {}
    page.tell("submit", text="Two")
    page.ended()
    assert ["top_a" in body for body in sent()] == [False, True]
    assert playground.params == {"top_a": 0.5}


def test_a_parameter_that_the_model_lacks_names_models_that_support_it(panel):
    _, page = panel()
    page.ask("models")
    page.op("set_param", name="logprobs", value=True)
    lacks = "Stored, not sent: demo/parrot does not support it."
    assert page.state["ignored"]["logprobs"]["message"] == f"{lacks} Supported by demo/logprobs."


def test_a_parameter_of_excluded_endpoints_names_those_that_support_it(panel):
    playground, page = panel()
    page.ask("models")
    endpoints = [
        {"tag": "one", "supported_parameters": ["seed"]},
        {"tag": "two/fp8", "supported_parameters": ["seed", "temperature"]},
    ]
    catalog = playground._controller.state.catalog
    catalog.endpoints["demo/parrot"] = ListEndpointsResponse.model_validate(
        {"id": "demo/parrot", "endpoints": endpoints}
    )
    page.op("set_param", name="provider.ignore", value=["two"])
    page.op("set_param", name="temperature", value=0.5)
    assert page.state["ignored"]["temperature"]["message"] == (
        "Stored, not sent: demo/parrot supports it on two/fp8 only, which the routing preferences exclude."
    )
    page.op("unset_param", name="provider.ignore")
    assert page.state["ignored"] == {}


def test_a_parameter_turns_on_the_switch_that_it_requires_and_off_again(panel):
    playground, page = panel("demo/logprobs")
    column = page.column()["id"]

    def steps(*steps, **more):
        for op, name, *value in steps:
            page.op(op, name=name, **({"value": value[0]} if value else {}), **more)
            assert page.state["blocked"] == ""

    steps(("set_param", "top_logprobs", 2))
    assert playground.params == {"top_logprobs": 2, "logprobs": True}
    steps(("set_param", "top_logprobs", 3), ("unset_param", "top_logprobs"))
    assert playground.params == {}
    # What the user has turned on stays on.
    steps(("set_param", "logprobs", True), ("set_param", "top_logprobs", 2), ("unset_param", "top_logprobs"))
    assert playground.params == {"logprobs": True}
    # Without the switch, what requires it is not valid.
    for off in (("set_param", "logprobs", False), ("null_param", "logprobs"), ("unset_param", "logprobs")):
        steps(("set_param", "top_logprobs", 2), off)
        assert "top_logprobs" not in playground.params
    assert playground.params == {}
    # In one column, over the switch of all columns.
    steps(("set_param", "top_logprobs", 2), ("unset_param", "top_logprobs"), column=column)
    assert page.column()["overrides"] == {}
    steps(("set_param", "logprobs", True))
    steps(("set_param", "top_logprobs", 2), column=column)
    assert page.column()["overrides"] == {"top_logprobs": 2}
    # Values of Python are the user's.
    steps(("unset_param", "top_logprobs"), column=column)
    steps(("unset_param", "logprobs"), ("set_param", "top_logprobs", 2))
    playground.params = {"logprobs": True, "top_logprobs": 3}
    steps(("unset_param", "top_logprobs"))
    assert playground.params == {"logprobs": True}


def test_a_word_is_no_token_id(panel, sent):
    _, page = panel(logit_bias={"hello": 5})
    assert page.state["problems"][0]["field"] == "logit_bias"
    assert page.state["blocked"] == "logit_bias takes token ids, such as 50256, not 'hello'."
    assert page.tell("submit", text="Hello") == page.state["blocked"]
    assert sent() == []


def test_messages_from_several_threads_are_carried_out_one_after_the_other(panel):
    playground, page = panel()
    threads = [
        threading.Thread(
            target=page.op, args=("insert_message",), kwargs={"index": 0, "role": "user", "text": str(i)}
        )
        for i in range(16)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(message["content"] for message in playground.messages) == sorted(map(str, range(16)))


def test_an_answer_says_where_python_has_it(panel, monkeypatch):
    import __main__

    playground, page = panel("demo/parrot")
    monkeypatch.setattr(__main__, "bench", playground, raising=False)
    page.tell("submit", text="One")
    page.ended()
    page.tell("submit", text="Two")
    page.ended()
    named = [item["cards"][0]["stats"]["variable"] for item in page.state["thread"][1::2]]
    assert named == ["", "bench.result"]
    assert playground.result.text == "Two"


@pytest.mark.parametrize(
    ("model", "said"),
    [
        ("demo/parrot", ["128K context"]),
        ("demo/parrot:nitro", ["128K context"]),
        ("nobody/knows-this", ["not in the list of models"]),
        ("@preset/mine", []),
    ],
)
def test_the_model_line_says_where_nothing_is_known(panel, model, said):
    _, page = panel("demo/tour")
    column = page.column()["id"]
    page.op("set_model", column=column, model="demo/reasoner")
    page.wait_for(lambda: page.column()["summary"])
    assert page.op("set_model", column=column, model=model) == ""
    page.wait_for(lambda: page.column()["model"] == model)
    assert page.column()["summary"][:1] == said


def test_lone_surrogates_become_replacement_characters(panel, sent):
    playground, page = panel("demo/parrot")
    assert page.tell("submit", text="caf\udce9 \ud83d") == ""
    page.ended()
    assert page.texts() == [("user", "caf\ufffd \ufffd"), ("assistant", "caf\ufffd \ufffd")]
    playground.send("\ud83d\ude00 \udcb0")
    assert sent()[-1]["messages"][-1]["content"] == "\U0001f600 \ufffd"
    json.dumps([page.state, [message for message, _ in page.messages]], ensure_ascii=False).encode()


@pytest.fixture
def odd():
    """Return a playground of a server that gives one response after the other, and the server."""
    opened = []

    def start(*responses, **options):
        left = list(responses)

        def answer(request):
            if request.body is None:  # the list of models
                return reply(b'{"data": []}', kind="application/json")
            return left.pop(0)

        server = RawServer((answer,))
        client = OpenRouter("sk-or-v1-test", server_url=server.base_url, retry_config=None)
        opened.extend((server, client))
        return Playground("m", client=client, **options), server

    yield start
    for each in opened:
        each.close()


def bodies(server):
    return [request.body for request in server.requests if request.body is not None]


def test_an_empty_answer_is_an_error_and_not_sent_back(odd):
    playground, server = odd(until_close(events()), until_close(events(say("x", "stop"))))
    playground.settings = {"max_retries": 0}
    with pytest.raises(errors.EmptyAnswerError):
        playground.send("a")
    assert playground.send("b").text == "x"
    assert all(message["role"] == "user" for message in bodies(server)[-1]["messages"])


def test_calls_without_ids_are_distinct_and_their_results_matched(odd):
    def square(x: int) -> int:
        """Square a number."""
        return x * x

    fragments = [
        {"index": 0, "id": "", "function": {"name": "square", "arguments": f'{{"x": {x}}}'}} for x in (2, 3)
    ]
    chunks = [{"choices": [{"index": 0, "delta": {"tool_calls": [fragment]}}]} for fragment in fragments]
    playground, server = odd(
        until_close(events(*chunks, say(None, "tool_calls"))),
        until_close(events(say("ok", "stop"))),
        tools=[tool(square, approve="auto")],
    )
    assert playground.send("q").text == "ok"
    *_, asked, first, second = bodies(server)[-1]["messages"]
    assert [call["id"] for call in asked["tool_calls"]] == [first["tool_call_id"], second["tool_call_id"]]
    assert [first["content"], second["content"]] == ["4", "9"]


def test_an_exception_at_the_end_of_a_run_is_raised_and_frees_the_panel(panel, monkeypatch):
    playground, page = panel()
    usage = playground._controller.state.usage
    with monkeypatch.context() as patched:
        patched.setattr(usage, "rows", None)  # to which the end of a run appends
        with pytest.raises(errors.OpenRouterError, match="AttributeError"):
            playground.send("Hi")
        page.ended()
        assert page.column()["status"] == "failed"
    assert playground.send("Again").text == "Again"
