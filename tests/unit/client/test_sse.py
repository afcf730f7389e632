"""The framing, on bytes: every place a network may cut a stream at, and every line end it may have."""

import itertools
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openrouter_nb.client.streaming.sse import EventDecoder, EventTooLargeError

BOM = b"\xef\xbb\xbf"
NEWLINES = {"lf": b"\n", "cr": b"\r", "crlf": b"\r\n"}
SEPARATORS = "\u2028\u2029\u0085\x0b\x0c\x1c\x1d\x1e"

# Stream with LF, its events, its comments. The escapes inside data are raw characters on the wire.
STREAMS = {
    "plain": (
        ": OPENROUTER PROCESSING\n\ndata: {}\n\n: x\n\ndata: Hé\n\ndata: [DONE]\n\n",
        ["{}", "Hé", "[DONE]"],
        2,
    ),
    "without done": ("data: a\n\ndata: b\n\n", ["a", "b"], 0),
    "separators": (f"data: a{SEPARATORS}b\n\ndata: \U0001f600\n\n", [f"a{SEPARATORS}b", "\U0001f600"], 0),
    "multi-line": ("data: a\ndata:b\ndata:  c\ndata\n\n", ["a\nb\n c\n"], 0),
    "bare data": ("data\n\ndata:\n\ndata\ndata\n\n", ["", "", "\n"], 0),
    "no data": ("event: x\n\nid: 1\n\nretry: 10\n\n: c\nid: 2\n\n", [], 1),
    "other fields": ("event: x\nid: 1\ndata: a\nretry: 1\ndatas: b\ndat: c\n data: d\n\n", ["a"], 0),
    "blank lines": ("\n\n\ndata: a\n\n\n\ndata: b\n\n\n", ["a", "b"], 0),
    "nul and colons": ("data: a\0b: c\n\n:\n\ndata: : d\n\n", ["a\0b: c", ": d"], 1),
    "inside an event": ("data: a\n\ndata: b\n", ["a"], 0),
}


def decode(chunks):
    decoder = EventDecoder()
    events = [event for chunk in chunks for event in decoder.feed(chunk)]
    return [event.decode() for event in events], decoder


def cut(body, *places):
    return [body[start:end] for start, end in itertools.pairwise([0, *places, len(body)])]


def variants(text):
    body = text.encode()
    for newline in NEWLINES.values():
        yield body.replace(b"\n", newline)
    ends = itertools.cycle(NEWLINES.values())
    yield b"".join(part + next(ends) for part in body.split(b"\n")[:-1]) + body.rpartition(b"\n")[2]


@pytest.mark.parametrize("name", STREAMS)
def test_every_split_of_every_byte_gives_the_same_events(name):
    text, events, comments = STREAMS[name]
    for plain in variants(text):
        for body in (plain, BOM + plain):
            splits = [[body], [body[i : i + 1] for i in range(len(body))]]
            splits += [cut(body, place) for place in range(len(body) + 1)]
            for chunks in splits:
                found, decoder = decode(chunks)
                assert (found, decoder.comments) == (events, comments), chunks
                assert decoder.inside_event is (name == "inside an event"), chunks


@pytest.mark.parametrize("newline", NEWLINES.values(), ids=NEWLINES)
def test_every_pair_of_splits_gives_the_same_events(newline):
    body = BOM + ": c\n\ndata: é\ndata\n\ndata:\u2028\n\n".encode().replace(b"\n", newline)
    for first, second in itertools.combinations_with_replacement(range(len(body) + 1), 2):
        found, decoder = decode(cut(body, first, second))
        assert (found, decoder.comments) == (["é\n", "\u2028"], 1), (first, second)


LINES = st.sampled_from(
    ["data: x", "data:é", "data", ": c", ":", "id: 1", "", "", "data: \u2028\u0085", "junk"]
)


@given(
    st.lists(LINES),
    st.lists(st.sampled_from([*NEWLINES.values()])),
    st.lists(st.integers(0, 200)),
    st.booleans(),
)
def test_splits_newlines_and_mark_never_matter(lines, newlines, places, mark):
    ends = itertools.cycle(newlines or [b"\n"])
    body = b"".join(line.encode() + next(ends) for line in lines)
    # An empty line behind a lone CR would, with a LF, be part of its CRLF.
    whole, _ = decode([body])
    chunks = cut(mark * BOM + body, *sorted(min(place, len(body)) for place in places))
    assert decode(chunks)[0] == whole


def test_empty_chunks_change_nothing():
    assert decode([b"", b"data: a\r", b"", b"\n\r", b"", b"\n", b""])[0] == ["a"]


def test_cr_and_lf_in_two_chunks_are_one_line_end():
    assert decode([b"data: a\r", b"\ndata: b\r", b"\n\r", b"\n"])[0] == ["a\nb"]


def test_cr_alone_ends_an_event_without_waiting_for_more():
    assert decode([b"data: a\r\r"])[0] == ["a"]


def test_mark_is_taken_away_only_at_the_start():
    assert decode([BOM + b"data: a\n\n" + BOM + b"data: b\n\n" + b"data: c" + BOM + b"\n\n"])[0] == [
        "a",
        "c\ufeff",
    ]


def test_invalid_utf8_passes_through_as_bytes():
    assert EventDecoder().feed(b"data: \xff\xc3\n\n") == [b"\xff\xc3"]


@pytest.mark.parametrize(
    ("body", "rest"),
    [
        (b"data: [DONE]", b"[DONE]"),
        (b"data: [DONE]\n", b"[DONE]"),
        (b"data:[DONE]", b"[DONE]"),
        (b"data: a\ndata: b", b"a\nb"),
        (b": comment", b""),
        (b"data: a\n\n", b""),
    ],
)
def test_the_end_inside_an_event_dispatches_nothing_and_says_what_was_left(body, rest):
    decoder = EventDecoder()
    assert (b"" if decoder.feed(body) == [] else rest) == b""
    assert decoder.unfinished == rest


def test_an_event_over_the_limit_is_refused_in_one_line_or_many():
    for chunks in (
        [b"data: " + b"x" * 101 + b"\n\n"],
        [b"data: "] + [b"x" * 10] * 11,
        [b"data: xxxxx\n"] * 21,
    ):
        decoder = EventDecoder(max_event_bytes=100)
        with pytest.raises(EventTooLargeError, match="100 bytes"):
            [decoder.feed(chunk) for chunk in chunks]


def test_events_up_to_the_limit_pass_however_many():
    decoder = EventDecoder(max_event_bytes=100)
    assert len([event for _ in range(50) for event in decoder.feed(b"data: " + b"x" * 100 + b"\n\n")]) == 50


def test_millions_of_empty_lines_are_over_the_limit_before_they_fill_the_memory():
    decoder = EventDecoder(max_event_bytes=1_000_000)
    with pytest.raises(EventTooLargeError):
        decoder.feed(b"data\n" * 100_000)


def test_comments_and_other_lines_count_for_nothing_against_the_limit():
    decoder = EventDecoder(max_event_bytes=100)
    for _ in range(1000):
        assert decoder.feed(b": OPENROUTER PROCESSING\n\nid: 1\n\n") == []
    assert decoder.comments == 1000


def _seconds(size):
    chunks = [b"data: ", *[b"x" * 1024] * (size // 1024), b"\n\n"]
    best = float("inf")
    for _ in range(5):
        decoder = EventDecoder(max_event_bytes=2 * size)
        begin = time.process_time()
        for chunk in chunks:
            decoder.feed(chunk)
        best = min(best, time.process_time() - begin)
    return best


def test_one_huge_event_costs_time_in_proportion_to_its_size():
    # Sixteen times the size: about 16 where linear, 256 where quadratic. Between the two is room for a busy machine.
    assert _seconds(32 * 1024 * 1024) / _seconds(2 * 1024 * 1024) < 100


def test_the_events_before_one_that_is_too_large_are_not_lost():
    decoder = EventDecoder(max_event_bytes=100)
    for tail in (b"data: " + b"x" * 101, b"data: " + b"x" * 101 + b"\n\n"):
        with pytest.raises(EventTooLargeError) as caught:
            decoder.feed(b"data: a\n\ndata: b\n\n" + tail)
        assert caught.value.events == [b"a", b"b"]
        decoder = EventDecoder(max_event_bytes=100)
