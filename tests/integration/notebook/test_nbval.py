"""A course: a notebook recorded once with `auto` passes `pytest --nbval` with `only`, without a key or a server."""

import os
import subprocess
import sys

import nbformat
import pytest
from ipykernel import version_info
from nbclient import NotebookClient
from support.kernel import Kernel

# Of the whole environment, the one variable that is documented stays to be set.
WITHOUT_SETTINGS = {name: value for name, value in os.environ.items() if not name.startswith("OPENROUTER_")}
NO_SERVER = "http://127.0.0.1:9/api/v1"
FAILS = {"tags": ["raises-exception"]}
CELLS = [
    "%load_ext openrouter_nb\nfrom openrouter_nb import chat, chat_map, compare, tool",
    "%chat_config model=demo/parrot",
    "%%chat\nText, with a price of $5",
    "%%chat -m demo/reasoner\nReasoning",
    "%%chat -m demo/tour -f text\nAnother format",
    "@tool(approve='auto')\ndef weather(city: str) -> str:\n    print('asked')\n    return 'sunny in ' + city",
    "%%chat -m demo/tools --tools weather --once\nWarm in Lyon?",
    "%%chat -m demo/images --once\nA picture",
    "%%chat -m demo/citations --once\nSources",
    "%%chat -m demo/parrot,demo/reasoner,demo/error-402 --once\nSide by side",
    "from dataclasses import dataclass\n@dataclass\nclass City:\n    name: str\n    people: int",
    "%%chat -m demo/structured --schema City --once -o city\nLyon",
    "city",
    "%%chat --context above --once\nThe cells above",
    "%%chat --context last --once\nThe last value",
    ("1 / 0", FAILS),
    "%%chat --context error --once\nThe last error",
    "%%chat --bg -c slow\nIn the background",
    "%%chat -c slow -o reply\nAfter it",
    "reply",
    "_.text",
    ("%%chat -m demo/error-402 --once\nAn error of the service", FAILS),
    ("%%chat -m demo/error-429 --once\nAfter three attempts", FAILS),
    ("%%chat -m demo/midstream-error --once\nA part of an answer", FAILS),
    ("%%chat -m demo/nothing-like-it --once\nAn unknown model", FAILS),
    ("%%chat --temprature 1\nA mistake in the options", FAILS),
    "chat('As the value of a cell', model='demo/reasoner')",
    "compare('Compared', ['demo/parrot', 'demo/reasoner'])",
    "rows = chat_map('Say {{word}}.', [{'word': word} for word in 'abc'], model='demo/parrot')",
    "rows",
    "rows.records",
    "%%chat --dry-run\nOnly shown",
    "%%chat -m demo/parrot,demo/reasoner --dry-run --once\nOnly shown",
    "%chat_history",
]


def notebook(*more):
    pairs = [(cell, {}) if isinstance(cell, str) else cell for cell in (*CELLS, *more)]
    cells = [nbformat.v4.new_code_cell(source, metadata=metadata) for source, metadata in pairs]
    kernel = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}
    return nbformat.v4.new_notebook(cells=cells, metadata=kernel)


def by_program(path, mode, env=None):
    """Run as nbconvert and `jupyter execute` do, and save."""
    book = nbformat.read(path, as_version=4)
    client = NotebookClient(
        book, record_timing=False, allow_errors=True, resources={"metadata": {"path": str(path.parent)}}
    )
    client.execute(env={**WITHOUT_SETTINGS, "OPENROUTER_NB_REPLAY": mode, **(env or {})})
    nbformat.write(book, path)
    return book


def by_hand(path, mode, env):
    """Run and save as JupyterLab does: with live displays, and a name for the notebook."""
    book = nbformat.read(path, as_version=4)
    with Kernel(env={"OPENROUTER_NB_REPLAY": mode, "JPY_SESSION_NAME": str(path), **env}) as kernel:
        for cell in book.cells:
            run = kernel.start(cell.source, cell_id=cell.id)
            if "--bg" in cell.source:
                run.until(lambda run=run: "turn 1]" in run.text)
            run.finish()
            cell.outputs = [nbformat.from_dict(output) for output in run.outputs]
            cell.execution_count = run.reply["execution_count"]
    nbformat.write(book, path)


@pytest.mark.frontend("nbval", "load", "saved output")
@pytest.mark.parametrize("record", [by_program, by_hand])
def test_a_notebook_recorded_once_passes_nbval_strictly(simulator, tmp_path, record):
    path = tmp_path / "lesson.ipynb"
    nbformat.write(notebook("from openrouter_nb import Playground\nPlayground()"), path)
    record(path, "auto", {"OPENROUTER_BASE_URL": simulator.base_url})
    requests = len(simulator.requests)
    program = [sys.executable, "-m", "pytest", "--nbval", "-p", "no:cacheprovider", "-c", os.devnull]
    done = subprocess.run(
        [*program, path.name],
        cwd=tmp_path,
        env={**WITHOUT_SETTINGS, "OPENROUTER_NB_REPLAY": "only", "OPENROUTER_BASE_URL": NO_SERVER},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-6000:]
    assert f"{len(CELLS) + 1} passed" in done.stdout
    assert len(simulator.requests) == requests


@pytest.mark.skipif(version_info[0] < 7, reason="ipykernel 6 names its process in tracebacks")
def test_replays_change_no_byte_of_the_notebook(simulator, tmp_path):
    """So nbdime shows no difference: outputs, their metadata, tracebacks and the numbers of executions are the same."""
    path = tmp_path / "lesson.ipynb"
    nbformat.write(notebook(), path)
    by_program(path, "auto", {"OPENROUTER_BASE_URL": simulator.base_url})
    saved = [path.read_text()]
    for mode in ("only", "only"):
        by_program(path, mode, {"OPENROUTER_BASE_URL": NO_SERVER})
        saved.append(path.read_text())
    assert saved[1] == saved[2]
    assert saved[0] == saved[1]


def test_chat_verify_names_the_cells_that_are_not_as_recorded(kernel, simulator, tmp_path):
    kernel.run(f"%cd -q {tmp_path}\nos.environ['JPY_SESSION_NAME'] = {str(tmp_path / 'lesson.ipynb')!r}")
    # Other tests use this kernel as well.
    kernel.run(
        "from openrouter_nb import chat\nfrom openrouter_nb.replay.lookups import LOOKUPS\nLOOKUPS.clear()"
    )
    assert "No cell has used a replay file" in kernel.run("%chat_verify").text
    cells = {"a": "%%chat -m demo/parrot\nWhy is the sky blue?", "b": "%%chat -m demo/parrot\nAnd why red?"}
    cells["c"] = "chat('Alone', model='demo/parrot', seed=1).text"
    for mode in ("auto", "only"):
        kernel.run(f"%reload_ext openrouter_nb\nos.environ['OPENROUTER_NB_REPLAY'] = {mode!r}")
        for cell_id, source in cells.items():
            kernel.run(source, cell_id=cell_id)
    assert "3 of 3 cells were replayed" in kernel.run("%chat_verify").text

    cells |= {"b": cells["b"].replace("red", "green"), "c": cells["c"].replace("seed=1", "seed=2")}
    kernel.run("%reload_ext openrouter_nb\n%chat_config on_error=banner")
    runs = [kernel.run(source, cell_id=cell_id) for cell_id, source in cells.items()]
    difference = "messages[2].content: And why red? → And why green?"
    assert "Nearest recording → this request:" in runs[1].text
    assert difference in runs[1].text
    assert "seed: 1 → 2" in runs[2].text
    shown = kernel.run("%chat_verify").outputs[0]["data"]
    html, lines = shown["text/html"], shown["text/plain"].splitlines()
    assert "1 of 3 cells were replayed" in lines[-1]
    assert lines[1].endswith("replayed")
    assert html.count("not recorded, not sent") == 2
    assert difference in html
    assert "seed: 1 → 2" in html
    assert len([each for each in simulator.requests if each.path.endswith("/chat/completions")]) == 3
    kernel.run("del os.environ['OPENROUTER_NB_REPLAY'], os.environ['JPY_SESSION_NAME']")
