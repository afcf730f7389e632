"""Saved output of a conversation: all messages, and nothing rendered twice."""

import pytest

from openrouter_nb.playground.saved_output import SavedOutput

PICTURE = {"type": "image_url", "image_url": {"url": "data:image/png;base64,iVBORw0KGgo="}}
FILE = {
    "type": "file",
    "file": {"filename": "report.pdf", "file_data": "data:application/pdf;base64,JVBERg=="},
}


@pytest.fixture
def kept():
    def of(playground):
        found = SavedOutput(playground._controller.state)
        return found, found.bundle()["text/plain"]

    return of


def test_an_answer_is_kept_as_a_chat_cell_keeps_it(panel, kept):
    playground, _ = panel("demo/reasoner")
    playground.send("Why?")
    found, plain = kept(playground)
    assert plain.startswith("## You\n\nWhy?\n\n## demo/reasoner\n\n")
    assert playground.result.text in plain
    assert "tokens" in plain.splitlines()[-1]
    assert "<summary" in found.bundle()["text/html"]


def test_several_models_stand_side_by_side_and_one_that_failed_says_why(panel, kept):
    playground, _ = panel(["demo/parrot", "demo/echo", "demo/error-402"])
    playground.settings = {"max_retries": 0}
    playground.send("Hi")
    found, plain = kept(playground)
    assert "── demo/parrot ──" in plain
    assert "── demo/echo ──" in plain
    assert "[demo/error-402: Not enough credits" in plain
    assert "display:grid" in found.bundle()["text/html"]


def test_what_people_attach_is_named_and_not_copied(panel, kept):
    notes = {"type": "text", "text": '\n\n<file name="notes.md">\n# Private\n</file>\n'}
    content = [{"type": "text", "text": "Look"}, PICTURE, FILE, notes]
    playground, _ = panel(messages=[{"role": "user", "content": content}])
    found, plain = kept(playground)
    assert plain == "## You\n\nLook\n\n[picture]\n\n[file report.pdf]\n\n[file notes.md]"
    assert "base64" not in found.bundle()["text/html"]


def test_an_answer_that_was_edited_is_kept_in_its_new_words(panel, kept):
    playground, page = panel("demo/parrot")
    playground.send("The old words")
    page.op("edit_message", item=page.last_item(), column=page.column()["id"], text="Mine")
    _, plain = kept(playground)
    assert "## demo/parrot\n\nMine" in plain
    assert plain.count("The old words") == 1


def test_calls_of_tools_are_kept_with_their_results(panel, kept):
    def weather(city: str) -> str:
        """The weather of a city."""
        return f"Rain in {city}"

    playground, page = panel("demo/tools", tools=[weather])
    playground.send("What is the weather in Lyon?", wait=False)
    page.wait_for(
        lambda: any("waiting" in str(card) for item in page.state["thread"] for card in item["cards"])
    )
    _, plain = kept(playground)
    assert "weather · requested, not run" in plain
    playground.stop()
    playground.wait(30)


def test_what_is_not_new_is_neither_told_nor_rendered_again(panel):
    playground, page = panel("demo/parrot")
    playground.send("One")
    found = SavedOutput(playground._controller.state)
    assert found.is_stale()
    first = found.bundle()
    assert not found.is_stale()
    page.op("set_param", name="temperature", value=0.5)
    assert not found.is_stale()
    rendered = dict(found._rendered)
    playground.send("Two")
    assert found.is_stale()
    assert found.bundle()["text/plain"].startswith(first["text/plain"])
    assert all(found._rendered[key] is rendered[key] for key in rendered)


def test_what_is_still_being_written_is_not_kept(panel, simulator):
    playground, page = panel("demo/slow", extra_body={"simulator": {"hold_after": 20}})
    playground.send("Go on", wait=False)
    page.wait_for(page.deltas)
    assert SavedOutput(playground._controller.state).bundle()["text/plain"] == "## You\n\nGo on"
    simulator.release()
    assert playground.wait(30)
    assert "demo/slow" in SavedOutput(playground._controller.state).bundle()["text/plain"]


def test_of_what_is_very_long_a_page_that_has_the_panel_gets_the_beginning(panel):
    messages = [
        {"role": "user", "content": text} for text in ("**One**", f"**Two** {'x' * 40_000}", "**Three**")
    ]
    playground, _ = panel(messages=messages)
    kept = SavedOutput(playground._controller.state)
    briefly, whole = kept.bundle(briefly=True), kept.bundle()
    assert [f"<strong>{word}</strong>" in briefly["text/html"] for word in ("One", "Two", "Three")] == [
        True,
        False,
        True,
    ]
    assert "**Two** xxx" in briefly["text/html"]
    assert "39,508 characters more are in the panel" in briefly["text/plain"]
    assert len(briefly["text/html"]) < 3_000
    assert [f"<strong>{word}</strong>" in whole["text/html"] for word in ("One", "Two", "Three")] == [
        True,
        True,
        True,
    ]
    assert len(whole["text/plain"]) > 40_000


def test_a_host_without_ipython_gets_the_panel_and_the_conversation_in_one_bundle(panel):
    playground, _ = panel("demo/parrot")
    view = {"version_major": 2, "version_minor": 0, "model_id": playground.widget.model_id}
    empty = playground._repr_mimebundle_()
    assert empty["text/plain"] == "[A playground was displayed here: run this cell again to open it.]"
    playground.send("Is it **there**?")
    shown = playground._repr_mimebundle_(include=None, exclude=None)
    assert (
        shown.keys()
        == empty.keys()
        == {"application/vnd.jupyter.widget-view+json", "text/html", "text/plain"}
    )
    assert shown["application/vnd.jupyter.widget-view+json"] == view
    assert shown["text/html"].count("Is it <strong>there</strong>?") == 2
    assert "## demo/parrot" in shown["text/plain"]
