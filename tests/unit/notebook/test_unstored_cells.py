"""Cells that IPython's history does not have: they stand in for it only where it is empty."""

from types import SimpleNamespace

import pytest

from openrouter_nb.notebook.session import NotebookSession


@pytest.mark.parametrize(("history", "kept"), [([""], [("1 + 1", 2)]), (["", "a = 1"], [])])
def test_hidden_cells_are_kept_only_without_a_history(history, kept):
    session = NotebookSession(SimpleNamespace(history_manager=SimpleNamespace(input_hist_raw=history)))
    info = SimpleNamespace(store_history=False, raw_cell="1 + 1")
    session.note_result(SimpleNamespace(info=info, result=2))
    assert session.unstored == kept
