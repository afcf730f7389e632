"""Marks of sources in the text of an answer."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openrouter_nb.components import ChatResult
from openrouter_nb.conversation import answer_message
from openrouter_nb.render.answer.answer_bundle import result_bundle
from openrouter_nb.render.answer.citations import CitationNote, Citations
from openrouter_nb.render.answer.display_formats import DisplayFormat
from openrouter_nb.render.html.markdown import to_html

A, B = "https://a.example/x", "https://b.example/"


def cited(*places):
    """Annotations for (address, start, end)."""
    return [
        {
            "type": "url_citation",
            "url_citation": {"url": url, "title": "T", "start_index": start, "end_index": end},
        }
        for url, start, end in places
    ]


def answered(text, annotations):
    message = {"role": "assistant", "content": text, "annotations": annotations}
    return ChatResult.model_validate({"choices": [{"index": 0, "message": message, "finish_reason": "stop"}]})


def shown(text, annotations, **style):
    bundle = result_bundle(answered(text, annotations), style=DisplayFormat(**style))
    return bundle["text/html"], bundle["text/plain"]


def mark(number, url):
    return f'<sup><a href="{url}" target="_blank" rel="noopener noreferrer nofollow">[{number}]</a></sup>'


def test_a_mark_stands_where_the_passage_ends_and_leads_to_the_source():
    html, plain = shown("Ruby is red. Grass is green.", cited((A, 0, 12), (B, 13, 28), (A, 13, 28)))
    assert html.startswith(f"<p>Ruby is red.{mark(1, A)} Grass is green.{mark(1, A)}{mark(2, B)}</p>")
    assert plain.startswith("Ruby is red.[1] Grass is green.[1][2]\n\nSources:\n[1] T: ")


def test_marks_follow_a_link_and_bold_words():
    text = "It is **4.0.6**. ([ruby](https://a.example/x))"
    html, _ = shown(text, cited((A, 17, len(text)), (B, 6, 15)))
    assert f"<strong>4.0.6</strong>{mark(2, B)}. (" in html
    assert f"ruby</a>){mark(1, A)}</p>" in html


@pytest.mark.parametrize(
    "text",
    [
        "see [the page](https://a.example/x) now",
        "see ![a picture](https://a.example/x) now",
        "see <https://a.example/x> now",
        "see https://a.example/x, or mail me@a.example now",
        "see `some code here` now",
        "```\ncode here\n```",
        "~~~ python\ncode here\n~~~",
        "    indented code",
        "a $x + y = z$ formula",
        r"a \(x + y\) formula",
        "$$\nx + y\n$$",
        "an &amp; and &lt; sign",
        "**bold** and ~~gone~~ and *this*",
        "| a | b |\n|---|---|\n| 1 | 2 |",
        "# Title\n\n- one\n- [ ] two\n\n---\n> said",
        "[a]: https://a.example/x\n\nsee [a] there",
        "a <b>tag</b> and <script>alert(1)</script>",
    ],
)
def test_a_mark_at_any_place_changes_nothing_but_itself(text):
    for place in range(1, len(text) + 1):
        html, plain = shown(text, cited((A, 0, place)))
        body, _, sources = html.partition("<div style")
        assert body.replace(mark(1, A), "") == shown(text, cited((A, 0, 0)))[0].partition("<div style")[0]
        assert plain.partition("\n\nSources")[0].replace("[1]", "") == text
        assert "⸨" not in html + plain
        assert A in sources


def test_no_mark_stands_in_a_word():
    html, _ = shown("A wonderful thing", cited((A, 0, 5)))
    assert f"A wonderful{mark(1, A)} thing" in html


@pytest.mark.parametrize("address", ["https://b.example/x?y=1", "www.b.example", "me.too@b.example"])
def test_no_mark_stands_in_an_address(address):
    html, _ = shown(f"See {address}, please.", cited((A, 0, 10)))
    link = f'<a href="{address}" target="_blank" rel="noopener noreferrer nofollow">{address}</a>'
    assert f"See {link if address.startswith('https') else address}{mark(1, A)}, please." in html


@pytest.mark.parametrize("text", ["a" * 50_000, "a@" * 25_000, "www." * 12_000, "a@a." * 12_000])
@pytest.mark.timeout(20)
def test_a_text_full_of_half_addresses_takes_no_longer(text):
    assert Citations(text, [CitationNote("T", "", A, [3])]).marks.urls


@pytest.mark.parametrize(
    ("start", "end"),
    [(0, 0), (None, None), (5, 3), (0, 99), (0, -1), (0, True), (0, "4"), (0, 2.5), (4, 4), (0, [1])],
)
def test_a_place_that_cannot_be_leaves_the_note_alone(start, end):
    html, plain = shown("Ruby is red.", cited((A, start, end)))
    assert html.startswith("<p>Ruby is red.</p>")
    assert plain.startswith("Ruby is red.\n\nSources:\n[1] T: ")


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "mailto:a@b.example", "data:text/html,x", "", '"><script>']
)
def test_only_a_page_becomes_a_link(url):
    html, _ = shown("Ruby is red.", cited((url, 0, 12)))
    assert "<p>Ruby is red.<sup>[1]</sup></p>" in html
    assert "href" not in html
    assert "<script" not in html


def test_an_address_cannot_break_out_of_its_link():
    html, _ = shown("Ruby is red.", cited(('https://a.example/"onmouseover="alert(1)', 0, 12)))
    assert '"onmouseover' not in html


def test_marks_that_the_model_wrote_become_links_and_keep_their_numbers():
    annotations = cited((A, 0, 0), (A, 0, 0), (B, 0, 0))
    html, plain = shown("Ruby is red.[1][3] It has `a[2]` and [9].", annotations)
    assert f"red.{mark(1, A)}{mark(3, B)} It has <code>a[2]</code> and [9]." in html
    assert html.count("<li>") == 3
    assert "\n[3] T: https://b.example/" in plain


@pytest.mark.parametrize("form", ["text", "code", "json"])
def test_other_forms_show_the_text_as_it_is(form):
    text = '{"a": 1}' if form == "json" else "Ruby is red."
    html, plain = shown(text, cited((A, 0, 5)), form=form)
    assert "<sup>" not in html
    assert "[1]" not in plain.partition("Sources")[0]


def test_what_goes_back_to_the_model_has_no_marks():
    result = answered("Ruby is red.", cited((A, 0, 12)))
    result_bundle(result)
    assert answer_message(result)["content"] == "Ruby is red."
    assert result.text == "Ruby is red."


def test_a_text_with_our_own_signs_gets_no_marks():
    html, _ = shown("A ⸨7⸩ sign.", cited((A, 0, 8)))
    assert html.startswith("<p>A ⸨7⸩ sign.</p>")


def test_a_flood_of_marks_ends():
    text = "word " * 4_000
    html, _ = shown(text, cited(*((f"{A}{n}", 0, 5 * n + 4) for n in range(1_000))))
    assert html.count("<sup>") == 50


MARKDOWN = st.text(alphabet="ab *_`[]()<>!#|\\$&;~-\n1.", max_size=60)


@given(text=MARKDOWN, places=st.lists(st.integers(1, 60), max_size=4))
def test_marks_change_no_text_whatever_it_is(text, places):
    source = CitationNote("n", "", "https://a.example/", [place for place in places if place <= len(text)])
    marks = Citations(text, [source]).marks
    if marks.urls and marks.pattern.pattern.startswith("⸨"):
        assert to_html(marks.text, marks).replace(mark(1, source.url), "") == to_html(text)
    else:
        assert marks.text == text
