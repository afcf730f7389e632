"""What stays in a notebook: a conversation to read, no dead widget, and no key."""

import json

import nbformat
import pytest
from nbclient import NotebookClient

KEY = "sk-or-v1-5e1f5e1f5e1f5e1f5e1f5e1f"
VIEW = "application/vnd.jupyter.widget-view+json"


@pytest.fixture
def saved(server, tmp_path, monkeypatch):  # noqa: ARG001 - the kernel sends its requests there
    """Run cells as nbclient does, and return the notebook with its outputs."""
    monkeypatch.setenv("OPENROUTER_API_KEY", KEY)

    def run(*cells, **environment):
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
        NotebookClient(notebook, timeout=120, resources={"metadata": {"path": str(tmp_path)}}).execute()
        return notebook

    return run


OPEN = "from openrouter_nb import Playground\np = Playground('demo/parrot', system='Be <b>kind</b>.')\np"
HOSTILE = "<script>alert(1)</script> ![x](http://127.0.0.1:9/x.png)"


def test_after_closing_the_output_is_the_conversation(saved):
    notebook = saved(OPEN, f"p.send({HOSTILE!r})\np.close()\nlen(p.messages)")
    (output,) = notebook.cells[0].outputs
    assert set(output.data) == {"text/html", "text/plain"}
    assert "Run this cell again" in output.data["text/plain"]
    assert "## demo/parrot" in output.data["text/plain"]
    assert "<script" not in output.data["text/html"]
    assert "<img" not in output.data["text/html"]
    assert "&lt;b&gt;kind" in output.data["text/html"]


def test_nothing_that_is_saved_holds_the_key(saved):
    notebook = saved(OPEN, "p.send('Hi')\np.params['user'] = 'x'\np.request")
    text = json.dumps(notebook)
    assert VIEW in text
    assert "widgets" in notebook.metadata
    assert KEY not in text
    assert KEY[9:] not in text


def test_where_outputs_are_compared_there_is_no_widget(saved):
    notebook = saved(OPEN, OPENROUTER_NB_LIVE="0")
    assert VIEW not in json.dumps(notebook)
    assert notebook.metadata.get("widgets") is None
