"""The Tab key, as a frontend asks for it."""

import IPython
import pytest

MARK = "|"


@pytest.fixture(scope="module")
def complete(_kernel):
    """Return the completions at the mark: the replaced text, and the candidates."""

    def ask(code):
        position = code.index(MARK)
        code = code.replace(MARK, "", 1)
        reply = _kernel.client.complete(code, position, reply=True, timeout=60)["content"]
        assert reply["status"] == "ok"
        return code[reply["cursor_start"] : reply["cursor_end"]], reply["matches"]

    return ask


@pytest.fixture(autouse=True)
def _ready(kernel, simulator, tmp_path):
    (tmp_path / "data.csv").write_text("x")
    (tmp_path / ".hidden").write_text("x")
    (tmp_path / "folder").mkdir()
    kernel.run(f"%cd -q {tmp_path}\nmy_frame = 1\n%chat_models parrot")
    kernel.chat("-c research", allow_stdin=False)
    ready = len(simulator.requests)
    yield
    assert len(simulator.requests) == ready, "something was sent while typing"


def test_what_may_stand_where_the_cursor_is(complete):
    """One kernel, all places: (what is typed, what of it is replaced, one of the words, one that must not be there)."""
    places = [
        ("%%chat --ma|", "--ma", "--max-tokens", "--model"),
        ("%%chat -t 0.5 --|", "--", "--top-p", "-t"),
        ("%%chat |", "", "--system", "my_frame"),
        ("%%chat -m demo/pa|", "demo/pa", "demo/parrot", "demo/tour"),
        ("%%chat -m parr|", "parr", "demo/parrot", "demo/tour"),
        ("%%chat -m demo/tour,demo/pa|", "demo/pa", "demo/parrot", "demo/tour"),
        ("%%chat --model=demo/pa|", "demo/pa", "demo/parrot", "demo/tour"),
        ("%%chat -c |", "", "research", "my_frame"),
        ("%%chat -r |", "", "xhigh", "demo/tour"),
        ("%%chat --format=|", "", "json", "xhigh"),
        ("%%chat --logprobs=|", "", "true", "json"),
        ("%%chat --context |", "", "error", "json"),
        ("%%chat -o my|", "my", "my_frame", "my_frame="),
        ("%%chat -i my|", "my", "my_frame", "data.csv"),
        ("%%chat --file |", "", "data.csv", ".hidden"),
        ("%%chat --file fo|", "fo", "folder/", "data.csv"),
        ("%%chat -s @da|", "da", "data.csv", "folder/"),
        ("%%chat -s {{my|", "my", "my_frame", "data.csv"),
        ("%%chat -p tem|", "tem", "temperature=", "top_p="),
        ('%%chat -s "be terse" -m demo/pa|', "demo/pa", "demo/parrot", "demo/tour"),
        ("%%openrouter --ma|", "--ma", "--max-tokens", "--model"),
        ("%chat --ma|", "--ma", "--max-tokens", "--model"),
        ("x = %chat -m demo/pa|", "demo/pa", "demo/parrot", "demo/tour"),
        ("y = 1\n%chat --ma|", "--ma", "--max-tokens", "--model"),
        ("%chat_retry -m demo/pa|", "demo/pa", "demo/parrot", "demo/tour"),
        ("%chat_history re|", "re", "research", "my_frame"),
        ("%chat_reset re|", "re", "research", "my_frame"),
        ("%chat_config bud|", "bud", "budget=", "model="),
        ("%chat_config on_error=|", "", "banner", "true"),
        ("%chat_config budget=1 model=demo/pa|", "demo/pa", "demo/parrot", "demo/tour"),
        ("%%chat --tools other,my|", "my", "my_frame", "demo/tour"),
        ("%chat_models --fr|", "--fr", "--free", "--tools"),
        ("%chat_key --st|", "--st", "--store", "--forget"),
        ("%%chat\nLook at {{my|", "my", "my_frame", "mystery"),
        ("%%chat -m a/b\nOne\nLook at {{ |", "", "my_frame", "--model"),
    ]
    for code, fragment, there, absent in places:
        replaced, matches = complete(code)
        assert (code, replaced) == (code, fragment)
        assert there in matches, code
        assert absent not in matches, code


def test_keywords_of_calls(kernel, complete):
    kernel.run(
        "import openrouter_nb\nfrom openrouter_nb import Chat, OpenRouter, achat, achat_map, acompare, chat\n"
        "from openrouter_nb import chat_map, compare, run_tools, stream\n"
        "talk = Chat()\nclient = OpenRouter('sk-or-v1-test')\n"
        "class Trap:\n    @property\n    def chat(self):\n        raise SystemExit\ntrap = Trap()"
    )
    calls = [
        'chat("Hi", temp|',
        'chat("a (b", model="x", temp|',
        'print(chat("Hi", temp|',
        'chat(dict(a=1)["a"], temp|',
        'openrouter_nb.chat("Hi", temp|',
        'chat_map("{{row}}", rows, temp|',
        'await achat("Hi", temp|',
        'stream("Hi", temp|',
        'compare("Hi", ["a/b"], temp|',
        'await acompare("Hi", ["a/b"], temp|',
        'run_tools("Hi", look, temp|',
        'await achat_map("{{row}}", rows, temp|',
        "Chat(temp|",
        'talk("Hi", temp|',
        "client.chat.send(temp|",
        'y = 1\nfor _ in range(3):\n    chat("Hi", temp|',
    ]
    if IPython.version_info[0] > 7:  # IPython 7 gives the completer only the line
        calls.append('x = chat(\n    "Hi",\n    temp|')
    for code in calls:
        replaced, matches = complete(code)
        assert replaced == "temp"
        assert "temperature=" in matches, code
    assert {"schema=", "tools=", "max_cost=", "timeout_ms="} <= set(complete("chat_map('', [], |")[1])
    for code in (
        'print("Hi", temp|',
        'chat("temp|',
        "chat('Hi', 'temp|",
        "chat('Hi', '''temp|",
        "chat(temperature=temp|",
        "temp|",
        # IPython 7 itself gets the property, which ends the kernel.
        *(["trap.chat(temp|"] if IPython.version_info[0] > 7 else []),
        "chat('x')(temp|",
    ):
        assert "temperature=" not in complete(code)[1], code


@pytest.mark.parametrize(
    "code", ["%%chat -t 1 Tell me --ma|", "%%chat -- --ma|", "%%chat\nprose --ma|", "x = 1 --ma|"]
)
def test_prose_and_code_are_left_alone(complete, code):
    assert "--max-tokens" not in complete(code)[1]


def test_what_was_unloaded_completes_nothing(kernel, complete):
    kernel.run("%unload_ext openrouter_nb")
    assert "--max-tokens" not in complete("%%chat --ma|")[1]
