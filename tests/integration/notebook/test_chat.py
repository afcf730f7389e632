"""`%%chat` in a real kernel: what is sent, what stays, what is remembered."""

import json

import pytest

BATCH = {"allow_stdin": False}


def sent(simulator):
    return [request.body for request in simulator.requests if request.path.endswith("/chat/completions")]


def test_the_answer_stays_as_html_and_text_with_its_facts(kernel):
    run = kernel.chat("-m demo/tour", **BATCH)
    assert run.reply["status"] == "ok"
    (output,) = run.outputs
    assert set(output["data"]) == {"text/html", "text/plain"}
    assert '<h1 dir="auto" style="text-align:start">A tour' in output["data"]["text/html"]
    assert output["metadata"]["openrouter_nb"]["finish_reason"] == "stop"
    assert output["metadata"]["openrouter_nb"]["cost"] > 0
    assert "main, turn 1" in output["data"]["text/plain"].splitlines()[-1]


def test_nothing_is_sent_but_what_was_asked_for(kernel, simulator):
    kernel.chat("", "Hello", **BATCH)
    assert sent(simulator) == [
        {"model": "demo/echo", "messages": [{"role": "user", "content": "Hello"}], "stream": True}
    ]


def test_braces_dollars_and_quotes_reach_the_model_as_they_are(kernel, simulator):
    prompt = """print({"foo": 1}) {x} ${y} $HOME \\(a_b\\) \\frac{a}{b} f"{z!r}" %s don't"""
    kernel.chat("", prompt, **BATCH)
    assert sent(simulator)[0]["messages"][-1]["content"] == prompt


def test_double_braces_are_evaluated_once(kernel, simulator):
    kernel.run("x, y = 6, '{{x}} {x}'")
    kernel.chat("", "{{x * 7}} and {{ y }} and {{ {'a': {'b': 1}}['a'] }}", **BATCH)
    content = sent(simulator)[0]["messages"][0]["content"]
    assert content == '42 and {{x}} {x} and {\n  "b": 1\n}'


def test_raw_leaves_double_braces_alone(kernel, simulator):
    kernel.chat("--raw", "${{ secrets.TOKEN }} {{#if}}", **BATCH)
    assert sent(simulator)[0]["messages"][0]["content"] == "${{ secrets.TOKEN }} {{#if}}"


def test_a_cut_value_is_said_in_the_footer(kernel):
    kernel.run("long = 'x' * 300_000")
    assert "long: 200,000 of 300,000 characters" in kernel.chat("-m demo/tour", "{{long}}", **BATCH).text


def test_a_picture_and_a_file_go_along(kernel, simulator, tmp_path):
    (tmp_path / "note.txt").write_text("forty-two")
    kernel.run(f"%cd -q {tmp_path}\npicture = b'\\x89PNG\\r\\n\\x1a\\n'")
    run = kernel.chat("-i picture --file note.txt", "Compare", **BATCH)
    content = sent(simulator)[0]["messages"][0]["content"]
    assert [part["type"] for part in content] == ["text", "image_url", "text"]
    assert "forty-two" in content[2]["text"]
    assert "main, turn 1 · picture, 8 bytes · note.txt, 9 bytes" in run.text


def test_out_names_the_answer(kernel):
    kernel.chat("-m demo/parrot -o reply", "Hello", **BATCH)
    assert kernel.run("print(reply.text, reply is _)", **BATCH).text == "Hello True\n"


@pytest.mark.parametrize(
    "cell",
    ["%chat -m demo/parrot Hello", "x = %chat -m demo/parrot Hello\nx", "y = 1\n%chat -m demo/parrot Hello"],
    ids=["alone", "assigned and shown", "among code"],
)
def test_one_line_is_enough(kernel, simulator, cell):
    run = kernel.run(cell, **BATCH)
    assert run.reply["status"] == "ok", run.text
    assert len(run.outputs) == 1
    assert sent(simulator)[0]["messages"][-1]["content"] == "Hello"


def test_an_assigned_answer_is_drawn_once_by_its_cell_and_again_by_another(kernel):
    assert len(kernel.run("x = %chat -m demo/parrot Hello", **BATCH).outputs) == 1
    assert "Hello" in kernel.run("x", **BATCH).text


def test_a_retry_asks_again_in_the_same_place(kernel, simulator):
    kernel.chat("-m demo/parrot", "one", **BATCH)
    kernel.chat("-m demo/error-500 -t 0.5 --retries 0", "two", **BATCH)
    assert kernel.run("%chat_retry -m demo/parrot", **BATCH).reply["status"] == "ok"
    assert kernel.run("%chat_retry -m demo/tour", **BATCH).reply["status"] == "ok"
    first, second = sent(simulator)[-2:]
    assert (first["model"], second["model"]) == ("demo/parrot", "demo/tour")
    assert first["temperature"] == second["temperature"] == 0.5
    assert first["messages"] == second["messages"]
    assert [message["content"] for message in first["messages"]] == ["one", "one", "two"]


@pytest.mark.parametrize(
    ("line", "words"), [("%chat_retry", "no question"), ("%chat_retry why?", "options only")]
)
def test_a_retry_of_nothing_says_so(kernel, line, words):
    if "why" in line:
        kernel.chat("-m demo/parrot", "one", **BATCH)
    run = kernel.run(line, **BATCH)
    assert run.reply["status"] == "error"
    assert words in run.text


def test_a_dry_run_shows_the_request_and_sends_nothing(kernel, simulator):
    kernel.chat("-m demo/parrot", "one", **BATCH)
    before = len(sent(simulator))
    run = kernel.chat("--dry-run -t 0.5 -p newer=true", "two {{1 + 1}}", **BATCH)
    assert run.reply["status"] == "ok"
    assert len(sent(simulator)) == before
    assert '"content": "two 2"' in run.text
    assert '"temperature": 0.5' in run.text
    assert '"newer": true' in run.text
    assert "Nothing was sent." in run.text
    assert '"content": "one"' not in kernel.chat("--dry-run --new", "two", **BATCH).text
    assert '"content": "one"' in kernel.chat("--dry-run", "two", **BATCH).text


OPTIONS = [
    ("-m demo/tour", {"model": "demo/tour"}),
    ("-t 0.25", {"temperature": 0.25}),
    ("-n 100", {"max_completion_tokens": 100}),
    ("--top-p 0.5", {"top_p": 0.5}),
    ("--top-k 3", {"top_k": 3}),
    ("--min-p 0.1", {"min_p": 0.1}),
    ("--top-a 0.1", {"top_a": 0.1}),
    ("--frequency-penalty -1", {"frequency_penalty": -1}),
    ("--presence-penalty 1.5", {"presence_penalty": 1.5}),
    ("--repetition-penalty 1.1", {"repetition_penalty": 1.1}),
    ("--stop END", {"stop": "END"}),
    ('--stop \'["a","b"]\'', {"stop": ["a", "b"]}),
    ("--seed 7", {"seed": 7}),
    ("-r low", {"reasoning_effort": "low"}),
    ("--verbosity low", {"verbosity": "low"}),
    ("--service-tier flex", {"service_tier": "flex"}),
    ("--user me", {"user": "me"}),
    ("--session-id s1", {"session_id": "s1"}),
    ("-p provider.sort='\"price\"'", {"provider": {"sort": "price"}}),
    ("-p newer=true", {"newer": True}),
    ("--fallback demo/tour", {"models": ["demo/tour"]}),
    ("--provider openai,azure", {"provider": {"order": ["openai", "azure"]}}),
    ("--online", {"tools": [{"type": "openrouter:web_search"}]}),
    ("--free", {"model": "demo/echo:free"}),
    ('--logit-bias {"50256":-100}', {"logit_bias": {"50256": -100}}),
    ("--no-stream", {"stream": False}),
    ("-f md", {}),
    ("-f text", {}),
    ("-f code", {}),
    ("-f json", {"response_format": {"type": "json_object"}}),
    ("-q", {}),
    ("--code", {}),
    ("--show-reasoning", {}),
    ("--max-cost 1", {}),
    ("--bg", {}),
    ("--on-error banner", {}),
    ("--timeout 5", {}),
    ("--retries 1", {}),
    ("-o answer", {}),
    ("--new", {}),
    ("-c other", {}),
    ("--raw", {}),
    ("--logprobs", {"logprobs": True}),
    ("--logprobs --top-logprobs 2", {"logprobs": True, "top_logprobs": 2}),
    ("--include-reasoning", {"include_reasoning": True}),
    ('--response-format {"type":"json_object"}', {"response_format": {"type": "json_object"}}),
    ("--structured-outputs", {"structured_outputs": True}),
    ("--tool-choice none", {"tool_choice": "none"}),
    ("--parallel-tool-calls=false", {"parallel_tool_calls": False}),
    ("--max-tool-calls 5", {"max_tool_calls": 5}),
    (
        '--stop-server-tools-when [{"type":"step_count_is","step_count":2}]',
        {"stop_server_tools_when": [{"type": "step_count_is", "step_count": 2}]},
    ),
    ("--route fallback", {"route": "fallback"}),
    ('--plugins [{"id":"web"}]', {"plugins": [{"id": "web"}]}),
    ('--modalities ["text"]', {"modalities": ["text"]}),
    ('--image-config {"aspect_ratio":"1:1"}', {"image_config": {"aspect_ratio": "1:1"}}),
    ('--audio {"voice":"alloy","format":"wav"}', {"audio": {"voice": "alloy", "format": "wav"}}),
    ('--prediction {"type":"content","content":"x"}', {"prediction": {"type": "content", "content": "x"}}),
    ('--cache-control {"type":"ephemeral"}', {"cache_control": {"type": "ephemeral"}}),
    ("--prompt-cache-key k", {"prompt_cache_key": "k"}),
    ('--prompt-cache-options {"mode":"explicit"}', {"prompt_cache_options": {"mode": "explicit"}}),
    (
        '--web-search-options {"search_context_size":"low"}',
        {"web_search_options": {"search_context_size": "low"}},
    ),
    ('--x-search-filter {"from_date":"2026-01-01"}', {"x_search_filter": {"from_date": "2026-01-01"}}),
    ("--replay live", {}),
    ("--preset mine", {"preset": "mine"}),
    ('--metadata {"team":"a"}', {"metadata": {"team": "a"}}),
    ('--trace {"trace_id":"t"}', {"trace": {"trace_id": "t"}}),
    ('--transforms ["middle-out"]', {"transforms": ["middle-out"]}),
    ('--deferred-tools {"a":1}', {"deferred_tools": {"a": 1}}),
    ('--usage {"include":true}', {"usage": {"include": True}}),
    ('--stream-options {"include_usage":true}', {"stream_options": {"include_usage": True}}),
    ('--debug {"echo_upstream_body":false}', {"debug": {"echo_upstream_body": False}}),
]


@pytest.mark.parametrize(("option", "fields"), OPTIONS, ids=[option for option, _ in OPTIONS])
def test_an_option_is_on_the_wire_and_none_besides(kernel, simulator, option, fields):
    run = kernel.chat(f"--once {option}", **BATCH)
    assert run.reply["status"] == "ok", run.text
    expected = {"model": "demo/echo", "messages": [{"role": "user", "content": "Hello"}], "stream": True}
    assert sent(simulator) == [{**expected, **fields}]


def test_every_option_has_a_row_above_or_a_test_of_its_own():
    from openrouter_nb.notebook.options.table import ROWS

    elsewhere = {"system", "images", "files", "dry_run", "once", "context"} | {
        "tools",
        "approve",
        "schema",
        "repairs",
        "replay",
    }
    flags = {word.partition("=")[0] for option, _ in OPTIONS for word in option.split() if word[0] == "-"}
    for row in ROWS:
        assert flags & set(row.flags) or row.name in elsewhere, row.name


def test_a_conversation_remembers_what_was_said(kernel, simulator):
    kernel.chat('-s "Be terse."', "My name is Ada.", **BATCH)
    kernel.chat("-m demo/tour", "What is my name?", **BATCH)
    first, second = sent(simulator)
    assert first["messages"][0] == {"role": "system", "content": "Be terse."}
    assert [message["role"] for message in second["messages"]] == ["system", "user", "assistant", "user"]
    assert second["messages"][1]["content"] == "My name is Ada."
    assert "Be terse." in second["messages"][2]["content"]  # demo/echo answered with the request


def test_running_a_cell_again_replaces_its_own_turn(kernel, simulator):
    kernel.chat("", "one", cell_id="a", **BATCH)
    kernel.chat("", "two", cell_id="b", **BATCH)
    kernel.chat("", "one again", cell_id="a", **BATCH)
    kernel.chat("", "three", cell_id="c", **BATCH)
    questions = [
        [message["content"] for message in body["messages"] if message["role"] == "user"]
        for body in sent(simulator)
    ]
    assert questions == [["one"], ["one", "two"], ["one again"], ["one again", "two", "three"]]


def test_a_conversation_is_bounded_by_tokens_and_the_footer_says_so(kernel, simulator):
    kernel.run("%chat_config history_tokens=30 model=demo/parrot")
    for word in ("one", "two", "three"):
        run = kernel.chat("-s Terse.", f"{word} " * 8, **BATCH)
    last = sent(simulator)[-1]["messages"]
    assert [message["role"] for message in last] == ["system", "user", "assistant", "user"]
    assert last[1]["content"].startswith("two")
    assert "the 1 oldest turn left out: no room" in run.text
    assert "## You\n\none" in kernel.run("%chat_history", **BATCH).text


def test_a_failed_new_conversation_leaves_the_old_one(kernel, simulator):
    kernel.chat("", "one", **BATCH)
    assert kernel.chat("--new -m demo/error-500 --retries 0", "two", **BATCH).reply["status"] == "error"
    kernel.chat("", "three", **BATCH)
    kernel.chat("--new", "four", **BATCH)
    kernel.chat("", "five", **BATCH)
    assert [len(body["messages"]) for body in sent(simulator)] == [1, 1, 3, 1, 3]


def test_conversations_have_names_and_can_be_left_or_begun_anew(kernel, simulator):
    kernel.chat("", "one", **BATCH)
    kernel.chat("-c other", "two", **BATCH)
    kernel.chat("--once", "three", **BATCH)
    kernel.chat("--new", "four", **BATCH)
    kernel.chat("-c other", "five", **BATCH)
    assert [len(body["messages"]) for body in sent(simulator)] == [1, 1, 1, 1, 3]


@pytest.mark.parametrize("model", ["demo/error-500", "demo/midstream-error", "demo/cut", "demo/truncated"])
def test_a_failed_turn_leaves_no_trace_in_the_conversation(kernel, simulator, model):
    kernel.chat("", "one", **BATCH)
    assert kernel.chat(f"-m {model} --retries 0", "two", **BATCH).reply["status"] == "error"
    kernel.chat("", "three", **BATCH)
    assert [message["content"] for message in sent(simulator)[-1]["messages"][::2]] == ["one", "three"]


def test_reasoning_goes_back_unmodified(kernel, simulator):
    kernel.chat("-m demo/reasoner", "one", **BATCH)
    kernel.chat("", "two", **BATCH)
    answer = sent(simulator)[1]["messages"][1]
    assert answer["reasoning_details"][0]["signature"]
    assert "reasoning" not in answer


def test_reasoning_is_folded_above_the_answer(kernel):
    html = kernel.chat("-m demo/reasoner", **BATCH).outputs[0]["data"]["text/html"]
    assert html.index("<details>") < html.index("After some simulated thought")


def test_the_answer_is_the_value_of_the_cell_and_is_not_drawn_twice(kernel):
    run = kernel.chat("-m demo/tour", **BATCH)
    assert len(run.outputs) == 1
    run = kernel.run("print(_.text[:8], _.complete, _.usage.prompt_tokens > 0)")
    assert run.text.startswith("# A tour True True")
    again = kernel.run("Out[max(Out)]")
    assert '<h1 dir="auto" style="text-align:start">A tour' in again.outputs[0]["data"]["text/html"]


def test_words_on_the_line_go_before_the_body(kernel, simulator):
    kernel.chat("-m demo/echo Translate to French:", "Good morning", **BATCH)
    assert sent(simulator)[0]["messages"][0]["content"] == "Translate to French:\n\nGood morning"


def test_the_synonym_works(kernel):
    assert kernel.run("%%openrouter -m demo/echo\nHello", **BATCH).reply["status"] == "ok"


@pytest.mark.parametrize(
    "cell",
    ["%%time\n%%chat -m demo/echo\nHello", "get_ipython().run_cell_magic('chat', '-m demo/echo', 'Hello');"],
    ids=["time", "program"],
)
def test_a_cell_that_nobody_awaits_answers_too(kernel, simulator, cell):
    run = kernel.run(cell, **BATCH)
    assert run.reply["status"] == "ok", run.text
    assert '"content": "Hello"' in run.text
    assert simulator.exchanges[-1].outcome == "done"


def test_capture_takes_the_answer(kernel):
    kernel.run("%%capture taken\n%%chat -m demo/echo\nHello", **BATCH)
    run = kernel.run("print([o.data['text/plain'] for o in taken.outputs if o.data])", **BATCH)
    assert run.text.count("Hello") == 1


def test_a_magic_of_the_same_name_is_left_alone(kernel):
    run = kernel.run(
        "%unload_ext openrouter_nb\n"
        "from IPython.core.magic import register_cell_magic\n"
        "@register_cell_magic\n"
        "def chat(line, cell): print('theirs')\n"
        "%load_ext openrouter_nb",
        **BATCH,
    )
    assert "use %%openrouter" in run.text
    assert "theirs" in kernel.chat("", **BATCH).text
    assert kernel.run("%%openrouter -m demo/echo\nHi", **BATCH).reply["status"] == "ok"
    kernel.run("%unload_ext openrouter_nb\ndel get_ipython().magics_manager.magics['cell']['chat']")


def test_without_live_output_there_is_one_display_and_no_time_in_it(kernel):
    kernel.run("os.environ['OPENROUTER_NB_LIVE'] = '0'")
    run = kernel.chat("-m demo/tour", **BATCH)
    kinds = [message.type for message in run.published if "display" in message.type]
    assert kinds == ["display_data"]
    assert "first token" not in run.text
    assert kernel.chat("-m demo/tour --new", **BATCH).text == run.text


def test_the_key_goes_to_the_server_and_nowhere_else(kernel, simulator):
    key = "sk-or-v1-" + "5e17" * 8
    kernel.run(f"os.environ['OPENROUTER_API_KEY'] = {key!r}")
    runs = [kernel.chat(f"-m demo/{model} --retries 0", **BATCH) for model in ("echo", "error-401", "cut")]
    runs.append(kernel.run("%xmode Verbose", **BATCH))
    runs.append(kernel.chat("-m demo/error-500 --retries 0", **BATCH))
    runs.append(kernel.chat("-m demo/echo", f"my key is {key}", **BATCH))
    assert "The cell contains an API key" in runs[-1].text
    runs.append(kernel.chat("-m demo/echo", "my key is {{os.environ['OPENROUTER_API_KEY']}}", **BATCH))
    kernel.run("%xmode Context")
    assert "The request holds the API key" in runs[-1].text
    assert simulator.requests[0].headers["authorization"] == f"Bearer {key}"
    for run in runs:
        published = [message.content for message in run.published if message.type != "execute_input"]
        assert key not in json.dumps(published)
