"""Live answers and the panel in a frontend that is not IPython."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = Path(__file__).resolve().parents[2] / "support" / "other_frontend.py"
PROMPT = "Say **this** back."


def run_program(simulator, kind, model):
    return subprocess.run(
        [sys.executable, PROGRAM, kind, model, PROMPT],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "OPENROUTER_API_KEY": "sk-or-x", "OPENROUTER_BASE_URL": simulator.base_url},
    )


@pytest.fixture
def show(simulator):
    def show(kind, model="demo/echo"):
        return json.loads(run_program(simulator, kind, model).stdout.splitlines()[-1])

    return show


@pytest.mark.parametrize("kind", ["updates", "final"])
def test_an_answer_and_a_panel_are_shown_without_ipython(show, kind):
    shown = show(kind)
    assert shown["ipython"] == []
    assert shown["text"]
    last = shown["live"][-1]
    assert set(last["bundle"]) == {"text/html", "text/plain"}
    assert shown["text"] in last["bundle"]["text/plain"]
    assert last["metadata"]["openrouter_nb"]["model"] == "demo/echo"
    (panel,) = shown["panel"]
    assert "Say" in panel["bundle"]["text/html"]


def test_updates_replace_one_display(show):
    shown = show("updates", "demo/slow")["live"]
    assert len({display["display_id"] for display in shown}) == 1
    assert [display["update"] for display in shown] == [False] + [True] * (len(shown) - 1)
    assert len(shown) >= 3


def test_a_terminal_gets_the_text(simulator):
    done = run_program(simulator, "terminal", "demo/echo")
    *written, report = done.stdout.splitlines()
    assert json.loads(report)["live"] == []
    assert json.loads(report)["text"] in "\n".join(written)
