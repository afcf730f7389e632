"""IPython as a frontend, with kernels that are not ipykernel."""

import types

import pytest

from openrouter_nb.live.ipython_frontend import IPythonFrontend

REQUEST = {"header": {"msg_id": "a-1"}, "metadata": {"cellId": "c"}, "content": {"allow_stdin": True}}


@pytest.mark.parametrize(
    "get_parent", [lambda _channel: REQUEST, lambda: REQUEST], ids=["channels", "one channel"]
)
def test_the_request_of_the_cell_is_known(get_parent):
    frontend = IPythonFrontend(types.SimpleNamespace(kernel=types.SimpleNamespace(get_parent=get_parent)))
    assert (frontend.cell_id, frontend.is_interactive, frontend.view_kind) == ("c", True, "widget")


def test_where_messages_of_a_page_wait_for_the_end_of_the_cell_an_answer_has_a_widget_only_after_it():
    kernel = types.SimpleNamespace(get_parent=lambda _channel: REQUEST, msg_queue=object())  # ipykernel 6
    shell = types.SimpleNamespace(kernel=kernel)
    assert IPythonFrontend(shell).view_kind == "updates"
    assert IPythonFrontend(shell, outlives_cell=True).view_kind == "widget"


def test_a_kernel_without_requests_has_no_cell():
    frontend = IPythonFrontend(types.SimpleNamespace(kernel=types.SimpleNamespace()))
    assert (frontend.cell_id, frontend.view_kind) == (None, "updates")
