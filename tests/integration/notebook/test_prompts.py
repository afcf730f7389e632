"""What stands in a cell, and what of it is on the wire."""

import base64
import io
import json
import re

import pytest

BATCH = {"allow_stdin": False}
PNG = b"\x89PNG\r\n\x1a\n"


@pytest.fixture
def content(kernel, simulator):
    """Run a cell; the content of the user message that the server saw."""

    def ask(prompt, options=""):
        run = kernel.chat(f"--once {options}", prompt, **BATCH)
        assert run.reply["status"] == "ok", run.text
        return simulator.requests[-1].body["messages"][-1]["content"]

    return ask


def test_braces_reach_the_model_as_they_stand_and_only_double_ones_are_evaluated(kernel, content):
    kernel.run("""x, braces, template, d = 6, '{"a": {"b": 1}}', '{{x}} {x}', {'k': '}}'}""")
    table = {
        'print({"foo": 1})': 'print({"foo": 1})',
        "${{ x }} ${x} $x": "$6 ${x} $x",
        "\\frac{a}{b} \\(x_{i}\\) $$\\sum_{i=1}^{n}$$": "\\frac{a}{b} \\(x_{i}\\) $$\\sum_{i=1}^{n}$$",
        "f\"{x!r:>{10}}\" f'{x=}'": "f\"{x!r:>{10}}\" f'{x=}'",
        "{{braces}}": '{"a": {"b": 1}}',
        "{{template}}": "{{x}} {x}",
        "{{ d['k'] }} {{ {'a': {'b': x}}['a']['b'] }}": "}} 6",
        "{{x}}{{x}} { {x} } }}": "66 { {x} } }}",
        "%s %(x)s {0} {} \\n \\\\": "%s %(x)s {0} {} \\n \\\\",
        'don\'t `{x}` "q"': 'don\'t `{x}` "q"',
    }
    assert {prompt: content(prompt) for prompt in table} == table


@pytest.mark.parametrize(
    ("prompt", "words"),
    [
        ("{{undefinde}}", "'undefinde' is not defined. Did you mean 'undefined'?"),
        ("{{1/0}}", "ZeroDivisionError"),
        ("{{ open }", "without }}"),
        ("{{#if x}}", "is not a Python expression"),
        ("\uff5b\uff5bx\uff5d\uff5d", "Write {{x}}. To send double braces as they are, use --raw."),
        (
            "{{traceback}}",
            "Write {{error}} for the last error of a cell, or add --context error.",
        ),  # the module
        ("{{exception}}", "Write {{error}} for the last error of a cell, or add --context error."),
        ("{{re}}", "cannot be converted"),
        ("{{object()}}", "cannot be converted"),
    ],
)
def test_an_expression_that_cannot_be_sent_is_an_error_before_anything_is(kernel, simulator, prompt, words):
    kernel.run("import re, traceback\nundefined = 1")
    run = kernel.chat("", prompt, **BATCH)
    assert words in run.text
    assert run.reply["status"] == "error"
    assert simulator.requests == []


VALUES = """
import dataclasses, datetime, decimal, enum, io, pathlib
import matplotlib
matplotlib.use('Agg')
import matplotlib.pyplot as plt
import numpy as np, pandas as pd, pydantic
from PIL import Image
df = pd.DataFrame({'a': [1, 2], 'b': ['x', 'y|z']})
big = pd.DataFrame({'a': range(1000)})
series = df['a']
array = np.eye(2)
fig, ax = plt.subplots(figsize=(1, 1))
picture = Image.new('RGB', (3, 2))
class City(pydantic.BaseModel): name: str
city = City(name='Lyon')
@dataclasses.dataclass
class Point: x: int
point = Point(1)
path = pathlib.Path('data/a.csv')
price, day = decimal.Decimal('1.50'), datetime.date(2026, 11, 22)
try:
    {}['missing']
except KeyError as caught:
    error = caught
"""


def test_a_value_is_sent_in_the_form_that_its_type_has(kernel, content):
    kernel.run(VALUES)
    table = {
        "The numbers: {{df}}": "The numbers:\n\n| a | b |\n| --- | --- |\n| 1 | x |\n| 2 | y\\|z |\n\n"
        "[2 rows and 2 columns. a: int64; b: str]",
        "{{series}}": "| a |\n| --- |\n| 1 |\n| 2 |\n\n[2 rows and 1 column. a: int64]",
        "{{array}}": "| 0 | 1 |\n| --- | --- |\n| 1 | 0 |\n| 0 | 1 |\n\n"
        "[2 rows and 2 columns. All columns: float64]",
        "{{city}}": '{\n  "name": "Lyon"\n}',
        "{{point}}": '{\n  "x": 1\n}',
        "{{path}}": "data/a.csv",
        "{{price}} {{day}} {{None}} {{np.float64(2.5)}}": "1.50 2026-11-22 None 2.5",
    }
    assert {prompt: content(prompt) for prompt in table} == table
    trace = content("{{error}}")
    assert trace.startswith("Traceback")
    assert trace.endswith("KeyError: 'missing'")
    for name in ("fig", "picture"):
        before, image, after = content(f"before {{{{{name}}}}} after")
        assert (before["text"], after["text"]) == ("before ", " after")
        kind, _, data = image["image_url"]["url"].partition(";base64,")
        assert kind == "data:image/png"
        assert base64.b64decode(data).startswith(PNG)
    run = kernel.chat("-m demo/parrot", "{{big}}", **BATCH)
    assert "big: 50 of 1,000 rows" in run.text.splitlines()[-1]


def test_what_is_attached_is_on_the_wire_in_the_form_of_its_kind(kernel, content, tmp_path):
    from PIL import Image

    picture = io.BytesIO()
    Image.new("RGB", (1, 1)).save(picture, "PNG")
    (tmp_path / "a.png").write_bytes(picture.getvalue())
    (tmp_path / "a.pdf").write_bytes(b"%PDF-1.7 x")
    (tmp_path / "a.wav").write_bytes(b"RIFF\0\0\0\0WAVEfmt ")
    (tmp_path / "a.mp4").write_bytes(b"\0\0\0\x18ftypmp42")
    (tmp_path / "a.csv").write_text("x,y\n1,2\n")
    kernel.run(f"%cd -q {tmp_path}\n{VALUES}\nraw = open('a.png', 'rb').read()\nfile = pathlib.Path('a.pdf')")
    data = base64.b64encode(picture.getvalue()).decode()
    image = {"type": "image_url", "image_url": {"url": f"data:image/png;base64,{data}"}}
    pdf = base64.b64encode(b"%PDF-1.7 x").decode()
    file = {"type": "file", "file": {"filename": "a.pdf", "file_data": f"data:application/pdf;base64,{pdf}"}}
    table = {
        "-i a.png": image,
        "-i raw": image,
        "--file a.png": image,
        "-i https://example.org/a.png": {
            "type": "image_url",
            "image_url": {"url": "https://example.org/a.png"},
        },
        "--file a.pdf": file,
        "--file file": file,
        "--file https://example.org/a.pdf?x=1": {
            "type": "file",
            "file": {"filename": "a.pdf", "file_data": "https://example.org/a.pdf?x=1"},
        },
        "--file a.wav": {
            "type": "input_audio",
            "input_audio": {"data": base64.b64encode(b"RIFF\0\0\0\0WAVEfmt ").decode(), "format": "wav"},
        },
        "--file a.mp4": {
            "type": "video_url",
            "video_url": {"url": "data:video/mp4;base64," + base64.b64encode(b"\0\0\0\x18ftypmp42").decode()},
        },
    }
    assert {option: content("Look", option)[1] for option in table} == table
    assert content("Look", "-i fig")[1]["image_url"]["url"].startswith("data:image/png;base64,")
    assert content("Look", "--file a.csv") == 'Look\n\n<file name="a.csv">\nx,y\n1,2\n\n</file>\n'


@pytest.mark.parametrize(
    ("option", "words"),
    [
        ("-i df", "is of type DataFrame, not an image"),
        ("-i missing.png", "No such file"),
        ("--file https://example.org/a.mp3", "audio cannot be sent as a URL"),
        ("-s @missing.md", "No such file"),
        ("-s @/etc/passwd", "is outside"),
        ("-s {{picture}}", "not an image"),
    ],
)
def test_what_cannot_be_attached_is_refused_before_anything_is_sent(kernel, simulator, option, words):
    kernel.run(VALUES)
    run = kernel.chat(option, **BATCH)
    assert words in run.text
    assert simulator.requests == []


def test_paths_of_windows_are_read_as_they_are_written(kernel, content, tmp_path):
    kernel.run(f"%cd -q {tmp_path}")
    for name in (r"C:\my docs\new.txt", r"\\server\table.txt"):
        (tmp_path / name).write_text("What it holds.")  # on this system, one name
        for option in (f'--file "{name}"', f"--file='{name}'"):
            assert "What it holds." in content("Read.", option)
        assert content("Read.", f'-s "@{name}"') == "Read."


def test_a_system_prompt_may_be_a_file_or_hold_values(kernel, simulator, tmp_path):
    (tmp_path / "role.md").write_text("You are {{terse}}.")
    kernel.run(f"%cd -q {tmp_path}\nmood = 'kind'")
    kernel.chat("--once -s @role.md", **BATCH)
    kernel.chat('--once -s "Be {{mood}}."', **BATCH)
    systems = [request.body["messages"][0]["content"] for request in simulator.requests]
    assert systems == ["You are {{terse}}.", "Be kind."]


def test_the_last_error_goes_along_without_secrets(kernel, simulator, content):
    kernel.chat("--context error", **BATCH)
    assert simulator.requests == []
    kernel.run("os.environ['MY_TOKEN'] = 'hunter2hunter2'")
    kernel.run(
        "def f():\n    raise ValueError('no ' + os.environ['MY_TOKEN'] + ' sk-or-v1-0123456789abcdef')\nf()"
    )
    kernel.chat("-m demo/error-500 --retries 0", **BATCH)
    sent = content("Why?", "--context error")
    assert "ValueError: no [hidden] [hidden]" in sent
    assert sent.endswith("</error>\n\nWhy?")
    assert "hunter2" not in json.dumps(simulator.requests[-1].body)
    run = kernel.chat("--context error", **BATCH)
    assert "context error: ValueError, 3 secrets removed" in run.text


def test_error_is_the_last_error_without_secrets(kernel, simulator, content):
    kernel.run("import sys\nglobals().pop('error', None)\nsys.last_value = None")
    run = kernel.chat("", "Why? {{error}}", **BATCH)
    assert "'error' is not defined. It is the last error of a cell, as with --context error" in run.text
    assert simulator.requests == []
    kernel.run("os.environ['MY_TOKEN'] = 'hunter2hunter2'\n1 / 0  # hunter2hunter2")
    kernel.chat("-m demo/error-500 --retries 0", **BATCH)
    sent = content("Why? {{error}}")
    assert sent.startswith("Why? Traceback")
    assert sent.endswith("ZeroDivisionError: division by zero")
    assert "1 / 0  # [hidden]" in sent
    run = kernel.chat("-m demo/parrot", "{{error}}", **BATCH)
    assert "error: 1 secret removed" in run.text.splitlines()[-1]
    kernel.run("error = 'a variable'")
    assert content("{{error}}") == "a variable"
    kernel.run("del error")


def test_a_value_is_attached_between_blank_lines(kernel, content):
    kernel.run(VALUES)
    table = "| a |\n| --- |\n| 1 |\n| 2 |\n\n[2 rows and 1 column. a: int64]"
    assert content("Look", "--file series") == f"Look\n\n{table}\n\n"
    kernel.run("note = 'A text.'\nnumber = 5")
    assert content("Look", "--file note --file number") == "Look\n\nA text.\n\n\n\n5\n\n"
    kernel.run("series")
    assert f"<last>\n\n{table}\n\n</last>" in content("Look", "--context last")


def test_the_cells_before_go_along_with_their_values_and_without_the_chats(kernel, content):
    kernel.run("marker_one = 40")
    kernel.chat("", "not this one", **BATCH)
    kernel.run("marker_one + 2")
    kernel.run("marker_one + 2")
    sent = content("Go on", "--context above")
    assert sent.count("marker_one + 2\n# → 42") == 1
    assert sent.index("marker_one = 40") < sent.index("marker_one + 2")
    assert "not this one" not in sent
    kernel.run("filler = '" + "x" * 19_900 + "'")
    run = kernel.chat("--context above", **BATCH)
    assert re.search(r"context above: \d of \d+ cells", run.text)


def test_the_last_value_goes_along(kernel, content):
    kernel.run(VALUES)
    kernel.run("df")
    assert "| 1 | x |" in content("?", "--context last")
    kernel.run("fig")
    assert content("?", "--context last")[1]["type"] == "image_url"
    kernel.run("object()")
    assert "<object object" in content("?", "--context last")


def test_each_question_of_one_cell_has_its_own_turn(kernel, simulator):
    cell = "for word in ('one', 'two'):\n    get_ipython().run_line_magic('chat', '-m demo/parrot ' + word)"
    for _ in range(2):
        kernel.run(cell, cell_id="loop", **BATCH)
    asked = [[m["content"] for m in request.body["messages"][::2]] for request in simulator.requests]
    assert asked == [["one"], ["one", "two"], ["one"], ["one", "two"]]


def test_lone_surrogates_are_sent_and_saved_as_replacement_characters(kernel, content):
    kernel.run(r"name = 'caf\udce9 \ud83d'")
    run = kernel.chat("--once -m demo/parrot -s {{name}}", "{{name}}", **BATCH)
    assert run.reply["status"] == "ok", run.text
    assert "caf\ufffd \ufffd" in run.text
    assert content("{{name}}", '-p metadata=\'{"a": "\\ud83d"}\'') == "caf\ufffd \ufffd"
    shown = kernel.chat("--dry-run", "{{name}}", **BATCH)
    assert "caf\ufffd \ufffd" in shown.text


LOOP = "for number in range(2):\n    %chat -q --once What is life?"


@pytest.mark.parametrize(
    ("cell", "asked"),
    [
        (LOOP, ["What is life?"] * 2),
        ("a = 1\n%chat -q --once What is life?", ["What is life?"]),
        ("def ask():\n    a = %chat -q --once Who?\n    return a\nask()", ["Who?"]),
        ("%chat -q --once What is life?\nprint(1)", ["What is life?"]),
        (f"%%time\n{LOOP}", ["What is life?"] * 2),
        ("%time %chat -q --once What is life?", ["What is life?"]),
        ("%timeit -n 1 -r2 %chat -q --once What is life?", ["What is life?"] * 2),
        ("a = 1\n%time x = %chat -q --once What is life?", ["What is life?"]),
        ("if True:\n    %time %chat -q --once What is life?", ["What is life?"]),
        (
            (
                "import tempfile\nscript = tempfile.mkdtemp() + '/run.ipy'\n"
                "open(script, 'w').write('%chat -q --once Who?\\n')\n%run {script}"
            ),
            ["Who?"],
        ),
        ("print(1)\n%chat?", []),
        ("%chat -q --once What is\\\nlife?", ["What is life?"]),
        ("x = %chat -q --once What is\\\nlife?", ["What is life?"]),
        ("x: object = %chat -q --once Who?", ["Who?"]),
        ("d = {}\nd['a'] = %chat -q --once Who?", ["Who?"]),
        ("if True:\n    %ask -q --once Who?", ["Who?"]),
        ("chat -q --once Who?", ["Who?"]),
        *[
            (f"{before}%chat -q --once Who{separator}is it?", [f"Who{separator}is it?"])
            for before in ("", "a = 1\nx = ", "if True:\n    ")
            for separator in ("\u2028", "\x0c", "\x85")
        ],
    ],
)
def test_a_prompt_may_end_in_a_question_mark_anywhere_in_a_cell(kernel, simulator, cell, asked):
    kernel.run("%alias_magic ask chat", **BATCH)
    run = kernel.run(cell, **BATCH)
    assert run.reply["status"] == "ok", run.text
    assert "not found" not in run.text
    assert [request.body["messages"][-1]["content"] for request in simulator.requests] == asked


def test_an_alias_sends_what_is_written(kernel, simulator):
    kernel.run("%alias_magic ask chat -p '-q --once'\nx, y = 1, 2", **BATCH)
    for cell in ("%ask {{x}} {y} $y?", "if True:\n    %ask {{x}} {y} $y?", "%%ask\n{{x}} {y} $y?"):
        run = kernel.run(cell, **BATCH)
        assert run.reply["status"] == "ok", run.text
    sent = [request.body["messages"][-1]["content"] for request in simulator.requests]
    assert sent == ["1 {y} $y?"] * 3


@pytest.mark.parametrize(
    "cell",
    [
        "def ask():\n    return %chat --once Who?",
        "if True: %chat --once Who?",
        "x = 1; %chat --once Who?",
        "x += %chat --once Who?",
        "x = y = %chat --once Who?",
    ],
)
def test_a_question_where_no_magic_can_be_is_a_syntax_error(kernel, simulator, cell):
    run = kernel.run(cell, **BATCH)
    assert run.reply["ename"] == "SyntaxError"
    assert simulator.requests == []


def test_the_text_below_another_cell_magic_stays_as_it_is(kernel, tmp_path):
    kernel.run(f"%%writefile {tmp_path / 'cell.ipy'}\n%chat Who?\n", **BATCH)
    assert (tmp_path / "cell.ipy").read_text() == "%chat Who?\n"


@pytest.mark.parametrize(
    "call",
    [
        "a = %chat -q --once {{q}}",
        "get_ipython().run_line_magic('chat', '-q --once {{q}}')",
        "get_ipython().run_cell_magic('chat', '-q --once', '{{q}}')",
    ],
)
def test_a_chat_in_a_function_sees_its_variables(kernel, simulator, call):
    run = kernel.run(f"q = 'global'\ndef ask(q):\n    {call}\nask('local')", **BATCH)
    assert run.reply["status"] == "ok", run.text
    assert simulator.requests[-1].body["messages"][-1]["content"] == "local"


SCOPES = """
import threading
q = "global"
send = get_ipython().run_line_magic
def comprehension(q):
    return [send("chat", "-q --once {{q}}") for _index in range(1)]
def nested(q):
    return [[send("chat", "-q --once {{q}}") for _inner in range(1)] for _outer in range(1)]
def generator(q):
    return list(send("chat", "-q --once {{q}}") for _index in range(1))
def inner(q):
    def ask():
        %chat -q --once {{q}}
    ask()
def in_lambda(q):
    return (lambda: send("chat", "-q --once {{q}}"))()
class Asker:
    def ask(self, q):
        %chat -q --once {{q}}
method = Asker().ask
def in_class(q):
    class Inner:
        def ask(self):
            %chat -q --once {{q}}
    Inner().ask()
def timed(q):
    %time %chat -q --once {{q}}
def shadowed(other):
    def ask(q):
        %chat -q --once {{q}}
    q = other + " of the outer function"
    ask(other)
def made(q):
    def ask():
        %chat -q --once {{q}}
    return ask
def returned(q):
    made(q)()
def in_a_thread(q):
    def ask():
        a = %chat -q --once {{q}}
    thread = threading.Thread(target=ask)
    thread.start()
    thread.join()
def later(q):
    return (send("chat", "-q --once {{q}}") for _index in range(1))
def consumed(q):
    list(later(q))
def aliased(q):
    def ask():
        %ask -q --once {{q}}
    return ask
def by_alias(q):
    aliased(q)()
"""


@pytest.mark.parametrize(
    "name",
    [
        "comprehension",
        "nested",
        "generator",
        "inner",
        "in_lambda",
        "method",
        "in_class",
        "timed",
        "shadowed",
        "returned",
        "in_a_thread",
        "consumed",
        "by_alias",
    ],
)
def test_a_chat_in_any_scope_sees_its_variables(kernel, simulator, name):
    kernel.run("%alias_magic ask chat", **BATCH)
    run = kernel.run(f"{SCOPES}{name}('local')", **BATCH)
    assert run.reply["status"] == "ok", run.text
    assert simulator.requests[-1].body["messages"][-1]["content"] == "local"


def test_a_chat_in_a_task_sees_the_variables_of_the_function_that_started_it(kernel, simulator):
    run = kernel.run(
        "import asyncio\nq = 'global'\nasync def outer(q):\n    async def ask():\n        %chat -q --once {{q}}\n"
        "    await asyncio.gather(ask(), ask())\nawait outer('local')",
        **BATCH,
    )
    assert run.reply["status"] == "ok", run.text
    assert [request.body["messages"][-1]["content"] for request in simulator.requests] == ["local", "local"]


def test_a_variable_without_a_value_is_not_the_one_of_the_notebook(kernel, simulator):
    run = kernel.run(
        "q = 'global'\ndef ask(is_set):\n    if is_set:\n        q = 'local'\n    %chat -q --once {{q}}\nask(False)",
        **BATCH,
    )
    assert "'q' is not defined" in run.text
    assert simulator.requests == []


def test_a_chat_of_a_module_sees_the_variables_of_the_module(kernel, simulator, tmp_path):
    (tmp_path / "asking_module.py").write_text(
        "from IPython import get_ipython\nq = 'module'\n"
        "def ask():\n    get_ipython().run_line_magic('chat', '-q --once {{q}}')\n"
    )
    run = kernel.run(
        f"q = 'global'\nimport sys\nsys.path.insert(0, {str(tmp_path)!r})\nimport asking_module\nasking_module.ask()",
        **BATCH,
    )
    assert run.reply["status"] == "ok", run.text
    assert simulator.requests[-1].body["messages"][-1]["content"] == "module"


TOOLS_OF_A_FUNCTION = """
def look(city: str) -> str:
    'The global tool.'
Kind = list[str]
def ask():
    def look(city: str) -> str:
        'The tool of the function.'
    class Kind:
        place: str
    Kind = {"title": "Kind", "type": "object", "properties": {"place": {"type": "string"}}}
    m = "demo/parrot"
    CALL
"""


@pytest.mark.parametrize(
    "call",
    [
        "x = %chat -q --once -m {{m}} --tools look --schema Kind Hello",
        "p = %chat_play --once -m {{m}} --tools look --schema Kind Hello\n    p.send()",
        "get_ipython().run_cell_magic('chat', '-q --once -m {{m}} --tools look --schema Kind', 'Hello')",
    ],
)
def test_tools_and_types_are_those_of_the_function(kernel, simulator, call):
    kernel.run(TOOLS_OF_A_FUNCTION.replace("CALL", call) + "ask()", **BATCH)
    sent = simulator.requests[-1].body
    assert sent["model"] == "demo/parrot"
    assert sent["tools"][0]["function"]["description"] == "The tool of the function."
    assert list(sent["response_format"]["json_schema"]["schema"]["properties"]) == ["place"]


def test_a_retry_keeps_the_tools_of_the_function(kernel, simulator):
    kernel.run(
        TOOLS_OF_A_FUNCTION.replace("CALL", "x = %chat -q -m {{m}} --tools look Hello") + "ask()", **BATCH
    )
    run = kernel.run("for each in [1]:\n    %chat_retry -t 0.5", **BATCH)
    assert run.reply["status"] == "ok", run.text
    sent = simulator.requests[-1].body
    assert sent["temperature"] == 0.5
    assert sent["tools"][0]["function"]["description"] == "The tool of the function."


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        (
            "%%chat --once \\\n    --max-cost 0.0001\nHello",
            "ends with a backslash: write all options on that line",
        ),
        ("%%chat -q\n-t 0.5 --once\nHello", "-t is below the line of %%chat"),
        ("%%chat --once \\\nHello", "The line of %%chat ends with a backslash"),
        ("%%chat -q\n\n\u200b-t 0.5\nHello", "There is an invisible character, U+200B, in -t"),
        ("%%chat -q\n\u2014temperature 0.5\nHello", "write --temperature"),
        ("%%chat -q \\\r\n-t 0.5\r\nHello", "ends with a backslash"),
        ("%%chat --once\n%%chat -t 0.5\nHello", "There is a second line of %%chat"),
        ("%%chat Explain: --max-cost 0.01\nHello", "--max-cost is behind the words"),
        ("%%chat Explain: --dry-run\nHello", "--dry-run is behind the words"),
        ("%%chat -c ab\u200bc\nHello", "There is an invisible character, U+200B, in abc"),
    ],
)
def test_options_below_the_first_line_are_refused(kernel, simulator, cell, words):
    run = kernel.run(cell, **BATCH)
    assert run.reply["status"] == "error"
    assert words in run.text
    assert simulator.requests == []


@pytest.mark.parametrize(
    "magic", ["\ufeff%%chat", "%%chat\u200b", "%%\u2060chat", "\uff05\uff05chat", "%%ch\u00adat"]
)
def test_a_magic_with_a_wrong_character_is_not_sent(kernel, simulator, magic):
    run = kernel.run(f"{magic} --once\nHello", **BATCH)
    assert run.reply["status"] == "error"
    assert simulator.requests == []


@pytest.mark.parametrize(
    ("cell", "sent"),
    [
        ("%%chat --once --\n-t 0.5 is an option.", "-t 0.5 is an option."),
        ("%%chat --once -- Explain: --max-cost 0.01\nHello", "Explain: --max-cost 0.01\n\nHello"),
        ("%%chat --once --raw\n\uff5b\uff5bx\uff5d\uff5d", "\uff5b\uff5bx\uff5d\uff5d"),
        ("%%chat --once Explain:\n--model a/b", "Explain:\n\n--model a/b"),
        ("%%chat\u00a0--once\nHello", "Hello"),
        ("%%chat --once\r\nHello\r\nworld\r\n", "Hello\nworld"),
    ],
)
def test_text_that_resembles_options_and_pasted_spaces_are_read(kernel, simulator, cell, sent):
    run = kernel.run(cell, **BATCH)
    assert run.reply["status"] == "ok", run.text
    assert simulator.requests[-1].body["messages"][-1]["content"] == sent


def test_a_system_prompt_of_one_word_is_named_where_more_words_follow(kernel):
    run = kernel.chat("--once -m demo/parrot -s Answer in French", **BATCH)
    assert "system prompt: Answer. Put several words between quotes" in run.text
    run = kernel.chat("--once -m demo/parrot -s 'Answer in French' now", **BATCH)
    assert "system prompt" not in run.text
