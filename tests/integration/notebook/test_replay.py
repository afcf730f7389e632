"""`--replay`: what a cell asked before is answered from the file."""

import json

import pytest
from support.kernel import NEW_EXTENSION


def sent(simulator):
    return [request.body for request in simulator.requests if request.path.endswith("/chat/completions")]


@pytest.fixture
def notebook(kernel, tmp_path):
    """The kernel of a notebook in a separate folder."""
    kernel.run(f"%cd -q {tmp_path}\nos.environ['JPY_SESSION_NAME'] = {str(tmp_path / 'lesson.ipynb')!r}")
    yield kernel
    kernel.run("os.environ.pop('OPENROUTER_NB_REPLAY', None); os.environ.pop('JPY_SESSION_NAME', None)")


def test_a_cell_that_runs_again_is_not_paid_again(notebook, simulator, tmp_path):
    first = notebook.chat("-m demo/reasoner --replay auto", cell_id="a", allow_stdin=False)
    second = notebook.chat("-m demo/reasoner --replay auto", cell_id="a", allow_stdin=False)
    assert len(sent(simulator)) == 1
    assert second.outputs == first.outputs
    assert notebook.run("_.replayed").text == "True"
    (line,) = (tmp_path / "lesson.openrouter.jsonl").read_text().splitlines()
    assert json.loads(line)["request"]["model"] == "demo/reasoner"
    assert "| 1 |" in notebook.run("%chat_cost").text


def test_restart_and_run_all_pays_nothing_the_second_time(notebook, simulator):
    cells = [
        ("-m demo/parrot", "One"),
        ("-m demo/reasoner", "Two"),
        ("-m demo/parrot,demo/tour --once", "Three"),
    ]
    notebook.run("os.environ['OPENROUTER_NB_REPLAY'] = 'auto'")
    for _ in range(2):
        notebook.run(NEW_EXTENSION)
        for options, prompt in cells:
            assert notebook.chat(options, prompt, allow_stdin=False).reply["status"] == "ok"
    assert len(sent(simulator)) == 4


def test_only_never_sends_and_the_banner_says_why(notebook, simulator):
    run = notebook.chat("-m demo/parrot --replay only", allow_stdin=False)
    assert run.reply["status"] == "error"
    assert "✗ Not in the replay file" in run.text
    assert "This request is not in lesson.openrouter.jsonl" in run.text
    assert "%chat_retry --replay auto" in run.text
    assert "nothing was sent" in run.text
    assert sent(simulator) == []


def test_a_whole_answer_is_kept_and_given_as_well(notebook, simulator):
    for _ in range(2):
        notebook.chat("-m demo/parrot --once --no-stream --replay auto", allow_stdin=False)
    assert notebook.run("_.replayed").text == "True"
    assert len(sent(simulator)) == 1


def test_of_a_loop_of_calls_the_requests_that_were_sent_are_counted(notebook, simulator):
    define = "from openrouter_nb import tool\n@tool(approve='auto')\ndef weather(city: str) -> int:\n    return degrees"
    notebook.run(f"degrees = 21\n{define}\n{NEW_EXTENSION}")
    cell = "-m demo/tools --tools weather --replay auto --once", "Warm in Lyon?"
    counted = []
    for degrees in (21, 21, 22):
        notebook.run(f"degrees = {degrees}")
        assert f"- {degrees}" in notebook.chat(*cell, allow_stdin=False).text
        row = notebook.run("%chat_cost").text.splitlines()[2].split("|")
        counted.append((int(row[3]), int(row[4])))
    assert [requests for requests, _ in counted] == [2, 2, 3]
    assert 0 < counted[1][1] < counted[2][1] < 2 * counted[1][1]
    assert len(sent(simulator)) == 3


def test_a_setting_holds_for_all_cells_and_a_wrong_word_is_refused(notebook, simulator):
    notebook.run("%config ChatMagics.replay = 'auto'")
    for _ in range(2):
        notebook.chat("-m demo/parrot --once", allow_stdin=False)
    assert len(sent(simulator)) == 1
    assert "Did you mean 'auto'" in notebook.chat("--replay atuo", allow_stdin=False).text
    notebook.run("%config ChatMagics.replay = ''\nos.environ['OPENROUTER_NB_REPLAY'] = 'yes'")
    assert "OPENROUTER_NB_REPLAY takes live, auto, only" in notebook.chat("", allow_stdin=False).text
