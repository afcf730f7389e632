"""Conversations are stored with each turn, and another panel can open, continue, run again, delete and import them."""

import json
from pathlib import Path

import pytest

from openrouter_nb import history

KEY = "sk-or-v1-" + "5e1f" * 8


@pytest.fixture
def stored(panel):
    """A panel with one stored exchange, and the id of its conversation."""

    def ask(text="Hello there", model="demo/parrot", **params):
        playground, page = panel(model, **params)
        page.tell("submit", text=text)
        page.ended()
        return playground, page, playground.conversation

    return ask


def rows(page, search=""):
    return [(row["title"], row["messages"]) for row in page.ask("conversations", search=search)["rows"]]


def test_a_turn_is_stored_when_it_begins_and_when_it_ends(panel, server):
    playground, page = panel("demo/parrot", extra_body={"simulator": {"hold_after": 1}})
    page.tell("submit", text="Keep this")
    page.wait_for(lambda: page.state["history"]["changes"] == 1)
    assert rows(page) == [("Keep this", 1)]
    server.release()
    page.ended()
    assert rows(page, "keep") == [("Keep this", 2)]
    (row,) = history.conversations()
    assert (row.id, row.models, row.cost) == (playground.conversation, ("demo/parrot",), playground.cost)
    assert row.tokens_in > 0 < row.tokens_out
    assert history.read_messages(row.id) == playground.messages


def test_nothing_is_stored_before_a_request_or_while_it_is_off(panel, monkeypatch):
    _, page = panel("demo/parrot", messages=[{"role": "user", "content": "Not sent"}])
    page.op("add_message", role="user", text="Not sent either")
    assert rows(page) == []
    monkeypatch.setenv("OPENROUTER_NB_HISTORY", "off")
    playground, page = panel("demo/parrot")
    page.tell("submit", text="Hi")
    page.ended()
    assert (playground.conversation, page.state["history"]["on"]) == ("", False)
    assert not history.file().exists()


def test_another_panel_opens_it_and_can_undo_that(stored, panel):
    _, _, id_ = stored("First question", temperature=0.5)
    playground, page = panel(["demo/tour", "demo/json"], messages=[{"role": "user", "content": "Mine"}])
    assert page.op("history_open", conversation=id_) == ""
    assert page.texts() == [("user", "First question"), ("assistant", "First question")]
    assert (playground.models, playground.params) == (["demo/parrot"], {"temperature": 0.5})
    assert page.state["thread"][1]["cards"][0]["stats"]["model"] == "demo/parrot"
    assert page.state["history"]["current"] == id_
    page.op("undo")
    assert (playground.models, playground.params) == (["demo/tour", "demo/json"], {})
    assert page.texts() == [("user", "Mine")]
    assert page.state["history"]["current"] == ""
    page.op("redo")
    assert (playground.models, page.state["history"]["current"]) == (["demo/parrot"], id_)


def test_an_opened_conversation_is_continued_and_a_fork_leaves_it_alone(stored, panel):
    _, _, id_ = stored("One")
    other, page = panel("demo/tour")
    page.op("history_open", conversation=id_, fork=True)
    page.tell("submit", text="Two")
    page.ended()
    assert other.conversation not in ("", id_)
    assert [message["content"] for message in history.read_messages(id_)] == ["One", "One"]
    third, page = panel("demo/tour")
    third.open_conversation(id_)
    page.tell("submit", text="Three")
    page.ended()
    assert third.conversation == id_
    assert [message["content"] for message in history.read_messages(id_)] == ["One", "One", "Three", "Three"]


def test_it_is_run_again_as_another_conversation(stored, panel, sent):
    _, _, id_ = stored("Say it again", temperature=0.7)
    before = sent()[-1]
    playground, page = panel("demo/tour")
    assert page.op("history_open", conversation=id_, run=True) == ""
    page.ended()
    assert sent()[-1] == before
    assert page.texts() == [("user", "Say it again"), ("assistant", "Say it again")]
    assert playground.conversation != id_


def test_one_without_a_question_is_not_run_and_changes_nothing(panel):
    id_ = history.import_conversation(json.dumps([{"role": "system", "content": "Be brief."}]))
    playground, page = panel("demo/tour", messages=[{"role": "user", "content": "Mine"}], temperature=0.3)
    assert (
        page.op("history_open", conversation=id_, run=True)
        == "That conversation has no question to send again."
    )
    assert (playground.models, playground.params) == (["demo/tour"], {"temperature": 0.3})
    assert page.texts() == [("user", "Mine")]


def test_columns_branches_and_tool_results_come_back(panel):
    playground, page = panel(["demo/parrot", "demo/parrot"])
    page.tell("submit", text="Both")
    page.ended()
    page.op("regenerate", item=page.last_item(), column=page.column()["id"])
    page.ended()
    contents = [
        playground.messages[0],
        {"role": "assistant", "content": "", "tool_calls": [{"id": "c", "type": "function", "function": {"name": "weather", "arguments": "{}"}}]},
        {"role": "tool", "tool_call_id": "c", "content": "sunny"},
    ]  # fmt: skip
    other, opened = panel("demo/tour")
    opened.op("history_open", conversation=playground.conversation)
    cards = [(card["column"], card["branch"]["count"]) for card in opened.state["thread"][1]["cards"]]
    assert sorted(cards) == [(opened.column(0)["id"], 2), (opened.column(1)["id"], 1)]
    assert other.models == ["demo/parrot", "demo/parrot"]
    other.open_conversation(history.import_conversation(json.dumps(contents)))
    assert list(other.messages) == contents


def test_another_conversation_in_the_same_panel_is_stored_beside_it(stored):
    playground, page, first = stored("One")
    page.op("clear_thread")
    page.tell("submit", text="Two")
    page.ended()
    assert playground.conversation != first
    assert rows(page) == [("Two", 2), ("One", 2)]
    page.op("undo")
    page.op("undo")
    assert (page.texts()[0], playground.conversation) == (("user", "One"), first)


def test_a_deleted_one_can_be_restored(stored):
    _, page, id_ = stored("Delete me")
    assert page.op("history_delete", conversation=id_) == ""
    assert (rows(page), page.state["history"]["deleted"]) == ([], "Delete me")
    assert page.op("history_delete", conversation=id_) == "That conversation is no longer stored."
    assert page.op("history_open", conversation=id_) == "That conversation is no longer stored."
    page.op("history_restore")
    assert (rows(page), page.state["history"]["deleted"]) == ([("Delete me", 2)], None)
    page.tell("submit", text="Go on")
    page.ended()
    assert rows(page) == [("Delete me", 4)]


def test_it_is_exported_and_imported_as_a_file(stored):
    _, page, id_ = stored("Export, please")
    for format_, name in (("json", "export-please.json"), ("markdown", "export-please.md")):
        assert page.ask("conversation_file", conversation=id_, format=format_) == {"name": name}
        (data,) = page.messages[-1][1]
        assert page.op("upload", upload="x1", at=0, buffers=[data]) == ""
        assert page.op("history_import", upload="x1") == ""
    assert rows(page) == [("Export, please", 2)] * 3
    page.op("upload", upload="x2", at=0, buffers=[b"\xff"])
    assert page.op("history_import", upload="x2") == "The file is not text in UTF-8."


def test_no_key_is_stored(stored, monkeypatch):
    monkeypatch.setenv("OPENROUTER_API_KEY", KEY)
    playground, _, _ = stored(f"My key is {KEY}")
    assert KEY in playground.messages[0]["content"]  # in the panel it stays
    playground.close()
    for path in Path(history.file()).parent.iterdir():
        assert KEY.encode() not in path.read_bytes()


def test_a_file_that_cannot_be_written_is_said_and_breaks_no_request(panel):
    history.file().parent.mkdir(parents=True)
    history.file().write_bytes(b"This is another file. " * 200)
    _, page = panel("demo/parrot")
    page.tell("submit", text="Hi")
    page.ended()
    page.wait_for(lambda: page.state["history"]["problem"])
    assert "is not stored" in page.state["history"]["problem"]
    assert "damaged" in page.state["history"]["problem"]
    assert page.texts() == [("user", "Hi"), ("assistant", "Hi")]
    assert history.file().read_bytes().startswith(b"This is another file.")
    history.file().unlink()
    page.tell("submit", text="Again")
    page.ended()
    page.wait_for(lambda: not page.state["history"]["problem"])
    assert rows(page) == [("Hi", 4)]
