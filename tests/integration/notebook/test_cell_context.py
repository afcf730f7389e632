"""`--context cell:ID` and `--context notebook`: what of the notebook is on the wire."""

import json
import re

import pytest

TARGET = "openrouter_nb.cells"
PNG = "iVBORw0KGgo="


@pytest.fixture
def ask(kernel, simulator):
    """Run a chat cell with a context; what the server saw of the notebook, its images in brackets."""

    def ask(context, *, cell_id="chat", cells=None, version=1):
        if cells is not None:
            kernel.open_comm(TARGET, {"version": version, "running": cell_id, "cells": cells})
        run = kernel.chat(f"--once --context {context}", "Why?", cell_id=cell_id)
        assert run.reply["status"] == "ok", run.text
        content = simulator.requests[-1].body["messages"][-1]["content"]
        parts = [{"type": "text", "text": content}] if isinstance(content, str) else content
        return "".join(part.get("text") or f"[{part['image_url']['url']}]" for part in parts), run.text

    return ask


def code(cell_id, source, *outputs, number=None):
    return {
        "id": cell_id,
        "cell_type": "code",
        "source": source,
        "execution_count": number,
        "outputs": list(outputs),
    }


def shown(text):
    return {"output_type": "display_data", "data": {"text/plain": text}}


def test_a_cell_is_asked_about_with_its_error_after_a_newer_error(kernel, ask):
    first = kernel.run("row = {'city': 'Lyon'}\nrow['town']", cell_id="first")
    kernel.run("1 / 0", cell_id="second")
    sent, note = ask("cell:first")
    assert "row['town']" in sent
    assert "KeyError: 'town'" in sent
    assert "ZeroDivisionError" not in sent
    assert f"context cell: KeyError of In[{first.reply['execution_count']}]" in note
    assert ask(f"cell:{first.reply['execution_count']}")[0] == sent


def test_an_expression_of_several_lines_is_in_the_traceback(kernel, ask):
    run = kernel.run("max(\n    1,\n    1 / 0,\n    int(\n        'x',\n    ),\n)", cell_id="several")
    assert [output["output_type"] for output in run.outputs] == ["error"]
    run = kernel.run("int(\n    'x',\n)", cell_id="several")
    assert [output["output_type"] for output in run.outputs] == ["error"]
    sent, _ = ask("cell:several")
    assert "ValueError: invalid literal" in sent


def test_the_last_run_of_a_cell_counts(kernel, ask):
    kernel.run("missing_name", cell_id="a")
    run = kernel.run("print('mended')", cell_id="a")
    sent, note = ask("cell:a")
    assert "<cell>\nprint('mended')\n</cell>" in sent
    assert "NameError" not in sent
    assert f"In[{run.reply['execution_count']}]" in note


def test_a_changed_cell_is_sent_as_it_failed(kernel, ask):
    kernel.run("1 / 0", cell_id="a")
    sent, note = ask("cell:a", cells=[code("a", "1 / 2", number=3)])
    assert "1 / 0\n# its error:" in sent
    assert "changed since" in note


def test_a_cell_that_this_kernel_has_not_run_is_that_of_the_page(ask):
    trace = {"output_type": "error", "traceback": ["\x1b[31mKeyError\x1b[0m: 'town'"], "evalue": ""}
    sent, _ = ask("cell:old", cells=[code("old", "row['town']", trace)])
    assert "<cell>\nrow['town']\n# error:\nKeyError: 'town'\n</cell>" in sent


def test_secrets_of_a_cell_are_removed(kernel, ask):
    key = "sk-or-v1-" + "0123456789abcdef" * 4
    kernel.run(f"key = '{key}'\nraise ValueError(key)", cell_id="a")
    sent, note = ask("cell:a")
    assert key not in sent
    assert "1 secret removed" in note
    sent, note = ask("notebook", cells=[code("a", "env", shown(key))])
    assert key not in sent
    assert "1 secret removed" in note


@pytest.mark.parametrize(
    ("context", "words"),
    [
        ("cell:none", "this kernel has not run a cell with this id or number"),
        ("cell:", "--context takes above, last, error, notebook or cell:N, not 'cell:'"),
        ("cel:3", "--context takes above, last, error, notebook or cell:N, not 'cel:3'"),
    ],
)
def test_an_unknown_cell_is_an_error_before_anything_is_sent(kernel, simulator, context, words):
    before = len(simulator.requests)
    run = kernel.chat(f"--context {context}", "Why?")
    assert run.reply["status"] == "error"
    assert words in run.text
    assert len(simulator.requests) == before


def test_the_notebook_is_sent_in_its_order_without_chat_cells(ask):
    cells = [
        {"id": "m", "cell_type": "markdown", "source": ["# Sales\n", "of 2026"]},
        code("a", "df", shown("   x\n0  1"), number=1),
        code("q", "%%chat\nAn earlier question", shown("An earlier answer"), number=2),
        code("b", "plot()", {"output_type": "display_data", "data": {"image/png": PNG}}, number=3),
        code("c", "print(1)", {"output_type": "stream", "text": ["1\n", "2\n"]}, number=4),
        code("empty", "  "),
        code("chat", "%%chat --context notebook\nWhy?"),
    ]
    sent, note = ask("notebook", cells=cells)
    assert (
        "<notebook>\n# cell 1, markdown\n# Sales\nof 2026\n\n"
        "# cell 2\ndf\n# displayed:\n   x\n0  1\n\n"
        f"# cell 4\nplot()\n# displayed:\n[data:image/png;base64,{PNG}]\n\n"
        "# cell 5\nprint(1)\n# printed:\n1\n2\n</notebook>"
    ) in sent
    assert "earlier" not in sent
    assert "context notebook: 4 cells" in note


def test_what_exceeds_the_limit_is_named_and_the_last_run_is_kept(ask):
    long = "x = 1  # " + "a" * 9_000
    cells = [code(str(number), long, number=40 - number) for number in range(20)]
    sent, note = ask("notebook", cells=cells)
    kept = [int(number) for number in re.findall(r"# cell (\d+)\n", sent)]
    assert kept == list(range(1, len(kept) + 1))
    assert 5 < len(kept) < 12
    assert f"context notebook: {len(kept)} of 20 cells, without cells {len(kept) + 1} to 20" in note


def test_a_long_output_keeps_its_beginning_and_its_end(ask):
    sent, _ = ask("notebook", cells=[code("a", "f()", shown("begin" + "a" * 50_000 + "end"), number=1)])
    assert "# displayed:\nbegin" in sent
    assert "aaaend\n</notebook>" in sent
    assert "[40,008 characters left out]" in sent


def test_without_the_extension_the_notebook_is_its_file(kernel, ask, tmp_path):
    path = tmp_path / "sales.ipynb"
    path.write_text(json.dumps({"cells": [code("a", ["x = 1\n", "x"], shown("1"))]}), encoding="utf-8")
    kernel.run(f"import os; os.environ['JPY_SESSION_NAME'] = {str(path)!r}")
    sent, note = ask("notebook")
    assert "# cell 1\nx = 1\nx\n# displayed:\n1\n</notebook>" in sent
    assert "context notebook: 1 cell, as last saved" in note


def test_a_notebook_without_a_name_is_an_error(kernel, simulator):
    before = len(simulator.requests)
    kernel.run("import os; os.environ.pop('JPY_SESSION_NAME', None)")
    run = kernel.chat("--context notebook", "Why?")
    assert "the frontend does not name the notebook. Use --context above" in run.text
    assert len(simulator.requests) == before


def test_a_message_of_another_version_or_for_another_cell_is_not_used(kernel, ask):
    kernel.run("1 / 0", cell_id="a")
    for options in ({"version": 2}, {"cells": "none"}):
        sent, _ = ask("cell:a", **{"cells": [code("a", "other")], **options})
        assert "1 / 0" in sent
    kernel.open_comm(TARGET, {"version": 1, "running": "another", "cells": [code("b", "2 / 0")]})
    run = kernel.chat("--context cell:b", "Why?", cell_id="chat")
    assert "this kernel has not run a cell" in run.text


def test_what_the_page_sent_is_used_for_one_run(kernel, ask):
    sent, _ = ask("cell:once", cells=[code("once", "3 / 0")])
    assert "3 / 0" in sent
    run = kernel.chat("--context cell:once", "Why?", cell_id="chat")
    assert "this kernel has not run a cell" in run.text
