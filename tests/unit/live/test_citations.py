"""Sources of an answer as the panel gets them; js/test/playground/thread/citations.test.ts draws what is expected here."""

import json
from pathlib import Path

import pytest

from openrouter_nb.live.feed.citations import citation_notes, cited

SAID = json.loads(
    (Path(__file__).parents[2] / "fixtures" / "playground" / "marks.json").read_text(encoding="utf-8")
)


def page(url, **more):
    return {"type": "url_citation", "url_citation": {"url": url, **more}}


@pytest.mark.parametrize("case", SAID["cases"], ids=lambda case: case["says"])
def test_sources_have_numbers_and_places_in_the_text(case):
    message = {"content": case["text"], "annotations": case["annotations"]}
    expected = {name: case[name] for name in ("citations", "marks") if case[name]}
    assert cited(message) == expected


@pytest.mark.parametrize("case", SAID["places"], ids=lambda case: case["text"])
def test_a_mark_is_offered_only_where_it_changes_nothing_else(case):
    text = case["text"]
    places = set()
    for end in range(1, len(text) + 1):
        annotation = page("https://a.example/x", start_index=0, end_index=end)
        places |= {at for at, _ in cited({"content": text, "annotations": [annotation]}).get("marks", [])}
    assert sorted(places) == case["allowed"]


def test_what_names_no_source_has_neither_notes_nor_marks():
    assert cited({"content": "Ruby is red."}) == {}
    assert cited({"content": "Ruby is red.", "annotations": []}) == {}


@pytest.mark.parametrize("content", [None, [{"type": "text", "text": "Ruby is red."}]])
def test_a_message_in_parts_has_notes_and_no_marks(content):
    message = {"content": content, "annotations": [page("https://a.example/x", start_index=0, end_index=4)]}
    assert cited(message) == {
        "citations": [{"title": "", "about": "a.example", "url": "https://a.example/x"}]
    }


def test_the_last_note_counts_those_that_have_none():
    notes = citation_notes([page(f"https://a.example/{n}") for n in range(1_200)], "")
    assert len(notes) == 51
    assert notes[-1] == {"title": "and 1,150 more", "about": "", "url": ""}
