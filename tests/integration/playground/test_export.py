"""Every export, run as it is, sends the body that the panel would send."""

import copy
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from openrouter_nb import Playground
from openrouter_nb.parameters import PARAMETERS
from openrouter_nb.playground.protocol import CODE_FORMATS

JS = Path(__file__).resolve().parents[3] / "js"
PICTURE = "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg=="

SIMPLE = {
    "messages": [
        {"role": "system", "content": "Be kind."},
        {"role": "user", "content": 'It\'s "quoted", {braced}, $priced,\n`code` and \\ back: ünïcode 🙂'},
    ],
    "temperature": 0.2,
    "max_completion_tokens": 100,
    "stop": ["END", "\n\n"],
    "seed": 7,
    "top_k": 40,
    "reasoning": {"effort": "low"},
    "logit_bias": {"50256": -100},
    "metadata": {"purpose": "test's"},
}
RICH = {
    "messages": [
        {"role": "user", "content": [{"type": "text", "text": "What is this?"}, {"type": "image_url", "image_url": {"url": PICTURE}}]},
        {"role": "assistant", "content": "A pixel.", "reasoning_details": [{"type": "reasoning.text", "text": "Look."}]},
        {"role": "user", "content": "Sure?"},
    ],
    "frequency_penalty": None,
    "provider": {"order": ["demo"], "allow_fallbacks": False, "max_price": {"prompt": 1}},
    "plugins": [{"id": "web", "max_results": 3}],
    "tools": [
        {
            "type": "function",
            "function": {
                "name": "get_it",
                "description": "Gets it.",
                "parameters": {"type": "object", "properties": {"some_key": {"type": "string"}}},
            },
        }
    ],
    "tool_choice": "auto",
    "verbosity": "low",
    "extra_body": {"brand_new": [1, {"a_b": True}]},
}  # fmt: skip


LONG = 'A "text" of lines, each of which is on a line of its own in a program,\n\n\tnot \\n \\\n\\\\n\n'
# Every parameter at once, as no person would send it.
EVERY = {
    "messages": [
        {"role": "developer", "content": "Be kind.", "name": "d"},
        {"role": "user", "content": [
            {"type": "text", "text": "Read this.", "cache_control": {"type": "ephemeral"}},
            {"type": "file", "file": {"filename": "a.pdf", "file_data": "data:application/pdf;base64,JVBERi0="}},
            {"type": "input_audio", "input_audio": {"data": "UklGRg==", "format": "wav"}},
            {"type": "image_url", "image_url": {"url": PICTURE, "detail": "low"}},
        ]},
        {"role": "assistant", "content": None, "tool_calls": [{"id": "call_1", "type": "function", "function": {"name": "get_it", "arguments": '{"some_key": "a"}'}}]},
        {"role": "tool", "tool_call_id": "call_1", "content": "42"},
        {"role": "user", "content": "So?\u2028And?"},
    ],
    "models": ["demo/parrot", "demo/echo"],
    "temperature": 0.5, "top_p": 0.9, "top_k": 5, "min_p": 0.05, "top_a": 0.1,
    "frequency_penalty": 0.1, "presence_penalty": -0.1, "repetition_penalty": 1.1,
    "max_completion_tokens": 64, "max_tokens": 64, "stop": "END", "seed": 3,
    "logit_bias": {"1": 1, "2": -100}, "logprobs": True, "top_logprobs": 2,
    "reasoning": {"effort": "low", "summary": "auto"}, "reasoning_effort": "low", "include_reasoning": True, "verbosity": "low",
    "response_format": {"type": "json_schema", "json_schema": {"name": "it", "strict": True, "schema": {"type": "object", "properties": {"camel_or_not": {"type": "string"}}}}},
    "structured_outputs": True, "tools": RICH["tools"], "tool_choice": {"type": "function", "function": {"name": "get_it"}},
    "parallel_tool_calls": False, "max_tool_calls": 3,
    "provider": {"order": ["demo"], "only": ["demo"], "ignore": ["other"], "sort": "price", "zdr": True, "quantizations": ["fp8"], "data_collection": "deny", "require_parameters": False},
    "route": "fallback", "plugins": [{"id": "web", "max_results": 3}, {"id": "context-compression"}],
    "service_tier": "default", "modalities": ["text"], "image_config": {"aspect_ratio": "1:1"}, "audio": {"voice": "alloy", "format": "wav"},
    "prediction": {"type": "content", "content": "So"}, "cache_control": {"type": "ephemeral"}, "prompt_cache_key": "k",
    "web_search_options": {"search_context_size": "low"}, "preset": "p", "user": "u", "session_id": "s",
    "metadata": {"a_b": "c"}, "trace": {"trace_id": LONG, "a\nkey": LONG}, "transforms": ["middle-out"], "usage": {"include": True},
    "stream_options": {"include_usage": True}, "debug": {"echo_upstream_body": True},
    "extra_body": {"brand_new": {"a_b": "\u2028"}},
}  # fmt: skip
# Those that need what no test has, or say the same as another one.
_LEFT_OUT = {
    "model",
    "stream",
    "stop_server_tools_when",
    "prompt_cache_options",
    "x_search_filter",
    "deferred_tools",
}


def test_every_parameter_is_among_them():
    assert set(EVERY) - {"extra_body"} == set(PARAMETERS) - _LEFT_OUT


def run(text, format_, folder, environment):
    if format_ == "curl":
        command, name = ["bash", "-eu"], "request.sh"
    elif format_ == "typescript":
        # Node 20 knows no types; the export needs none to be removed.
        (folder / "node_modules").symlink_to(JS / "node_modules")
        command, name = [shutil.which("node")], "request.mjs"
    else:
        command, name = [sys.executable], "request.py"
    path = folder / name
    path.write_text(text, encoding="utf-8")
    done = subprocess.run(
        [*command, str(path)],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture
def environment():
    kept = {name: value for name, value in os.environ.items() if not name.startswith("OPENROUTER_")}
    # As in a shell of the user's: the address is in the program, the key is not.
    return kept | {"OPENROUTER_API_KEY": "sk-or-v1-0000"}


@pytest.mark.parametrize("format_", [name for name in CODE_FORMATS if name != "chat"])
@pytest.mark.parametrize("given", [SIMPLE, RICH, EVERY], ids=["simple", "rich", "every"])
def test_an_export_sends_the_same_body(format_, given, sent, tmp_path, environment):
    playground = Playground("demo/parrot", **given)
    exported = playground.code(format_)
    said = run(exported, format_, tmp_path, environment)
    expected = playground.request
    (body,) = sent()
    if format_ == "openrouter":
        body, expected = without_lost(exported, body, expected)
    assert body == expected
    first_line = playground.request["messages"][-1]["content"].splitlines()[0]
    if format_ == "curl":
        assert said.rstrip().endswith("data: [DONE]")
    else:
        assert first_line in said
    assert "sk-or" not in exported


def without_lost(exported, body, expected):
    """Both without what the package drops: the program itself says which fields, and which only look different."""
    lost = re.search(r"# The package openrouter has no argument for (.*): not sent", exported)
    expected = copy.deepcopy(expected)
    for path in lost[1].split(", ") if lost else ():
        drop(expected, path)
    if "takes prices as text" in exported:
        prices = expected["provider"]["max_price"]
        expected["provider"]["max_price"] = {kind: str(price) for kind, price in prices.items()}
    return body, expected


def drop(holder, path):
    """Take a field out: `reasoning.exclude`, `messages[tool].name` of the messages of this role, `plugins[id]` whole."""
    name, dot, rest = path.partition(".")
    step = re.fullmatch(r"(\w+)\[(.+)\]", name)
    if step is None and not dot:
        del holder[name]
        return
    if step is None:
        drop(holder[name], rest)
        return
    items = holder.get(step[1])
    items = items if isinstance(items, list) else []
    chosen = [each for each in items if step[2] in (each.get("role"), each.get("type"), each.get("id"))]
    if not dot:
        holder[step[1]] = [each for each in items if each not in chosen]
    for each in chosen if dot else ():
        if "[" in rest or rest in each:
            drop(each, rest)


def said(*messages):
    return {"messages": [*messages, {"role": "user", "content": "Hi"}]}


def answered(**fields):
    return said({"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Ho", **fields})


ANSWER = {
    "reasoning": "r",
    "refusal": "No.",
    "audio": {"id": "a"},
    "annotations": [{"type": "url_citation", "url_citation": {"url": "https://example.org", "title": "t"}}],
}
DETAILS = [
    {
        "type": "reasoning.text",
        "text": "Look.",
        "signature": "s",
        "id": "i",
        "format": "anthropic-claude-v1",
        "index": 0,
    },
    {"type": "reasoning.encrypted", "data": "abc", "id": "i", "format": "openai-responses-v1", "index": 1},
    {"type": "reasoning.summary", "summary": "Looked."},
]
# Each field alone: at the top level, nested, and null.
SINGLE = [
    *({name: value} for name, value in EVERY.items() if name not in ("messages", "top_logprobs")),
    *({"provider": {name: value}} for name, value in EVERY["provider"].items()),
    {"provider": {"sort": {"by": "price", "partition": "none"}}},
    {"provider": {"preferred_min_throughput": {"p50": 10}, "preferred_max_latency": 2.5}},
    {"provider": {"max_price": {"prompt": 1, "completion": 0.5}}},
    {"provider": {"max_price": {"prompt": "1"}}},
    *({"reasoning": {name: value}} for name, value in {"effort": "low", "summary": "auto", "max_tokens": 9, "exclude": True, "enabled": True}.items()),
    *({name: None} for name in ("temperature", "seed", "stop", "logit_bias", "reasoning", "provider", "user")),
    *({"response_format": {"type": kind}} for kind in ("text", "json_object", "python")),
    *({"plugins": [{"id": name}]} for name in ("web", "file-parser", "response-healing", "web-fetch", "moderation", "auto-router", "pareto-router", "fusion")),
    {"plugins": [{"id": "web", "engine": "exa", "search_prompt": "x", "newer": 1}, {"id": "brand-new"}]},
    {"tools": [{"type": "openrouter:web_search", "parameters": {"max_results": 3}}, {"type": "openrouter:brand_new"}]},
    {"tools": [{"type": "function", "cache_control": {"type": "ephemeral"}, "function": {"name": "f", "strict": True, "parameters": {"type": "object"}}}]},
    *(said({"role": role, "content": "x", "name": "n", "cache_control": {"type": "ephemeral"}}) for role in ("system", "developer", "user")),
    said({"role": "user", "content": [{"type": "text", "text": "x", "cache_control": {"type": "ephemeral"}}, {"type": "image_url", "image_url": {"url": PICTURE, "detail": "low"}, "cache_control": {"type": "ephemeral"}}]}),
    said({"role": "user", "content": [{"type": "video_url", "video_url": {"url": "https://example.org/a.mp4"}}]}),
    *(answered(**{name: value}) for name, value in ANSWER.items()),
    answered(reasoning_details=DETAILS, images=[{"type": "image_url", "image_url": {"url": PICTURE}}]),
    said({"role": "user", "content": "Hi"}, {"role": "assistant", "content": "", "tool_calls": [{"id": "c", "index": 0, "type": "function", "function": {"name": "f", "arguments": ""}}]}, {"role": "tool", "tool_call_id": "c", "name": "f", "content": [{"type": "text", "text": "42"}]}),
]  # fmt: skip
RUN_ALL = "import pathlib\nfor path in sorted(pathlib.Path().glob('[0-9]*.py')): exec(path.read_text(), {})"


def test_the_program_for_openrouters_package_says_of_each_field_whether_it_is_sent(
    sent, tmp_path, environment
):
    programs, bodies = [], []
    for number, given in enumerate(SINGLE):
        playground = Playground("demo/parrot", **({"messages": [{"role": "user", "content": "Hi"}]} | given))
        programs.append(playground.code("openrouter"))
        bodies.append(playground.request)
        (tmp_path / f"{number:03}.py").write_text(programs[-1], encoding="utf-8")
    run(RUN_ALL, "openrouter", tmp_path, environment)
    assert len(sent()) == len(SINGLE)
    for program, body, expected in zip(programs, sent(), bodies, strict=True):
        body, expected = without_lost(program, body, expected)  # noqa: PLW2901
        assert body == expected, program


def test_an_export_of_a_whole_answer_asks_for_one(sent, tmp_path, environment):
    playground = Playground("demo/parrot", messages=[{"role": "user", "content": "Hi"}], stream=False)
    for format_ in ("openrouter_nb", "openai", "httpx", "typescript"):
        folder = tmp_path / format_
        folder.mkdir()
        assert run(playground.code(format_), format_, folder, environment).strip() == "Hi"
    assert sent() == [playground.request] * 4


CELLS = {
    "simple": SIMPLE,
    "rich": RICH,
    "every": EVERY,
    "picture": {"messages": [{"role": "user", "content": [{"type": "text", "text": "Look: {{x}}"}, {"type": "image_url", "image_url": {"url": "https://example.org/a.png"}}]}], "stream": False},
    "a file's name": {"messages": [{"role": "system", "content": "@secret"}, {"role": "user", "content": "Hi"}]},
    "braces": {"messages": [{"role": "system", "content": "{{x}}\nand 'y'"}, {"role": "user", "content": "Hi"}]},
    "empty lines": {"messages": [{"role": "user", "content": "\nHi\n"}]},
    "an odd line": {"messages": [{"role": "system", "content": "a\u2028b"}, {"role": "user", "content": "a\u2028b"}], "user": "\x85"},
}  # fmt: skip


@pytest.mark.parametrize("name", CELLS)
def test_a_cell_sends_the_same_body_and_says_where_it_is_no_chat_cell(
    name, sent, simulator, tmp_path, environment
):
    playground = Playground("demo/parrot", **CELLS[name])
    cell = playground.code("chat")
    assert cell.startswith(("%%chat ", "# A %%chat cell cannot express "))
    assert cell.startswith("%%chat ") == (name in {"simple", "picture", "braces"})
    (tmp_path / "cell.txt").write_text(cell, encoding="utf-8", newline="")
    shell = "%load_ext openrouter_nb\nget_ipython().run_cell(open('cell.txt', encoding='utf-8', newline='').read())"
    subprocess.run(
        [sys.executable, "-m", "IPython", "--no-banner", "--colors=NoColor", "-c", shell],
        cwd=tmp_path,
        env=environment | {"OPENROUTER_BASE_URL": simulator.base_url},
        capture_output=True,
        timeout=120,
        check=True,
    )
    assert sent() == [playground.request]


def test_no_line_of_an_export_is_code_from_the_conversation(sent, tmp_path, environment):
    hostile = "BODY\ntouch owned\n'''\nimport os\n`${process.exit(3)}`\n</script>"
    playground = Playground("demo/parrot", messages=[{"role": "user", "content": hostile}])
    for format_ in CODE_FORMATS[1:]:
        folder = tmp_path / format_
        folder.mkdir()
        run(playground.code(format_), format_, folder, environment)
        assert not (folder / "owned").exists()
    assert sent() == [playground.request] * 6
