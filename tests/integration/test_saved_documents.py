"""What papermill and MyST-NB save of a chat cell and of a panel."""

import json
import os
import signal
import subprocess

import pytest
from support.environments import interpreter
from support.jupyter import write_notebook
from support.wire import until

CELLS = (
    "md:# Saved",
    "%load_ext openrouter_nb",
    "%%chat -m demo/tour\nShow me",
    "from openrouter_nb import Playground\np = Playground('demo/parrot')\np",
    "p.send('Is it **there**?')\nNone",
)
SLOW = "%%chat -m demo/slow -p simulator.wait_ms=0 -p simulator.pace_ms=0 -p simulator.hold_after=20\nHello"
CONFIGURATION = (
    "project = 'saved'\nextensions = ['myst_nb']\nnb_execution_mode = 'force'\nnb_execution_timeout = 120\n"
)
VIEW = "application/vnd.jupyter.widget-view+json"


@pytest.fixture
def start(simulator, tmp_path):
    """Starts a module of the environment with these programs: `start("papermill", "--version")`."""

    def start_module(module, *arguments):
        return subprocess.Popen(
            [interpreter("frontends"), "-m", module, *arguments],
            cwd=tmp_path,
            env={**os.environ, "OPENROUTER_BASE_URL": simulator.base_url},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
        )

    return start_module


def wait_for(process):
    said, _ = process.communicate()
    assert process.returncode == 0, said
    return said


@pytest.mark.frontend("papermill", "load", "saved output")
def test_papermill_saves_answers_and_the_conversation_of_a_panel(start, tmp_path):
    write_notebook(tmp_path / "source.ipynb", *CELLS)
    wait_for(start("papermill", "--no-progress-bar", "source.ipynb", "run.ipynb"))
    text = (tmp_path / "run.ipynb").read_text(encoding="utf-8")
    saved = json.loads(text)
    (answer,) = saved["cells"][2]["outputs"]
    assert set(answer["data"]) == {"text/html", "text/plain"}
    assert "".join(answer["data"]["text/plain"]).startswith("# A tour of what an answer can hold")
    _, conversation = saved["cells"][3]["outputs"]
    assert "".join(conversation["data"]["text/html"]).count("Is it <strong>there</strong>?") == 2
    assert VIEW not in text
    assert "widgets" not in saved["metadata"]


@pytest.mark.frontend("papermill", "Stop")
def test_ctrl_c_in_papermill_closes_the_request(start, simulator, tmp_path):
    write_notebook(tmp_path / "source.ipynb", "%load_ext openrouter_nb", SLOW)
    with start("papermill", "--no-progress-bar", "source.ipynb", "run.ipynb") as process:
        until(lambda: simulator.exchanges)
        process.send_signal(signal.SIGINT)
        said, _ = process.communicate()
    assert "Aborted!" in said
    simulator.wait_for_close()
    assert [exchange.outcome for exchange in simulator.exchanges] == ["client gone"]


@pytest.mark.frontend("MyST-NB", "load", "saved output")
def test_a_page_of_myst_nb_has_the_answers_and_no_dead_widget(start, tmp_path):
    book = tmp_path / "book"
    book.mkdir()
    (book / "conf.py").write_text(CONFIGURATION, encoding="utf-8")
    write_notebook(book / "index.ipynb", *CELLS)
    wait_for(start("sphinx", "-q", "-W", "-b", "html", str(book), "html"))
    page = (tmp_path / "html" / "index.html").read_text(encoding="utf-8")
    assert "A tour of what an answer can hold</h1>" in page
    assert page.count("Is it <strong>there</strong>?") == 2
    assert "A playground was displayed here" in page
    assert "widget-view" not in page
