"""What the model receives of the results and the failures of an MCP server, also of one that deviates from the protocol."""

import base64
import contextlib
import json
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from openrouter_nb import run_tools, tools_from_mcp
from openrouter_nb.tools import ToolDefinitionError, Toolset
from openrouter_nb.tools.mcp import session

# Speaks the protocol by hand: a server of the package mcp would refuse to send most of this.
SERVER = r"""
import json, sys
spec = json.load(open(sys.argv[1]))
for line in sys.stdin:
    message = json.loads(line)
    method = message["method"]
    if "id" not in message:
        continue
    answer = {"result": {}}
    if method == "initialize":
        answer["result"] = {
            "protocolVersion": message["params"]["protocolVersion"],
            "capabilities": {"tools": {}},
            "serverInfo": {"name": "x", "version": "1"},
        }
    elif method == "tools/list":
        answer["result"] = {"tools": spec["tools"]}
    elif method == "tools/call":
        exec(spec.get("before", ""))
        answer = spec["answer"]
    print(json.dumps({"jsonrpc": "2.0", "id": message["id"], **answer}), flush=True)
"""
PNG = b"\x89PNG\r\n\x1a\nrest"
NO_ARGUMENTS = {"type": "object", "properties": {}}


def nested(levels):
    """Return the schema of an object in objects."""
    schema = {"type": "object"}
    for _ in range(levels):
        schema = {"type": "object", "properties": {"x": schema}}
    return schema


def encoded(data):
    return base64.b64encode(data).decode()


@pytest.fixture
def start(tmp_path, simulator, monkeypatch):
    monkeypatch.setenv("OPENROUTER_BASE_URL", simulator.base_url)
    monkeypatch.setenv("OPENROUTER_API_KEY", "sk-or-v1-not-for-the-server")
    script, number = tmp_path / "server.py", iter(range(100))
    script.write_text(SERVER)
    with contextlib.ExitStack() as stack:

        def start(*tools, before="", env=None, **answer):
            spec = tmp_path / f"{next(number)}.json"
            spec.write_text(json.dumps({"tools": tools, "answer": answer, "before": before}))
            return stack.enter_context(
                tools_from_mcp([sys.executable, str(script), str(spec)], approve="auto", env=env)
            )

        yield start


@pytest.fixture
def received(start, simulator):
    """Return a function that returns the status of a call, and the content of the tool message."""

    def received(**options):
        tools = start({"name": "t", "inputSchema": NO_ARGUMENTS}, **options)
        answer = run_tools("Go", tools, model="demo/tools")
        (call,) = answer.calls
        return call.status, simulator.requests[-1].body["messages"][-1]["content"]

    return received


@pytest.mark.parametrize(
    ("result", "content"),
    [
        ({"content": [{"type": "text", "text": "a"}, {"type": "text", "text": "b"}]}, "a\nb"),
        ({"content": [], "structuredContent": {"total": 4711}}, '{"total": 4711}'),
        ({"structuredContent": {"total": 4711}}, '{"total": 4711}'),
        ({"content": [], "structuredContent": [1, 2]}, "[1, 2]"),
        (
            {"content": [{"type": "text", "text": "See below."}], "structuredContent": {"total": 1}},
            'See below.\n{"total": 1}',
        ),
        # The protocol recommends to repeat it as text; the package mcp wraps what is not an object.
        ({"content": [{"type": "text", "text": '{"a": 1}'}], "structuredContent": {"a": 1}}, '{"a": 1}'),
        ({"content": [{"type": "text", "text": "3"}], "structuredContent": {"result": 3}}, "3"),
        ({"content": [{"type": "text", "text": "yes"}], "structuredContent": {"result": "yes"}}, "yes"),
        (
            {
                "content": [{"type": "text", "text": "1"}, {"type": "text", "text": "x"}],
                "structuredContent": {"result": [1, "x"]},
            },
            "1\nx",
        ),
        ({"content": []}, "The tool returned no content."),
        ({}, "The tool returned no content."),
        ({"toolResult": {"a": 1}}, '{"a": 1}'),
        (
            {"content": [{"type": "image", "mimeType": "image/png", "data": encoded(PNG)}]},
            [{"type": "image_url", "image_url": {"url": f"data:image/png;base64,{encoded(PNG)}"}}],
        ),
        (
            {"content": [{"type": "image", "mimeType": "image/tiff", "data": encoded(b"II*\0")}]},
            "[image: image/tiff, 4 bytes, not sent]",
        ),
        (
            {"content": [{"type": "image", "mimeType": "image/png", "data": "%%%"}]},
            "[image: image/png, its data is not base64]",
        ),
        (
            {"content": [{"type": "audio", "mimeType": "audio/wav", "data": encoded(b"RIFF")}]},
            "[audio: audio/wav, 4 bytes, not sent]",
        ),
        (
            {"content": [{"type": "resource", "resource": {"uri": "file:///a.txt", "text": "hello"}}]},
            "[resource: file:///a.txt]\nhello",
        ),
        (
            {
                "content": [
                    {
                        "type": "resource",
                        "resource": {"uri": "x:a", "mimeType": "image/png", "blob": encoded(PNG)},
                    }
                ]
            },
            [
                {"type": "text", "text": "[resource: x:a, image/png]"},
                {"type": "image_url", "image_url": {"url": f"data:image/png;base64,{encoded(PNG)}"}},
            ],
        ),
        (
            {
                "content": [
                    {
                        "type": "resource",
                        "resource": {"uri": "x:a", "mimeType": "text/csv", "blob": encoded(b"a,b")},
                    }
                ]
            },
            "[resource: x:a, text/csv, 3 bytes]\na,b",
        ),
        (
            {
                "content": [
                    {
                        "type": "resource",
                        "resource": {"uri": "x:a", "mimeType": "application/pdf", "blob": encoded(b"%PDF")},
                    }
                ]
            },
            "[resource: x:a, application/pdf, 4 bytes, not sent]",
        ),
        (
            {
                "content": [
                    {
                        "type": "resource_link",
                        "uri": "not an address",
                        "name": "log",
                        "description": "Of\ntoday",
                        "size": 1234,
                    }
                ]
            },
            "[resource link: log, not an address, Of today, 1,234 bytes]",
        ),
        (
            {"content": [{"type": "video", "x": 1}]},
            '[video: not a known kind of content] {"type": "video", "x": 1}',
        ),
        ({"content": [{"type": "text"}]}, '[text: not a known kind of content] {"type": "text"}'),
        ({"content": "plain"}, "plain"),
        ({"content": [None, "a"]}, "null\na"),
        ({"content": [{"type": "text", "text": "cut \ud83d"}]}, "cut \ufffd"),
        ({"content": [{"type": "image"}]}, "[image: 0 bytes, not sent]"),
        ({"output": {"total": 7}, "_meta": {}}, '{"output": {"total": 7}}'),
    ],
)
def test_every_kind_of_content_reaches_the_model(received, result, content):
    assert received(result=result) == ("done", content)


@pytest.mark.parametrize(
    ("answer", "content"),
    [
        (
            {"result": {"content": [], "isError": True, "structuredContent": {"code": "E-4711"}}},
            'The tool failed.\n{"code": "E-4711"}',
        ),
        (
            {"result": {"content": [{"type": "text", "text": "no /data/shelf here"}], "isError": True}},
            "The tool failed.\nno /data/shelf here",
        ),
        ({"result": {"content": [], "isError": True}}, "The tool failed.\nThe tool returned no content."),
        (
            {
                "result": {
                    "content": [{"type": "image", "mimeType": "image/png", "data": encoded(PNG)}],
                    "isError": True,
                }
            },
            [
                {"type": "text", "text": "The tool failed."},
                {"type": "image_url", "image_url": {"url": f"data:image/png;base64,{encoded(PNG)}"}},
            ],
        ),
    ],
)
def test_the_result_of_a_failure_reaches_the_model(received, answer, content):
    assert received(**answer) == ("failed", content)


def test_a_protocol_error_reaches_the_model_with_its_data(received):
    error = {"code": -32602, "message": "Unknown shelf", "data": {"shelves": ["A"]}}
    status, content = received(error=error)
    assert status == "failed"
    assert 'Unknown shelf {"shelves": ["A"]}' in content


def test_a_result_is_bounded_text(received):
    status, content = received(
        result={
            "content": [
                {"type": "text", "text": "x" * 60_000},
                {"type": "image", "mimeType": "image/png", "data": encoded(PNG)},
            ]
        }
    )
    assert status == "done"
    assert content[0]["text"].endswith("[50,000 of 60,000 characters]")
    assert content[1]["type"] == "image_url"


@pytest.mark.parametrize(
    ("before", "words"),
    [
        ("import nothere_xyz", "It exited with code 1. Its last lines on stderr:\nTraceback"),
        (
            "sys.exit('the licence [hidden] has ended')",
            "It exited with code 1. Its last lines on stderr:\nthe licence [hidden]",
        ),
        ("import os; os._exit(3)", "It exited with code 3. Reconnect"),
        ("import os; os.kill(os.getpid(), 11)", "It was ended by SIGSEGV. Reconnect"),
    ],
)
def test_a_server_that_ends_in_a_call_says_why_and_so_does_the_next_call(start, before, words):
    token = "secret-of-the-server"
    tools = start(
        {"name": "t", "inputSchema": NO_ARGUMENTS},
        before=before.replace("[hidden]", token),
        env={"LICENCE": token},
    )
    for _ in range(2):
        (call,) = run_tools("Go", tools, model="demo/tools").calls
        assert call.status == "failed"
        assert f"The MCP server has ended, or the connection is lost. {words}" in call.text
        assert token not in call.text


@pytest.mark.parametrize(
    ("server", "words"),
    [
        ([sys.executable, "-c", "import nothere_xyz"], "ModuleNotFoundError: No module named 'nothere_xyz'"),
        ([sys.executable, "-c", "raise SystemExit(3)"], "cannot be used: It exited with code 3."),
        ([sys.executable, "-c", "print('hello'); raise SystemExit(3)"], "MCP: hello\nIt exited with code 3."),
        ([sys.executable, "-c", "print('x' * 9_000_000); raise SystemExit('last')"], "on stderr:\nlast"),
        (["no-such-command-here"], "there is no command 'no-such-command-here'"),
        (["/"], "PermissionError"),
    ],
)
def test_a_server_that_does_not_start_says_why(server, words):
    with pytest.raises(ToolDefinitionError) as caught:
        tools_from_mcp(server)
    assert words in str(caught.value)


@pytest.mark.parametrize(
    ("program", "words"),
    [
        ("print('downloading', file=sys.stderr, flush=True)", "Its last lines on stderr:\ndownloading"),
        ("print('Welcome!', flush=True)", "It sent a line that is not a message of MCP: Welcome!"),
    ],
)
def test_a_server_that_does_not_answer_shows_its_output(monkeypatch, program, words):
    monkeypatch.setattr(session, "_START_S", 3.0)
    with pytest.raises(ToolDefinitionError, match="It did not answer within 3 s") as caught:
        tools_from_mcp([sys.executable, "-c", f"import sys; {program}; sys.stdin.read()"])
    assert words in str(caught.value)


@pytest.mark.parametrize("status", [401, 404, 405, 500, 502])
def test_an_http_server_that_refuses_says_why(status):
    class Refusing(BaseHTTPRequestHandler):
        def do_POST(self):
            self.rfile.read(int(self.headers["content-length"]))
            body = f'{{"error": "no {self.headers["x-token"]}"}}'.encode()
            self.send_response(status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Refusing) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_port}/mcp"
        with pytest.raises(ToolDefinitionError) as caught:
            tools_from_mcp(address, headers={"x-token": "abcdefgh1234"})
        server.shutdown()
    assert f"HTTP {status}" in str(caught.value)
    assert '{"error": "no [hidden]"}' in str(caught.value)


def test_one_bad_tool_is_left_out_with_a_warning(start):
    bad = [
        {"name": "required", "inputSchema": {"type": "object", "properties": {"f": {"required": True}}}},
        {"name": "outside", "inputSchema": {"type": "object", "properties": {"f": {"$ref": "other.json"}}}},
        {"name": "list", "inputSchema": [1]},
        {"name": "text", "inputSchema": {"type": "string"}},
        {"name": "word", "inputSchema": {"type": "object", "required": "a"}},
        {"name": "deep", "inputSchema": nested(300)},
        {"inputSchema": NO_ARGUMENTS},
        "not a tool",
        {"name": "good", "inputSchema": NO_ARGUMENTS, "description": "again"},
    ]
    good = {
        "name": "good",
        "inputSchema": NO_ARGUMENTS,
        "annotations": 3,
        "outputSchema": {"type": "nonsense"},
    }
    with pytest.warns(UserWarning, match="left out") as warned:
        tools = start(good, *bad, {"name": "bare"})
    assert [tool.name for tool in tools] == ["good", "bare"]
    assert tools[0].description == ""
    texts = " ".join(str(warning.message) for warning in warned)
    for words in (
        "required: Invalid JSON Schema",
        "outside: it refers to 'other.json'",
        "list: its schema",
        "text: it is",
        "word: Invalid JSON Schema",
        "deep: ",
    ):
        assert words in texts
    assert len(warned) == 9


@pytest.mark.parametrize(
    ("schema", "sent"),
    [
        ({"type": "object", "properties": None, "required": None}, {"type": "object", "properties": {}}),
        ({"type": "object", "properties": []}, {"type": "object", "properties": {}}),
        (
            {"properties": {"a": {"type": "object", "properties": [], "default": None}}, "$schema": None},
            {"type": "object", "properties": {"a": {"type": "object", "default": None}}},
        ),
        (
            {"properties": {"a": {"type": "array", "items": {"anyOf": [{"type": "string", "enum": None}]}}}},
            {"type": "object", "properties": {"a": {"type": "array", "items": {"type": "string"}}}},
        ),
    ],
)
def test_keywords_of_servers_in_go_and_php_that_hold_nothing_are_left_out(start, schema, sent):
    (made,) = start({"name": "t", "inputSchema": schema})
    assert made.parameters == sent


def test_names_and_parameters_are_sent_in_letters_that_providers_accept(start):
    schema = {"type": "object", "properties": {"城市": {"type": "string"}}, "required": ["城市"]}
    tools = start(
        {"name": "查询天气", "description": "Weather.", "inputSchema": schema},
        {"name": "查询时间", "inputSchema": NO_ARGUMENTS},
        result={"content": [{"type": "text", "text": "ok"}]},
    )
    first, second = (item["function"] for item in Toolset.of(tools).definitions)
    assert first["name"] != second["name"]
    assert first["description"] == "查询天气: Weather."
    (key,) = first["parameters"]["properties"]
    assert key.isascii()
    assert tools[0].read(json.dumps({key: "Lyon"})) == {"城市": "Lyon"}
    assert tools[0].signature == "查询天气(城市)"
    (call,) = run_tools("Go", tools[1], model="demo/tools").calls
    assert call.text == "ok"


def test_a_tool_that_is_named_and_bad_is_an_error(start, tmp_path):
    with pytest.warns(UserWarning, match="left out"):
        start({"name": "bad", "inputSchema": {"type": "string"}})
    command = [sys.executable, str(tmp_path / "server.py"), str(tmp_path / "0.json")]
    with pytest.raises(ToolDefinitionError, match="The MCP tool bad: it is of type string"):
        tools_from_mcp(command, only=["bad"])
