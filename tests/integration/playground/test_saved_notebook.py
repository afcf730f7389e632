"""What stays in a notebook: a conversation to read, no dead widget, and no key."""

import json

import nbformat
import pytest
from nbclient import NotebookClient
from nbconvert import HTMLExporter

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
    panel, conversation = notebook.cells[0].outputs
    assert set(panel.data) == set(conversation.data) == {"text/html", "text/plain"}
    assert "Run this cell again" in panel.data["text/plain"]
    assert "## demo/parrot" in conversation.data["text/plain"]
    assert "<script" not in conversation.data["text/html"]
    assert "<img" not in conversation.data["text/html"]
    assert "&lt;b&gt;kind" in conversation.data["text/html"]


def test_what_is_said_after_it_is_shown_is_kept_without_closing_it(saved):
    notebook = saved(
        OPEN,
        "p.send('First')",
        "p.messages.append({'role': 'user', 'content': 'Second'})",
        "p.send(wait=False)\np.wait()",
        "p.send('Third', wait=False)",
        "p.wait(60)",
    )
    _, conversation = notebook.cells[0].outputs
    said = conversation.data["text/plain"]
    assert [said.count(word) for word in ("First", "Second", "Third")] == [2, 2, 2]
    assert "demo/parrot · Simulator" in said
    assert "[Here was" not in said


def test_what_was_said_before_it_is_shown_is_kept_at_once(saved):
    notebook = saved(f"{OPEN[:-2]}\np.send('Before')\np")
    _, conversation = notebook.cells[0].outputs
    assert "## You\n\nBefore" in conversation.data["text/plain"]


@pytest.mark.frontend("nbclient, nbconvert", "load", "saved output")
def test_a_batch_run_saves_no_widget(saved):
    """Without a kernel, MyST-NB, Quarto and nbconvert would show a panel that does nothing."""
    notebook = saved(OPEN, "p.send('Is it **there**?')\nNone")
    assert VIEW not in json.dumps(notebook)
    assert "widgets" not in notebook.metadata
    page, _ = HTMLExporter().from_notebook_node(notebook)
    assert page.count("Is it <strong>there</strong>?") == 2
    assert "A playground was displayed here: run this cell again to open it." in page


@pytest.mark.parametrize("variable", ["SERVER_PROTOCOL", "VOILA_BASE_URL", "OPENROUTER_NB_LIVE"])
def test_a_batch_run_for_a_page_has_the_panel(saved, variable):
    notebook = saved(OPEN, "p.send('Is it **there**?')\nNone", **{variable: "widget"})
    panel, conversation = notebook.cells[0].outputs
    assert VIEW in panel.data
    assert "## You" in conversation.data["text/plain"]
    live, _ = HTMLExporter().from_notebook_node(notebook)
    del notebook.metadata["widgets"]
    static, _ = HTMLExporter().from_notebook_node(notebook)
    for page in (live, static):
        assert page.count("Is it <strong>there</strong>?") == 2
    assert "A playground was displayed here" not in live
    assert "A playground was displayed here" in static


@pytest.mark.parametrize("live", ["", "widget"])
def test_nothing_that_is_saved_holds_the_key(saved, live):
    cells = (OPEN, "p.send('Hi')\np.params['user'] = 'x'\np.request")
    notebook = saved(*cells, OPENROUTER_NB_LIVE=live)
    text = json.dumps(notebook)
    assert (VIEW in text) == ("widgets" in notebook.metadata) == bool(live)
    assert KEY not in text
    assert KEY[9:] not in text


def test_where_outputs_are_compared_there_is_no_widget(saved):
    notebook = saved(OPEN, OPENROUTER_NB_LIVE="0")
    assert VIEW not in json.dumps(notebook)
    assert notebook.metadata.get("widgets") is None
