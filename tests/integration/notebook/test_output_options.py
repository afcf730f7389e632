"""How an answer is shown and kept: -f, -q, --code, --no-stream, --show-reasoning, --on-error."""

import json

from support.says import says

BATCH = {"allow_stdin": False}
CODE = "Do this:\n\n```python\nx = 1\n```\n\nthen\n\n```py\nprint(x)\n```\n"


def html(run):
    return run.outputs[0]["data"]["text/html"]


def test_plain_text_stands_as_it_is(kernel):
    shown = html(kernel.chat(f"-m demo/tour -f text {says('# *a* <b>')}", **BATCH))
    assert "# *a* &lt;b&gt;</pre>" in shown
    assert "<h1>" not in shown


def test_json_is_shown_in_colour_and_has_its_value(kernel):
    run = kernel.chat("-m demo/parrot -f json", '{"a": [1, "x"]}', **BATCH)
    assert '"a": [\n    1,' in run.text
    assert kernel.run("print(_.parsed['a'])").text == "[1, 'x']\n"


def test_json_that_is_none_is_shown_and_said(kernel):
    run = kernel.chat("-m demo/parrot -f json", "no", **BATCH)
    assert "The answer is not JSON." in run.text
    assert kernel.run("print(_.parsed)").text == "None\n"


def test_code_alone_is_shown_without_the_prose(kernel):
    run = kernel.chat(f"-m demo/tour -f code {says(CODE)}", **BATCH)
    assert "print(x)" in run.text
    assert "then" not in run.text
    assert kernel.run("print(_.code)").text == "x = 1\n\nprint(x)\n"


def test_code_goes_into_a_cell_below_where_there_is_a_notebook(kernel):
    run = kernel.chat(f"-m demo/tour --code {says(CODE)}", allow_stdin=True)
    assert run.reply["payload"] == [
        {"source": "set_next_input", "text": "x = 1\n\nprint(x)", "replace": False}
    ]
    assert "its code is in a new cell below" in run.text


def test_code_that_cannot_be_put_anywhere_is_said(kernel):
    assert "its code is in _.code" in kernel.chat(f"-m demo/tour --code {says(CODE)}", **BATCH).text
    assert "no code in it" in kernel.chat(f"-m demo/tour --code {says('prose')}", **BATCH).text


def test_quiet_shows_nothing_and_keeps_the_answer(kernel):
    assert kernel.chat("-m demo/parrot -q -o kept", "word", **BATCH).outputs == []
    assert kernel.run("print(kept.text, _.text)").text == "word word\n"


def test_quiet_still_shows_a_failure(kernel):
    run = kernel.chat("-m demo/error-401 -q --retries 0", **BATCH)
    assert run.outputs[0]["output_type"] == "display_data"
    assert run.reply["status"] == "error"


def test_the_whole_answer_at_once_ends_in_the_same_cell(kernel, simulator):
    whole = kernel.chat("-m demo/tour --no-stream --once", **BATCH)
    streamed = kernel.chat("-m demo/tour --once", **BATCH)
    assert simulator.requests[0].body["stream"] is False
    body, _, foot = html(whole).rpartition("<div")
    assert body == html(streamed).rpartition("<div")[0]
    assert "tokens" in foot


def test_a_failure_of_the_whole_answer_is_a_banner(kernel):
    run = kernel.chat("-m demo/error-500 --no-stream --retries 0", **BATCH)
    assert 'role="alert"' in html(run)
    assert run.reply["status"] == "error"


def test_reasoning_is_unfolded_where_that_is_asked_for(kernel):
    assert "<details open>" in html(kernel.chat("-m demo/reasoner --show-reasoning", **BATCH))
    assert "<details>" in html(kernel.chat("-m demo/reasoner", **BATCH))


def test_a_failure_that_only_shows_lets_the_run_go_on(kernel, simulator):
    kernel.chat("", "one", **BATCH)
    run = kernel.chat("-m demo/error-500 --retries 0 --on-error banner -o kept", "two", **BATCH)
    assert run.reply["status"] == "ok"
    assert 'role="alert"' in html(run)
    assert kernel.run("print(kept)").text == "None\n"
    kernel.chat("", "three", **BATCH)
    assert len(simulator.requests[-1].body["messages"]) == 3


def test_settings_hold_where_the_options_say_nothing(kernel):
    kernel.run(
        "%config ChatMagics.format = 'text'\n%config ChatMagics.on_error = 'banner'\n%config ChatMagics.retries = 0"
    )
    assert "<pre" in html(kernel.chat(f"-m demo/tour {says('# a')}", **BATCH))
    assert "<h1>" in html(kernel.chat(f"-m demo/tour -f md {says('# a')}", **BATCH))
    assert kernel.chat("-m demo/error-500", **BATCH).reply["status"] == "ok"
    assert kernel.chat("-m demo/error-500 --on-error raise", **BATCH).reply["status"] == "error"


def test_a_request_is_shown_as_it_would_go_over_the_wire(kernel, simulator):
    kernel.chat("-m demo/parrot -s sys", "one", **BATCH)
    line = "-m demo/parrot -t 0.5 -n 50 -p newer=1 --no-stream"
    run = kernel.chat(f"{line} --dry-run", "two", **BATCH)
    shown = json.loads(run.outputs[0]["data"]["text/plain"].split("```")[1].removeprefix("json"))
    kernel.chat(line, "two", **BATCH)
    assert shown == simulator.requests[-1].body
    assert list(shown) == list(simulator.requests[-1].body)


def test_a_dry_run_shows_no_key_and_what_would_be_refused(kernel):
    kernel.run("value = 'sk-or-v1-0123456789abcdef'")
    assert "key [hidden]" in kernel.chat("--dry-run", "key {{value}}", **BATCH).text
    run = kernel.chat("--dry-run -p reasoning.effort=5", **BATCH)
    assert "reasoning.effort" in run.text
    assert run.reply["status"] == "error"
