"""What stays of each kind of answer: safe HTML and plain text."""

import base64
import dataclasses
import json
import math
import struct
import wave
from html.parser import HTMLParser
from io import BytesIO

import pytest

from openrouter_nb.components import ChatResult, ChatToolCall
from openrouter_nb.render.answer.answer_bundle import reasoning_label, result_bundle
from openrouter_nb.render.answer.footer import Timing
from openrouter_nb.render.answer.logprobs import NONE_CAME
from openrouter_nb.render.answer.structured_output import structured, structured_html
from openrouter_nb.render.answer.text_bundle import raw_bundle
from openrouter_nb.render.answer.tool_calls import ToolCallView
from openrouter_nb.render.errors.banners import OWN_FAULT
from openrouter_nb.render.html.html_parts import side_by_side
from openrouter_nb.render.html.syntax_highlight import STYLE

PNG = "data:image/png;base64," + "A" * 400
EVIL = "<img src=x onerror=alert(1)>\x1b[31m\u202e$x$"
VOID = {"img", "br", "hr"}


def result(content="Hi", *, usage=None, finish="stop", logprobs=None, **message):
    choice = {"message": {"content": content, **message}, "finish_reason": finish, "logprobs": logprobs}
    return ChatResult.model_validate({"model": "acme/thinker", "choices": [choice], "usage": usage})


class Balance(HTMLParser):
    """Notes elements that are not closed in order, and what they are."""

    def __init__(self, html):
        super().__init__()
        self.open, self.wrong, self.seen = [], [], []
        self.feed(html)
        self.wrong += self.open

    def handle_starttag(self, tag, attrs):
        self.seen.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.wrong.append(tag)


def html_of(bundle):
    """The HTML, its elements closed and nothing of a model among them."""
    assert set(bundle) == {"text/html", "text/plain"}
    found = Balance(bundle["text/html"])
    assert found.wrong == []
    assert "onerror" not in {name for _, attrs in found.seen for name in attrs}
    for mime in bundle.values():
        assert "\x1b" not in mime
        assert "\u202e" not in mime
    return bundle["text/html"]


def test_text_is_html_and_plain_text_with_a_footer():
    bundle = result_bundle(result("**Hi**"))
    assert "<strong>Hi</strong>" in html_of(bundle)
    assert bundle["text/plain"] == "**Hi**\n\n[acme/thinker]"


def test_reasoning_is_folded_with_its_time_and_tokens_and_is_not_in_the_plain_text():
    usage = {"completion_tokens_details": {"reasoning_tokens": 412}}
    answer = result("4", reasoning="2 *and* 2", usage=usage)
    timing = Timing(first_token_s=0.2, total_s=5, reasoning_s=3.14)
    bundle = result_bundle(answer, timing=timing)
    assert "Reasoned for 3.1 s · 412 tokens</summary>" in html_of(bundle)
    assert "<em>and</em>" in bundle["text/html"]
    assert bundle["text/plain"].startswith("4\n")
    assert reasoning_label(answer) == "Reasoning · 412 tokens"


def test_reasoning_is_read_from_the_details_where_it_stands_nowhere_else():
    details = [
        {"type": "reasoning.summary", "summary": "first"},
        {"type": "reasoning.encrypted", "data": "secret"},
        {"type": "reasoning.text", "text": "second"},
    ]
    html = html_of(result_bundle(result("x", reasoning_details=details)))
    assert html.index("first") < html.index("second")
    assert "secret" not in html


def test_an_empty_answer_says_so():
    assert "The model answered with nothing." in result_bundle(result(""))["text/plain"]
    assert "nothing" not in result_bundle(result("", refusal="No."))["text/plain"]


def test_a_refusal_is_marked_as_one():
    bundle = result_bundle(result("", refusal="I cannot do that."))
    assert "I cannot do that." in html_of(bundle)
    for mime in bundle.values():
        assert "The model refuses to answer this." in mime


def test_a_picture_in_the_answer_is_shown_and_described():
    images = [{"type": "image_url", "image_url": {"url": PNG}}]
    bundle = result_bundle(result("See", images=images))
    html = html_of(bundle)
    assert f'<img src="{PNG}" alt="image 1: PNG, 300 B"' in html
    assert "[image 1: PNG, 300 B]" in bundle["text/plain"]
    assert PNG not in bundle["text/plain"]


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("https://tracker.example/p.png?q=secret", "not loaded, it is at tracker.example"),
        ("data:image/svg+xml;base64,PHN2Zz48L3N2Zz4=", "not shown because SVG can contain scripts"),
        ("data:image/png;base64," + "A" * 5_000_000, "not shown because of its size"),
        ("data:image/png;base64,A<script>", "cannot be read"),
        ("javascript:alert(1)", "not loaded"),
    ],
)
def test_other_pictures_are_named_and_neither_loaded_nor_saved(url, says):
    bundle = result_bundle(result("", images=[{"image_url": {"url": url}}, {"image_url": "x"}, {}, 5]))
    assert "<img" not in html_of(bundle)
    assert "secret" not in bundle["text/html"]
    for mime in bundle.values():
        assert says in mime
        assert len(mime) < 3000


def test_pictures_are_saved_up_to_sixteen_megabytes_together():
    url = "data:image/png;base64," + "A" * 4_000_000
    bundle = result_bundle(result("", images=[{"image_url": {"url": url}}] * 6))
    assert html_of(bundle).count("<img") == 4
    assert bundle["text/plain"].count("because of its size") == 2


def test_pictures_among_the_parts_of_the_text_are_shown_too():
    parts = [{"type": "text", "text": "See"}, {"type": "image_url", "image_url": {"url": PNG}}]
    html = html_of(result_bundle(result(parts)))
    assert "<p>See</p>" in html
    assert PNG in html


def test_sound_has_a_player_and_its_words():
    data = base64.b64encode(b"ID3" + bytes(100)).decode()
    bundle = result_bundle(result("", audio={"data": data, "transcript": f"Hello {EVIL}"}))
    assert '<audio controls src="data:audio/mpeg;base64,' in html_of(bundle)
    assert "Hello &lt;img" in bundle["text/html"]
    assert bundle["text/plain"].startswith("Hello <img")


def test_raw_samples_in_pieces_become_a_file_that_plays():
    pieces = [struct.pack("<2h", 1, 2), struct.pack("<1h", 3)]
    data = "".join(base64.b64encode(piece).decode() for piece in pieces)
    bundle = result_bundle(result("", audio={"data": data}), asked={"audio": {"format": "pcm16"}})
    source = dict(Balance(bundle["text/html"]).seen[0][1])["src"]
    with wave.open(BytesIO(base64.b64decode(source.partition(",")[2]))) as sound:
        assert (sound.getframerate(), sound.getnchannels(), sound.readframes(9)) == (
            24_000,
            1,
            b"".join(pieces),
        )


def test_sound_in_wrapped_lines_has_a_player():
    data = base64.encodebytes(b"ID3" + bytes(200)).decode()
    assert "\n" in data
    assert '<audio controls src="data:audio/mpeg;base64,' in html_of(
        result_bundle(result("", audio={"data": data}))
    )


@pytest.mark.parametrize(
    ("data", "says"),
    [
        ("A" * 76 + "\n", "unknown format"),
        ("A" * 76 + "\n!", "cannot be read"),
        (" \n", "cannot be read"),
        ("AAAA", "unknown format"),
        ('"><script>', "cannot be read"),
        ("SUQz" + "A" * 20_000_000, "because of its size"),
    ],
)
def test_sound_that_cannot_be_played_is_named(data, says):
    bundle = result_bundle(result("", audio={"data": data}))
    assert "<audio" not in html_of(bundle)
    assert says in bundle["text/plain"]


def test_citations_are_numbered_once_each_with_their_host():
    pages = [("https://a.example/x", "A <b>"), ("https://b.example/", ""), ("https://a.example/x", "again")]
    annotations = [
        {"type": "url_citation", "url_citation": {"url": url, "title": title}} for url, title in pages
    ]
    annotations += [
        {"type": "url_citation", "url_citation": {"url": "javascript:alert(1)", "title": EVIL}},
        {
            "type": "file",
            "file": {"name": "paper.pdf", "hash": "h", "content": [{"type": "text", "text": "long"}]},
        },
        {"type": "strange", "x": 1},
        {"type": "url_citation"},
    ]
    bundle = result_bundle(result("x", annotations=annotations))
    html = html_of(bundle)
    assert html.count("<li>") == 6
    assert (
        '<a href="https://a.example/x" target="_blank" rel="noopener noreferrer nofollow">A &lt;b&gt;</a> (a.example)'
        in html
    )
    assert ">b.example</a></li>" in html
    assert "href" not in html.partition("javascript:")[0].rpartition("<li>")[2]
    assert "[1] A <b>: https://a.example/x\n[2] https://b.example/\n" in bundle["text/plain"]
    assert "paper.pdf (the service has read this file)" in bundle["text/plain"]
    assert '{"type": "strange", "x": 1}' in bundle["text/plain"]


def test_a_flood_of_citations_is_counted():
    pages = [{"type": "url_citation", "url_citation": {"url": f"https://a.example/{n}"}} for n in range(5000)]
    bundle = result_bundle(result("x", annotations=pages))
    assert "and 4,950 more" in bundle["text/plain"]
    assert len(html_of(bundle)) < 12_000


CALL = {"id": "c1", "function": {"name": "lookup", "arguments": '{"city": "Lyon"}'}}


def test_a_call_shows_its_arguments_as_json_and_that_nothing_ran():
    bundle = result_bundle(result("", tool_calls=[CALL], finish="tool_calls"))
    assert "<strong>lookup</strong> · requested, not run" in html_of(bundle)
    assert '→ lookup · requested, not run\n{\n  "city": "Lyon"\n}' in bundle["text/plain"]


def test_a_call_shows_what_became_of_it_above_the_answer_that_follows():
    outcome = ToolCallView("ran in 0.1 s", text=f"513,275 {EVIL}", output="looking")
    bundle = result_bundle(
        result("Lyon is large."), earlier=[result("Let me see.", tool_calls=[CALL])], outcomes={"c1": outcome}
    )
    html = html_of(bundle)
    places = [
        html.index(part) for part in ("Let me see.", "ran in 0.1 s", "looking", "513,275", "Lyon is large.")
    ]
    assert places == sorted(places)
    assert "<strong>lookup</strong> · ran in 0.1 s" in html
    assert "result: 513,275 <img" in bundle["text/plain"]


def test_pictures_of_tools_are_saved_as_data_and_within_the_limits_of_answers():
    outcome = ToolCallView(
        "ran", text="This picture.", pictures=[PNG, "data:image/png;base64," + "A" * 5_000_000]
    )
    bundle = result_bundle(
        result("It rises."), earlier=[result("", tool_calls=[CALL])], outcomes={"c1": outcome}
    )
    assert html_of(bundle).count("<img") == 1
    assert f'<img src="{PNG}"' in html_of(bundle)
    assert "[tool image 1: PNG" in bundle["text/plain"]
    assert "because of its size: the tool returned it" in bundle["text/plain"]


@pytest.mark.parametrize(
    "arguments", ['{"a": ', "", None, EVIL, "[" * 100_000, '{"a": "' + "x" * 50_000 + '"}']
)
def test_arguments_that_are_no_json_stand_as_they_came(arguments):
    call = ChatToolCall.model_validate({"function": {"name": EVIL, "arguments": arguments}})
    bundle = result_bundle(result("", tool_calls=[call]))
    assert len(html_of(bundle)) < 23_000


def logprobs(*probabilities, word="word "):
    top = [{"token": "other", "logprob": math.log(0.01)}]
    return {"content": [{"token": word, "logprob": math.log(p), "top_logprobs": top} for p in probabilities]}


def test_probabilities_are_a_tint_and_an_underline_and_a_table():
    html = html_of(result_bundle(result("x", logprobs=logprobs(0.99, 0.8, 0.5, 0.2, 0.05))))
    assert [html.count(f"class=orn-p{band}") for band in range(1, 5)] == [1, 1, 1, 1]
    assert 'title="99.0% · alternatives: &#x27;other&#x27; 1.0%"' in html
    assert "underline wavy" in html
    assert html.count("<tr>") == 6
    assert "Probabilities of 5 tokens" in html


def test_many_probabilities_are_cut_and_counted():
    html = html_of(result_bundle(result("x", logprobs=logprobs(*[0.5] * 5000))))
    assert html.count("class=orn-p2") == 500
    assert "5,000 tokens, the first 500 of them shown" in html


def test_tokens_are_text_whatever_they_hold():
    assert "&lt;img" in html_of(result_bundle(result("x", logprobs=logprobs(0.5, word=EVIL))))


@pytest.mark.parametrize(
    "sent",
    [None, {}, {"content": None}, {"content": [{"token": 1}, {}, None, {"token": "a", "logprob": "x"}]}],
)
def test_probabilities_that_did_not_come_are_missed_only_if_asked_for(sent):
    assert NONE_CAME in result_bundle(result("x", logprobs=sent), asked={"logprobs": True})["text/plain"]
    assert NONE_CAME not in result_bundle(result("x", logprobs=sent))["text/plain"]


@pytest.mark.parametrize(
    ("value", "cells"),
    [
        ([{"a": 1, "b": "x"}, {"a": None}], ["1", "x", "null", ""]),
        ({"rows": [{"a": 1}]}, ["1"]),
        ([{"a": [1, "é"], "b": {"c": None}}], ["[1, &quot;é&quot;]", "{&quot;c&quot;: null}"]),
        ({"name": "Ada", "born": 1815}, ["<strong>name</strong>", "Ada", "<strong>born</strong>", "1815"]),
    ],
)
def test_flat_values_are_a_table_with_the_json_below(value, cells):
    html = structured_html(value)
    assert [cell.partition("</td>")[0] for cell in html.split("<td>")[1:]] == cells
    assert "as JSON</summary>" in html


@pytest.mark.parametrize("value", [[], {}, [1, 2], {"a": {"b": 1}}, [{"a": 1}, 2], "text", None, 3, [[1]]])
def test_other_values_are_json(value):
    part = structured(value)
    assert "<table>" not in part.html
    assert Balance(part.html).wrong == []


@dataclasses.dataclass
class Reading:
    value: list[int]


@pytest.mark.parametrize(
    ("parsed", "value", "shown"),
    [
        ([Reading([1])], {"value": [{"a": 1}]}, [{"a": 1}]),
        ([], {"value": []}, []),
        (None, {"value": [{"a": "wrong"}]}, [{"a": "wrong"}]),
        (5, {"value": 5}, 5),
        (Reading([1]), {"value": [1]}, {"value": [1]}),
        ({"value": [1]}, {"value": [1]}, {"value": [1]}),
        (None, {"value": {"a": 1}}, {"value": {"a": 1}}),
        ([1], {"value": [1], "more": 2}, {"value": [1], "more": 2}),
        ([1], [1], [1]),
    ],
)
def test_the_object_around_a_list_is_not_shown(parsed, value, shown):
    part = structured(value, parsed=parsed)
    assert json.loads(part.plain) == shown
    assert ("value" in part.html) == ("value" in part.plain)
    bundle = result_bundle(result(json.dumps(value)), errors=(), parsed=parsed)
    assert bundle["text/plain"].startswith(part.plain)


def test_errors_of_the_schema_are_listed():
    part = structured({"a": 1}, ["a: should be a string", EVIL] + ["more"] * 20)
    assert "It does not satisfy the schema" in part.html
    assert "and 12 more" in part.html
    assert "✗ a: should be a string" in part.plain
    assert "<img" not in part.html


def test_an_answer_with_a_schema_is_shown_as_its_object():
    bundle = result_bundle(result('{"name": "Ada"}'), errors=())
    assert "<td>Ada</td>" in html_of(bundle)
    assert bundle["text/plain"].startswith('{\n  "name": "Ada"\n}')
    assert "This is not JSON." in result_bundle(result("Ada"), errors=())["text/plain"]


def test_values_that_are_large_are_cut():
    html = structured_html([{"a": "x" * 1000}] * 1000)
    assert html.count("<tr>") == 101
    assert "and 900 more rows" in html
    assert len(html) < 400_000


def test_columns_keep_their_bundles_and_read_one_after_the_other():
    bundles = [result_bundle(result("```python\ndef f(): pass\n```")), result_bundle(result("two"))]
    bundle = side_by_side(bundles, ["acme/one", EVIL])
    html = html_of(bundle)
    assert html.count(STYLE) == 1
    assert html.startswith(STYLE)
    assert "auto-fit" in html
    assert html.index("acme/one") < html.index("two")
    assert bundle["text/plain"].startswith("── acme/one ──\n\n```python")
    assert "── <img" in bundle["text/plain"]


def test_totals_stand_in_the_footer():
    assert (
        "chat $0.10 · notebook $0.20"
        in result_bundle(result(), totals="chat $0.10 · notebook $0.20")["text/plain"]
    )


def test_a_text_that_could_not_be_rendered_is_kept_as_it_is():
    bundle = raw_bundle(f"**paid for** {EVIL}", OWN_FAULT)
    assert "**paid for** &lt;img" in html_of(bundle)
    assert "Error in openrouter-nb" in bundle["text/plain"]
