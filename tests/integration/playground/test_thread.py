"""Editing the conversation: in the panel, by the words of the protocol."""

import json

import pytest

PNG = bytes.fromhex("89504e470d0a1a0a0000000d49484452") + bytes(20)


@pytest.fixture
def talk(panel):
    """A panel with one question answered."""
    playground, page = panel("demo/parrot", messages=[{"role": "system", "content": "Be kind."}])
    page.tell("submit", text="One")
    page.ended()
    return playground, page


def item(page, index):
    return page.state["thread"][index]["id"]


def test_edit_insert_move_and_delete_can_all_be_taken_back(talk):
    playground, page = talk
    start = [dict(message) for message in playground.messages]
    assert page.op("edit_message", item=item(page, 1), text="Two") == ""
    assert page.op("insert_message", index=1, role="developer", text="Note") == ""
    assert page.op("move_message", item=item(page, 1), index=3) == ""
    assert page.op("delete_message", item=item(page, 0)) == ""
    assert page.op("duplicate_message", item=item(page, 0)) == ""
    assert page.op("set_role", item=item(page, 0), role="system") == ""
    assert page.texts() == [("system", "Two"), ("user", "Two"), ("assistant", "One"), ("developer", "Note")]
    labels = []
    for _ in range(6):
        labels.append(page.state["undo"]["undo"])
        page.op("undo")
    assert labels == [
        "change role",
        "duplicate message",
        "delete message",
        "move message",
        "insert message",
        "edit message",
    ]
    assert playground.messages == start
    page.op("redo")
    assert page.texts()[1] == ("user", "Two")


def test_an_edit_beside_the_old_text_keeps_what_followed_it(talk, sent):
    _, page = talk
    page.op("edit_message", item=item(page, 1), text="Two", branch=True)
    assert page.texts() == [("system", "Be kind."), ("user", "Two")]
    page.tell("submit")
    page.ended()
    assert page.texts()[-1] == ("assistant", "Two")
    assert page.state["thread"][1]["cards"][0]["branch"] == {"index": 1, "count": 2}
    page.op("choose_branch", item=item(page, 1), step=-1)
    assert page.texts()[1:] == [("user", "One"), ("assistant", "One")]
    page.op("choose_branch", item=item(page, 1), step=1)
    assert page.texts()[1:] == [("user", "Two"), ("assistant", "Two")]
    assert len(sent()) == 2


def test_an_answer_written_again_is_an_alternative(talk, sent):
    _, page = talk
    page.op("regenerate", item=item(page, 2))
    page.ended()
    assert page.state["thread"][2]["cards"][0]["branch"] == {"index": 1, "count": 2}
    assert sent()[0] == sent()[1]
    assert page.op("choose_branch", item=item(page, 2), step=1) == "There is no further branch."


def test_in_one_column_of_two_an_answer_is_written_again(panel):
    _, page = panel(["demo/parrot", "demo/parrot"])
    page.tell("submit", text="One")
    page.ended()
    second = page.column(1)["id"]
    page.op("regenerate", item=page.last_item(), column=second)
    page.ended()
    counts = {card["column"]: card["branch"]["count"] for card in page.state["thread"][-1]["cards"]}
    assert counts == {page.column(0)["id"]: 1, second: 2}


def test_an_answer_goes_on_from_where_it_stopped(talk, sent):
    playground, page = talk
    page.op("continue", item=item(page, 2))
    page.ended()
    assert sent()[-1]["messages"][-1] == {"role": "assistant", "content": "One"}
    assert playground.messages[-1]["content"].startswith("One")


def test_a_beginning_written_by_hand_is_sent_and_kept(panel, sent):
    playground, page = panel("demo/parrot")
    page.op("insert_message", index=0, role="user", text="Name a colour.")
    page.op("insert_message", index=1, role="assistant", text="Re")
    page.tell("submit", text="")
    page.ended()
    assert sent()[0]["messages"][-1] == {"role": "assistant", "content": "Re"}
    assert playground.messages[-1]["content"].startswith("Re")
    assert page.state["thread"][1]["cards"][0]["branch"] == {"index": 1, "count": 2}


def test_a_beginning_in_parts_is_continued_by_its_words(panel, sent):
    playground, page = panel("demo/parrot", messages=[{"role": "user", "content": "Name a colour."}])
    page.op("insert_message", index=1, role="assistant", text="Re")
    page.op("set_cache", item=item(page, 1), part=0, on=True)
    page.tell("submit", text="")
    page.ended()
    assert sent()[0]["messages"][-1]["content"] == [
        {"type": "text", "text": "Re", "cache_control": {"type": "ephemeral"}}
    ]
    assert playground.messages[-1]["content"] == "ReRe"


def test_what_the_composer_holds_is_added_without_being_sent(panel, sent):
    _, page = panel("demo/parrot")
    page.attach(PNG, "dropped.png")
    page.op("set_draft", text="Look", role="system")
    assert page.op("add_message", role="user", text="Look") == ""
    (part,) = [part for part in page.state["thread"][0]["cards"][0]["parts"] if part["type"] == "image"]
    assert part["media_type"] == "image/png"
    draft = page.state["draft"]
    assert (draft["text"], draft["role"], draft["attachments"]) == ("", "user", [])
    assert page.op("add_message", role="user", text=" ") == "Write a message first."
    assert sent() == []
    page.op("undo")
    assert page.state["thread"] == []


def test_a_failed_answer_leaves_nothing_in_the_conversation(talk):
    playground, page = talk
    before = [dict(message) for message in playground.messages]
    page.op("set_model", column=page.column()["id"], model="demo/error-401")
    page.op("regenerate", item=item(page, 2))
    page.ended()
    assert page.column()["banner"]["kind"] == "UnauthorizedError"
    assert playground.messages == before


def test_bytes_and_variables_are_attached(panel, sent, monkeypatch):
    import __main__

    _, page = panel("demo/parrot")
    monkeypatch.setattr(__main__, "picture", PNG, raising=False)
    assert page.attach(PNG, "dropped.png") == ""
    assert page.op("attach", item=None, name="picture", variable="picture") == ""
    parts = page.state["draft"]["attachments"]
    assert [part["media_type"] for part in parts] == ["image/png", "image/png"]
    assert "base64" not in json.dumps(page.state)
    reply = page.ask("attachment", ref=parts[0]["ref"])
    assert reply["media_type"] == "image/png"
    assert page.op("detach", item=None, part=1) == ""
    page.tell("submit", text="What is it?")
    page.ended()
    kinds = [part["type"] for part in sent()[0]["messages"][0]["content"]]
    assert kinds == ["text", "image_url"]
    assert page.state["draft"]["attachments"] == []
    assert page.ask("variables", use="attachment")["variables"] == [
        {"name": "picture", "about": f"{len(PNG)} bytes"}
    ]


def test_what_cannot_be_attached_is_refused_with_the_reason(panel):
    _, page = panel()
    assert "has an unsupported type" in page.attach(b"\xff\x00\xfe", "x.bin")
    assert page.op("attach", item=None, name="nothing") == "There is nothing to attach."


def test_a_file_in_pieces_is_whole_or_refused(panel, sent):
    _, page = panel("demo/tour")
    text = "".join(f"line {number}\n" for number in range(400_000)).encode()
    assert len(text) > 4 * 2**20
    assert page.attach(text, "log.txt") == ""
    page.tell("submit", text="Summarize")
    page.ended()
    (_, attached) = sent()[0]["messages"][0]["content"]
    assert text.decode() in attached["text"]
    # Exactly the limit, and one byte more.
    limit = b"a" * 20 * 2**20
    assert page.attach(limit, "limit.txt") == ""
    assert page.attach(limit + b"a", "more.txt") == "The file is larger than 20 MiB."
    # A piece that is lost, and one of an upload that does not exist.
    assert page.op("upload", upload="x50", at=0, buffers=[b"one"]) == ""
    lost = "A part of the file was lost. Attach it again."
    assert page.op("upload", upload="x50", at=6, buffers=[b"three"]) == lost
    assert page.op("upload", upload="x51", at=3, buffers=[b"two"]) == lost
    assert page.op("attach", item=None, name="a", upload="x52") == "The file did not arrive. Attach it again."
    # Abandoned uploads are dropped.
    for number in range(60, 70):
        page.op("upload", upload=f"x{number}", at=0, buffers=[b"abandoned"])
    assert len(page.controller.state.uploads._files) == 4


def test_an_attached_text_is_a_file_in_the_panel(panel, sent, monkeypatch):
    import __main__

    _, page = panel("demo/tour")
    monkeypatch.setattr(__main__, "rows", [{"city": "Lyon", "rain": 3}], raising=False)
    assert page.attach("größer".encode(), 'my "notes".txt') == ""
    assert page.op("attach", item=None, name="rows", variable="rows") == ""
    file, table = page.state["draft"]["attachments"]
    assert (file["type"], file["name"], file["media_type"]) == ("file", 'my "notes".txt', "text/plain")
    assert (table["type"], table["name"].startswith("| city | rain |")) == ("file", True)
    assert page.op("detach", item=None, part=1) == ""
    page.tell("submit", text="Sumarize")
    page.ended()
    shown = page.state["thread"][0]["cards"][0]["parts"]
    assert [part["type"] for part in shown] == ["text", "file"]
    # Its message is edited without it, and it stays.
    assert page.op("edit_message", item=item(page, 0), text="Summarize", branch=True) == ""
    page.tell("submit")
    page.ended()
    first, second = (body["messages"][0]["content"] for body in sent())
    assert (first[0]["text"], second[0]["text"]) == ("Sumarize", "Summarize")
    assert first[1] == second[1]
    assert "größer" in second[1]["text"]
    assert page.ask("history")["calls"][-1]["prompt"] == "Summarize"


def test_a_command_that_arrives_again_is_acknowledged_again_and_not_executed_again(panel, sent):
    playground, page = panel("demo/parrot")
    id_ = 123_456

    def tell(**message):
        count = sum(content.get("id") == id_ for content, _ in page.messages)
        page.controller.receive({"v": 1, "id": id_, **message})
        acks = lambda: [content for content, _ in page.messages if content.get("id") == id_]  # noqa: E731
        return page.wait_for(lambda: acks()[count:])[0]["problem"]

    insert = {"kind": "op", "op": "insert_message", "index": 0, "role": "user", "text": "Hi"}
    assert [tell(**insert) for _ in range(3)] == ["", "", ""]
    assert page.texts() == [("user", "Hi")]
    id_ += 1
    assert [tell(kind="submit", text="Again") for _ in range(2)] == ["", ""]
    page.ended()
    assert len(sent()) == 1
    id_ += 1
    refused = {"kind": "op", "op": "delete_message", "item": "m99"}
    assert len({tell(**refused) for _ in range(2)}) == 1
    assert len(playground.messages) == 3


def test_elements_have_the_ids_that_the_page_chooses(panel):
    playground, page = panel("demo/parrot")
    assert page.op("add_column", new_id="xcolumn") == ""
    assert page.op("set_model", column="xcolumn", model="demo/echo") == ""
    assert page.op("add_column", new_id="xcolumn") == "That column exists already."
    assert playground.models == ["demo/parrot", "demo/echo"]
    assert page.op("insert_message", index=0, role="system", text="", new_id="xitem") == ""
    assert page.op("edit_message", item="xitem", text="Be brief.") == ""
    assert page.op("insert_message", index=0, role="user", text="", new_id="xitem") == (
        "That message exists already."
    )
    assert page.texts() == [("system", "Be brief.")]


def test_a_draft_is_sent_only_with_its_text_of_the_page(panel, sent):
    _, page = panel("demo/tour", messages=[{"role": "user", "content": "One"}])
    page.op("set_draft", text="not finished")
    page.attach(PNG, "not finished.png")
    # An edited message is sent again, beside a draft.
    page.op("edit_message", item=item(page, 0), text="Two", branch=True)
    assert page.tell("submit") == ""
    page.ended()
    assert [message["content"] for message in sent()[0]["messages"]] == ["Two"]
    draft = page.state["draft"]
    assert (draft["text"], len(draft["attachments"])) == ("not finished", 1)
    # A text that was deleted before Send, and has not been stored yet.
    page.op("detach", item=None, part=0)
    assert page.tell("submit", text="") == ""
    page.ended()
    assert "not finished" not in str(sent()[1])
    assert page.state["draft"]["text"] == ""


def test_the_draft_says_whose_change_it_is(panel):
    _, page = panel("demo/parrot")
    before = page.state["draft"]["rev"]
    page.op("set_draft", text="One", role="system")
    draft = page.state["draft"]
    own = page.messages[-1][0]["id"]
    assert (draft["text"], draft["role"], draft["rev"], draft["by"]) == ("One", "system", before + 1, own)
    page.attach(PNG, "a.png")
    assert (page.state["draft"]["rev"], page.state["draft"]["by"]) == (before + 1, own)
    page.tell("submit", text="One")
    page.ended()
    draft = page.state["draft"]
    assert (draft["text"], draft["role"], draft["rev"]) == ("", "user", before + 2)
    assert draft["by"] > own


def test_the_whole_conversation_as_json(talk):
    playground, page = talk
    text = page.ask("thread_json")
    assert json.loads(text) == playground.messages
    assert page.op("set_thread", json='[{"role": "user", "content": "New"}]') == ""
    assert page.texts() == [("user", "New")]
    assert "role takes" in page.op("set_thread", json='[{"role": "usr", "content": "New"}]')
    assert page.op("set_thread", json="[").startswith("This is not JSON")
    assert page.texts() == [("user", "New")]


def test_a_message_that_is_gone_is_said_so(talk):
    _, page = talk
    assert page.op("edit_message", item="m99", text="") == "That message is no longer in the conversation."


def test_nothing_is_edited_under_a_running_answer(panel):
    _, page = panel("demo/slow")
    page.tell("submit", text="Go")
    page.wait_for(lambda: any(delta.get("text") for delta in page.deltas()))
    assert "stop it first" in page.op("undo")
    assert "stop it first" in page.op("delete_message", item=page.last_item())
    assert page.tell("submit", text="More") == "An answer is being written."
    page.tell("stop")
    page.ended()


def test_one_answer_is_gone_on_with_and_the_others_come_back(panel, sent):
    playground, page = panel(["demo/parrot", "demo/echo", "demo/error-500"])
    playground.settings = {"max_retries": 0}
    page.tell("submit", text="One")
    page.ended()
    first, second, third = (page.column(index)["id"] for index in range(3))
    item = page.last_item()
    assert "no such answer" in page.op("keep_answer", item=item, column=third)
    assert page.op("keep_answer", item=item, column=first) == ""
    assert page.texts() == [("user", "One"), ("assistant", "One")]
    assert playground.result.text == "One"
    page.tell("submit", text="Two")
    page.ended()
    for body in sent()[3:]:
        assert [message["content"] for message in body["messages"]] == ["One", "One", "Two"]
    page.op("undo")
    page.op("undo")
    assert [card["column"] for card in page.state["thread"][-1]["cards"]] == [first, second]


def test_the_places_of_sources_go_with_the_words_that_they_are_in(panel):
    playground, page = panel("demo/citations")
    page.tell("submit", text="Hello")
    page.ended()
    answer = page.state["thread"][1]["cards"][0]
    assert [number for _, number in answer["marks"]] == [1, 2]
    page.op("edit_message", item=item(page, 1), text="Other words.")
    edited = page.state["thread"][1]["cards"][0]
    assert edited["citations"] == answer["citations"]
    assert "marks" not in edited
    page.op("undo")
    assert page.state["thread"][1]["cards"][0]["marks"] == answer["marks"]
    annotations = playground.messages[1]["annotations"]
    assert [each["url_citation"]["start_index"] for each in annotations] == [26, 68]
