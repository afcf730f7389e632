"""Wrong input and broken services: one banner that says what to do, one line of error, a failed cell."""

import json
import socket

import pytest
from support.wire import RawServer, events, reply, say, until_close

BATCH = {"allow_stdin": False}
HTTP = [400, 401, 402, 403, 404, 408, 409, 412, 413, 422, 429, 500, 502, 503, 504, 524, 529]
IN_BAND = [
    "midstream-error",
    "midstream-error-bare",
    "finish-error-native",
    "truncated",
    "cut",
    "reset",
    "bad-json",
    "error-in-200",
    "empty-choices",
    "html-200",
    "redirect",
    "error-401-html",
    "error-502-html",
    "error-500-empty",
]
WITH_PARTIAL = [
    "midstream-error",
    "midstream-error-bare",
    "finish-error-native",
    "truncated",
    "cut",
    "reset",
    "bad-json",
]


def assert_one_banner(run):
    """The shape that every failure has."""
    assert run.reply["status"] == "error"
    *displays, error = run.outputs
    assert len(displays) == 1
    bundle = displays[0]["data"]
    assert set(bundle) == {"text/html", "text/plain"}
    assert bundle["text/html"].count('role="alert"') == 1
    assert bundle["text/plain"].count("✗ ") == 1
    assert len(error.get("traceback", error.get("text", "").splitlines())) == 1
    assert len(json.dumps(run.outputs)) < 3000
    said = run.text + bundle["text/html"]
    assert "user_" not in said
    assert "<html" not in said.lower()
    assert "Traceback" not in said
    return bundle["text/plain"]


@pytest.mark.parametrize("status", HTTP)
def test_a_status_becomes_a_banner(kernel, status):
    run = kernel.chat(f"-m demo/error-{status} --retries 0", **BATCH)
    assert f"status {status}" in assert_one_banner(run)
    assert run.outputs[-1]["traceback"] == [
        (
            f"{run.outputs[-1]['ename']}: {run.text.split('✗ ')[1].splitlines()[0]} (status {status})."
            " The box above says what to do."
        )
    ]


@pytest.mark.parametrize("model", IN_BAND)
def test_a_failure_without_a_status_becomes_a_banner(kernel, model):
    plain = assert_one_banner(kernel.chat(f"-m demo/{model} --retries 0", **BATCH))
    assert ("already paid for" in plain) == (model in WITH_PARTIAL)
    assert "No messages in `main` yet." in kernel.run("%chat_history").text


MEGABYTE = b"x" * 1_000_000
PAGE = b"<!doctype html><html><head><title>Bad gateway</title></head><body><script>x</script>user_2aBcDeFg</body></html>"
BODIES = {
    "json": (
        "application/json",
        b'{"error": {"code": %d, "message": "No, said user_2aBcDeFg"}, "user_id": "user_2aBcDeFg"}',
    ),
    "html": ("text/html", PAGE),
    "empty": ("text/plain", b""),
    "a megabyte of json": ("application/json", b'{"error": {"code": %d, "message": "' + MEGABYTE + b'"}}'),
    "a megabyte of text": ("text/html", b"<html>" + MEGABYTE),
}


@pytest.mark.parametrize("body", BODIES)
def test_whatever_a_status_comes_with_it_is_one_banner_and_the_conversation_stays(kernel, body):
    kind, content = BODIES[body]

    def answer(request):
        if request.body is None:  # the list of models, where the answer is that one is not known
            return reply(b"{}", status="404 Not Found", kind="application/json")
        status = int(request.body["model"].removeprefix("x/"))
        sent = content.replace(b"%d", b"%d" % status)
        return reply(sent, status=f"{status} Said so", kind=kind)

    server = RawServer((answer,))
    kernel.run(f"os.environ['OPENROUTER_BASE_URL'] = {server.base_url!r}")
    try:
        for status in HTTP:
            run = kernel.chat(f"-m x/{status} --retries 0", **BATCH)
            assert f"status {status}" in assert_one_banner(run)
        assert len([request for request in server.requests if request.body]) == len(HTTP)
    finally:
        server.close()
    assert "No messages in `main` yet." in kernel.run("%chat_history").text


VALUES = """
import sys, pandas
a_none, a_text, a_list, a_frame = None, "some words", [3], pandas.DataFrame({"a": [1, 2]})
class a_class: pass
def helper(city: str) -> str: return city
"""


@pytest.mark.parametrize(
    ("options", "prompt", "words"),
    [
        ("--temprature 1", "Hello", "Did you mean '--temperature'?"),
        ("-t 9", "Hello", "0 to 2"),
        ("--retries many", "Hello", "a whole number from 0 to 10"),
        ("--retries 11", "Hello", "a whole number from 0 to 10"),
        ("--timeout 0", "Hello", "a number from 0.1 to 86,400"),
        ("-m", "Hello", "needs a value"),
        ("", " ", "There is no prompt"),
        ("", "{{undefinde}}", "'undefinde' is not defined"),
        ("", "{{1 / 0}}", "ZeroDivisionError"),
        ("", "{{object()}}", "cannot be converted to a prompt"),
        ("", "{{not code", "without }}"),
        ("", "{{#if x}}", "is not a Python expression"),
        ("sk-or-v1-0123456789abcdef", "Hello", "contains an API key"),
        ("", f"My key is sk-or-v1-{'0123456789abcdef' * 4}", "contains an API key"),
        ("openai/gpt-5-mini", "Hello", "Write -m openai/gpt-5-mini"),
        ("-t 1 demo/made-up-7b", "Hello", "Write -m demo/made-up-7b"),
        ("-m {{undefinde}}", "Hello", "'undefinde' is not defined"),
        ("--max-cost free", "Hello", "from 0 to 1,000,000"),
        ("-i nothing_there", "Hello", "No variable or file named nothing_there."),
        ("-i absent.png", "Hello", "absent.png cannot be read: No such file"),
        ("-i a_none", "Hello", "a_none is None. An image is a figure, a PIL image"),
        ("-i a_text", "Hello", "a_text is of type str, not an image. An image is a figure"),
        ("--file a_txt", "Hello", "Did you mean 'a_text'?"),
        ("-i https://", "Hello", "the host is missing"),
        ("--tools a_list", "Hello", "--tools a_list: A tool is a function or a name, not int."),
        (
            "--tools a_text",
            "Hello",
            "a_text is of type str, and neither a function of this notebook nor a tool",
        ),
        ("--tools sys", "Hello", "sys is of type module, and neither"),
        ("--tools helpr", "Hello", "Did you mean 'helper'?"),
        ("--tools opne", "Hello", "nor a tool of OpenRouter. Functions here: "),
        ("--tools a_frame", "Hello", "a_frame is of type DataFrame, and neither"),
        (
            "--tools a_class",
            "Hello",
            "--tools a_class: a_class is a class. Write a function that creates an instance.",
        ),
        (
            "--schema a_frame",
            "Hello",
            "--schema a_frame: A value of type DataFrame has no form in JSON. A dataclass, a pydantic class, a TypedDict",
        ),
        (
            "--schema a_class",
            "Hello",
            "a_class has no form in JSON. A dataclass, a pydantic class and a TypedDict",
        ),
    ],
)
def test_a_typing_error_sends_nothing(kernel, simulator, options, prompt, words):
    kernel.run(VALUES)
    assert words in assert_one_banner(kernel.chat(options, prompt, **BATCH))
    assert simulator.requests == []


def test_the_functions_of_ipython_are_not_offered_as_tools(kernel):
    kernel.run("def helper(city: str) -> str: return city")
    banner = assert_one_banner(kernel.chat("--tools zzz", "Hello", **BATCH))
    names = banner.partition("Functions here: ")[2].partition(".")[0].split(", ")
    assert names != [""]
    assert {"exit", "quit", "open", "get_ipython"}.isdisjoint(names)


@pytest.mark.parametrize("line", ["yes/no", "either and/or both", "src/main.py", "-- openai/gpt-5-mini?"])
def test_words_with_a_slash_are_words(kernel, simulator, line):
    assert kernel.chat(line, "Hello", **BATCH).reply["status"] == "ok"
    said = simulator.requests[0].body["messages"][0]["content"]
    assert said == f"{line.removeprefix('-- ')}\n\nHello"


def test_an_option_after_the_words_is_sent_as_text_and_the_footer_says_so(kernel, simulator):
    run = kernel.chat("-m demo/parrot Explain -t of tar", **BATCH)
    assert "-t was sent as text: options go before the words" in run.text
    assert "temperature" not in simulator.requests[0].body


def test_a_retry_takes_no_prompt(kernel, simulator):
    kernel.chat("-m demo/parrot", **BATCH)
    assert "write a new one below %%chat" in kernel.run("%%chat_retry\nAnother", **BATCH).text
    assert len(simulator.requests) == 1


def test_a_loop_may_name_its_variables_in_options(kernel, simulator):
    kernel.run(
        "for model in ['demo/parrot', 'demo/reasoner']:\n    %chat -q --once -m {{model}} -t {{0.5}} Hi",
        **BATCH,
    )
    bodies = [request.body for request in simulator.requests]
    assert [body["model"] for body in bodies] == ["demo/parrot", "demo/reasoner"]
    assert [body["temperature"] for body in bodies] == [0.5, 0.5]
    kernel.run("model = 'demo/tour'\n%chat_retry -q -m {{model}}", **BATCH)
    assert simulator.requests[-1].body["model"] == "demo/tour"


def test_a_wrong_model_is_answered_with_the_nearest_even_where_no_list_was_fetched(kernel, simulator):
    plain = assert_one_banner(kernel.chat("-m demo/parot", **BATCH))
    assert "✗ No such model" in plain
    assert "Did you mean demo/parrot" in plain
    assert plain.count("\n    %chat_retry -m demo/parrot\n") == 1
    kernel.run("%chat_retry -m demo/parrot", **BATCH)
    assert [request.path for request in simulator.requests if request.method == "GET"] == ["/api/v1/models"]


def test_no_key_is_said_before_anything_is_sent(kernel):
    kernel.run("del os.environ['OPENROUTER_BASE_URL']")
    run = kernel.chat("-m a/b", **BATCH)
    assert "✗ No API key" in assert_one_banner(run)
    assert remedy(run) == "%chat_key\n%chat_retry"
    assert run.outputs[-1]["ename"] == "MissingAPIKeyError"


def test_a_refused_port_is_no_connection(kernel):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    kernel.run(f"os.environ['OPENROUTER_BASE_URL'] = 'http://127.0.0.1:{port}/api/v1'")
    assert "✗ No connection" in assert_one_banner(kernel.chat("-m a/b", **BATCH))


@pytest.mark.parametrize(
    "address", ["http://example.org/api/v1", "ftp://x", "https://user:pw@openrouter.ai/api/v1", "nonsense"]
)
def test_a_wrong_address_is_refused(kernel, address):
    kernel.run(f"os.environ['OPENROUTER_BASE_URL'] = {address!r}")
    assert "✗ The request was not sent" in assert_one_banner(kernel.chat("-m a/b", **BATCH))


@pytest.mark.parametrize(
    "broken", ["execution.footer", "execution.result_bundle", "execution.EventDisplay.show"]
)
def test_a_fault_of_our_own_ends_the_view_and_is_not_swallowed(kernel, broken):
    kernel.run(f"from openrouter_nb.live import execution\nkept = {broken}\n{broken} = None")
    run = kernel.chat("", **BATCH)
    kernel.run(f"{broken} = kept")
    assert run.reply["ename"] == "TypeError"
    (display,) = [output for output in run.outputs if output["output_type"] != "error"]
    assert "✗ Error in openrouter-nb" in display["data"]["text/plain"]
    assert "connecting" not in run.text


def remedy(run):
    """The lines to run that a banner names."""
    plain = run.outputs[0]["data"]["text/plain"]
    return "\n".join(line[4:] for line in plain.splitlines() if line.startswith("    %"))


@pytest.mark.parametrize(
    ("options", "sent"),
    [
        ("-m demo/error-402 -n 9000", {"max_completion_tokens": 3919}),
        ("-m demo/error-413", {"model": "demo/error-413"}),
        ("-m demo/error-500 -t 0.5", {"temperature": 0.5}),
        ("-m demo/error-408 -c side", {"model": "demo/error-408"}),
    ],
)
def test_the_line_that_a_banner_names_asks_the_same_again(kernel, simulator, options, sent):
    run = kernel.chat(f"{options} --retries 0", "My question", **BATCH)
    again = kernel.run(remedy(run), **BATCH)
    assert again.reply["status"] == "error"  # as the model's name says
    bodies = [request.body for request in simulator.requests]
    assert len(bodies) == 2
    assert bodies[1]["messages"] == [{"role": "user", "content": "My question"}]
    assert sent.items() <= bodies[1].items()


def test_in_a_column_it_asks_that_model_alone(kernel, simulator):
    run = kernel.chat("-m demo/parrot,demo/error-500 --retries 0", **BATCH)
    assert remedy(run) == "%chat_retry -m demo/error-500"
    kernel.run(remedy(run), **BATCH)
    assert [request.body["model"] for request in simulator.requests][2:] == ["demo/error-500"]


def test_what_was_no_question_is_not_answered_by_asking_one(kernel, simulator):
    kernel.chat("", "Paid for", **BATCH)
    kernel.run("os.environ['OPENROUTER_BASE_URL'] = 'http://127.0.0.1:1/api/v1'")
    run = kernel.run("%chat_models gpt", **BATCH)
    assert remedy(run) in ("%chat_models gpt", "")
    kernel.run("from openrouter_nb import compare, OpenRouter")
    run = kernel.run(
        f"compare('Hi', ['demo/parrot', 'demo/error-500'], client=OpenRouter(server_url={simulator.base_url!r}, retry_config=None))"
    )
    assert "✗ OpenRouter failed" in run.text
    assert "%chat" not in run.text


def test_run_all_stops_at_a_failed_cell(kernel, simulator):
    # Seconds for which the kernel aborts what it receives after a failed cell.
    kernel.run("get_ipython().kernel.stop_on_error_timeout = 1")
    failed = kernel.start("%%chat -m demo/midstream-error -p simulator.hold_after=1\nHello", **BATCH)
    failed.until(lambda: simulator.requests)
    after = kernel.start("print('after')", **BATCH)
    simulator.release()
    failed.finish()
    after.until(lambda: after.reply)
    assert after.reply["status"] == "aborted"
    while kernel.run("get_ipython().kernel.stop_on_error_timeout = 0").reply["status"] == "aborted":
        pass


def test_each_retry_is_said_while_it_waits(kernel, simulator):
    run = kernel.chat("-m demo/error-429 --retries 1", **BATCH)
    said = [str(message.content.get("data")) for message in run.published if "display" in message.type]
    assert any("Too many requests: trying again in 1 s" in text for text in said)
    assert len(simulator.exchanges) == 2
    assert "✗ Too many requests" in run.text
    assert "tried 2 times" in run.text


def test_what_no_retry_helps_is_sent_once(kernel, simulator):
    kernel.chat("-m demo/error-401", **BATCH)
    assert len(simulator.exchanges) == 1


def test_a_silent_answer_ends_at_the_timeout(kernel):
    assert (
        "Nothing of the answer arrived for 0.5 s" in kernel.chat("-m demo/stall --timeout 0.5", **BATCH).text
    )


def test_an_empty_answer_is_one_banner_and_no_turn(kernel):
    left = [events(), events({"choices": None}), events(say("x", "stop"))]

    def answer(request):
        if request.body is None:
            return reply(b"{}", status="404 Not Found", kind="application/json")
        return until_close(left.pop(0))

    server = RawServer((answer,))
    kernel.run(f"os.environ['OPENROUTER_BASE_URL'] = {server.base_url!r}")
    try:
        for _ in range(2):
            assert "The service sent an empty answer." in assert_one_banner(
                kernel.chat("-m m --retries 0", **BATCH)
            )
        assert kernel.chat("-m m --retries 0", "again", **BATCH).reply["status"] == "ok"
        assert [message["content"] for message in server.requests[-1].body["messages"]] == ["again"]
    finally:
        server.close()
