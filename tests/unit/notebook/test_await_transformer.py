"""Which cells IPython is made to await."""

import asyncio
import types

import pytest

from openrouter_nb.notebook.await_transformer import AwaitTransformer

AWAITED = "await get_ipython().magics_manager.registry['M'].awaited"


@pytest.fixture
def transform():
    shell = types.SimpleNamespace(autoawait=True)
    return AwaitTransformer(shell, "M", ("chat", "chat_retry"))


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("%%chat -t 0\nHello\n", f"{AWAITED}('chat', '-t 0', 'Hello\\n')\n"),
        ("%%chat\nHello\n", f"{AWAITED}('chat', '', 'Hello\\n')\n"),
        ("%%chat\tHi\n", f"{AWAITED}('chat', 'Hi', '')\n"),
        ("%%chat\n", f"{AWAITED}('chat', '', '')\n"),
        ("%chat Hello 'you'\n", f"{AWAITED}('chat', \"Hello 'you'\", None)\n"),
        ("x = %chat Hello\n", f"x = {AWAITED}('chat', 'Hello', None)\n"),
        ("# What is it?\n\n  # Say.\n%%chat -t 0\n# Hello\n", f"{AWAITED}('chat', '-t 0', '# Hello\\n')\n"),
        ("\n  %%chat\nHello\n", f"{AWAITED}('chat', '', 'Hello\\n')\n"),
        ("await %chat Hello\n", f"{AWAITED}('chat', 'Hello', None)\n"),
        ("x = await %chat Hello\n", f"x = {AWAITED}('chat', 'Hello', None)\n"),
        ("%chat_retry -m a/b\n\n", f"{AWAITED}('chat_retry', '-m a/b', None)\n"),
    ],
)
def test_a_chat_cell_becomes_an_awaited_call(transform, cell, code):
    assert "".join(transform(cell.splitlines(keepends=True))) == code


@pytest.mark.parametrize(
    "cell",
    [
        "print(1)\n",
        "%%time\n%%chat\nx\n",
        "%%chatter\nx\n",
        "%chat_history\n",
        "%chat a\nprint(1)\n",
        "x = 1 # %chat\n",
        "%%chat?\n",
        "# nothing\n",
        "x = 1\n%%chat\nHello\n",
        "await chat('Hello')\n",
        "%chat?\n",
        "",
    ],
)
def test_any_other_cell_stays_as_it_is(transform, cell):
    lines = cell.splitlines(keepends=True)
    assert transform(lines) == lines


def test_a_cell_inside_a_running_cell_stays_as_it_is(transform):
    transform._before()
    assert transform(["%%chat\n", "x\n"]) == ["%%chat\n", "x\n"]
    transform._after()
    assert transform(["%%chat\n", "x\n"]) != ["%%chat\n", "x\n"]


def test_without_autoawait_the_magic_runs_as_a_magic(transform):
    transform._shell.autoawait = False
    assert transform(["%%chat\n", "x\n"]) == ["%%chat\n", "x\n"]


def test_a_cell_after_one_whose_end_was_not_reported_becomes_an_awaited_call(transform):
    # JupyterLite runs each cell in a task, and does not trigger `post_execute` after an `await`.
    async def cell():
        transform._before()
        assert transform(["%%chat\n", "x\n"]) == ["%%chat\n", "x\n"]

    asyncio.run(cell())
    assert transform(["%%chat\n", "x\n"]) != ["%%chat\n", "x\n"]
