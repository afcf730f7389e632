"""Messages that no page of ours sends: each one is answered, and none that is refused sends a request."""

import logging

import pytest

from openrouter_nb.playground import commands, protocol, queries

DEEP = "x"
for _ in range(400):
    DEEP = [DEEP]
ODD = [
    None,
    True,
    -1,
    2**80,
    1.5,
    float("nan"),
    "",
    "no such",
    "\ud800",
    "__class__",
    "a" * 300_000,
    [],
    [[]],
    {},
    {"v": 1},
    DEEP,
]
TABLES = {"op": protocol.COMMANDS, "ask": protocol.QUERIES}
# These send requests or fetch models.
WORDS = [(kind, word) for kind, table in TABLES.items() for word in table if word != "models"]


ORDINARY = ["x", "x1", "user", True, 0, 1, [], *protocol.CODE_FORMATS, "ask", "json", "tool", "highlight"]


def forged(checks, places):
    """Yield fields for a word, with one odd value each; the other ones are those of a message that is carried out."""
    usual = {name: next(filter(check, [places.get(name, "x"), *ORDINARY])) for name, check in checks.items()}
    for name in checks:
        for value in ODD:
            yield usual | {name: value}
    yield {}


@pytest.mark.parametrize(("kind", "word"), WORDS, ids=lambda value: value)
def test_a_forged_message_is_answered(panel, caplog, sent, kind, word):
    _, page = panel("demo/parrot")
    page.op("add_message", role="user", text="Hi")
    places = {"item": page.last_item(), "column": page.column()["id"]}
    needed, optional = TABLES[kind][word]
    with caplog.at_level(logging.WARNING):
        for fields in forged({**needed, **optional}, places):
            id_ = next(page._ids)
            page.controller.receive({"v": 1, "id": id_, "kind": kind, kind: word, **fields}, [b"x"])
            answer, _ = page.wait_for(lambda id_=id_: page._answer(id_))
            assert "failed with" not in answer["problem"]
    assert caplog.records == []
    assert sent() == []


NO_MESSAGES = [
    *(None, [], "stop", 7, {}, {"v": 1}, {"v": 2, "id": 1, "kind": "stop"}),
    *({"v": 1, "id": 1, "kind": []}, {"v": 1, "id": 1, "kind": "op", "op": {}}),
    *({"v": 1, "id": 1, "kind": "op", "op": "__class__"}, {"v": 1, "id": "1", "kind": "op", "op": "undo"}),
    {"v": 1, "id": 1, "kind": "resync", "run": "no such"},
]


@pytest.mark.parametrize("content", NO_MESSAGES, ids=str)
def test_what_is_no_message_changes_nothing(panel, caplog, sent, content):
    _, page = panel("demo/parrot")
    before = page.controller.panel_traits()
    page.controller.receive(content)
    assert page.op("undo")  # an answer to a later message
    assert {**page.controller.panel_traits(), "undo": 0} == {**before, "undo": 0}
    assert caplog.records == []
    assert sent() == []


def test_an_exception_of_a_command_or_query_is_answered_and_logged(panel, caplog, monkeypatch):
    def fail(*_, **__):
        raise ZeroDivisionError

    _, page = panel("demo/parrot")
    monkeypatch.setitem(commands._COMMANDS, "undo", fail)
    monkeypatch.setitem(queries._QUERIES, "history", fail)
    id_ = next(page._ids)
    page.controller.receive({"v": 1, "id": id_, "kind": "ask", "ask": "history"})
    reply, _ = page.wait_for(lambda: page._answer(id_))
    for problem in (page.op("undo"), reply["problem"]):
        assert "failed with ZeroDivisionError" in problem
    assert [record.name for record in caplog.records] == ["asyncio"] * 2
