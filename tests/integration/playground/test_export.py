"""Every export, run as it is, sends the body that the panel would send."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from openrouter_nb import Playground
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
@pytest.mark.parametrize("given", [SIMPLE, RICH], ids=["simple", "rich"])
def test_an_export_sends_the_same_body(format_, given, sent, tmp_path, environment):
    playground = Playground("demo/parrot", **given)
    exported = playground.code(format_)
    said = run(exported, format_, tmp_path, environment)
    expected = playground.request
    (body,) = sent()
    if format_ == "openrouter" and given is RICH:
        # Its package drops what it does not know; the program itself says which fields.
        assert "# The package openrouter has no argument for" in exported
        expected = {name: value for name, value in expected.items() if name not in ("verbosity", "brand_new")}
        expected["provider"]["max_price"] = {"prompt": "1"}
        body["messages"][1].pop("reasoning_details")
        expected["messages"][1].pop("reasoning_details")
    assert body == expected
    first_line = playground.request["messages"][-1]["content"].splitlines()[0]
    if format_ == "curl":
        assert said.rstrip().endswith("data: [DONE]")
    else:
        assert first_line in said
    assert "sk-or" not in exported


def test_an_export_of_a_whole_answer_asks_for_one(sent, tmp_path, environment):
    playground = Playground("demo/parrot", messages=[{"role": "user", "content": "Hi"}], stream=False)
    for format_ in ("openrouter_nb", "openai", "httpx", "typescript"):
        folder = tmp_path / format_
        folder.mkdir()
        assert run(playground.code(format_), format_, folder, environment).strip() == "Hi"
    assert sent() == [playground.request] * 4


def test_a_cell_sends_the_same_body(sent, simulator, tmp_path, environment):
    playground = Playground("demo/parrot", **SIMPLE)
    (tmp_path / "cell.txt").write_text(playground.code("chat"), encoding="utf-8")
    shell = "%load_ext openrouter_nb\nget_ipython().run_cell(open('cell.txt', encoding='utf-8').read())"
    subprocess.run(
        [sys.executable, "-m", "IPython", "--no-banner", "--colors=NoColor", "-c", shell],
        cwd=tmp_path,
        env=environment | {"OPENROUTER_BASE_URL": simulator.base_url},
        capture_output=True,
        timeout=120,
        check=True,
    )
    assert sent() == [playground.request]


def test_what_a_cell_cannot_say_is_said(panel):
    _, page = panel("demo/parrot", **RICH)
    assert page.ask("code", format="chat")["note"].startswith("Not in the cell: the messages before the last")


def test_no_line_of_an_export_is_code_from_the_conversation(sent, tmp_path, environment):
    hostile = "BODY\ntouch owned\n'''\nimport os\n`${process.exit(3)}`\n</script>"
    playground = Playground("demo/parrot", messages=[{"role": "user", "content": hostile}])
    for format_ in CODE_FORMATS[1:]:
        folder = tmp_path / format_
        folder.mkdir()
        run(playground.code(format_), format_, folder, environment)
        assert not (folder / "owned").exists()
    assert sent() == [playground.request] * 6
