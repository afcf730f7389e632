"""An event to JSON: two parsers that give the same, and what they do with what is none."""

import json
import subprocess
import sys
from functools import partial

import pytest

from openrouter_nb.client.streaming.chunk_parser import (
    ChunkParser,
    decode_with_json,
    decoder_after,
    quick_decoder,
)

DECODERS = {"json": decode_with_json, "quick": quick_decoder()}
PARSERS = {
    name: partial(lambda parser, event: parser.parse([event])[0], ChunkParser(decode))
    for name, decode in DECODERS.items()
}
TEXTS = [
    b"{}",
    b' {"a": [1, -2.5, 1e3, true, false, null]} ',
    '{"a": "Rhône \U0001f30d \u2028"}'.encode(),
    rb'{"a": "\u00e9\ud83c\udf0d"}',
    b'{"a": 1, "a": 2}',
    b'{"a": NaN, "b": Infinity, "c": 1e400}',
    b'{"a": ' + b"9" * 400 + b"}",
    b'{"a":' * 150 + b"1" + b"}" * 150,
    b"5",
    b'"text"',
    b"null",
]
BROKEN = [
    b"",
    b"[DONE]",
    b": OPENROUTER PROCESSING",
    b"{",
    b"{}x",
    b"{} {}",
    b'{"a": "\n"}',
    b"<html>",
    b"[" * 100_000,
    b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
    b"1" * 10_000,
]


@pytest.mark.parametrize("parse", PARSERS.values(), ids=PARSERS)
@pytest.mark.parametrize("text", TEXTS, ids=lambda text: ascii(text[:20]))
def test_json_is_what_json_says_it_is(parse, text):
    assert repr(parse(text)) == repr(json.loads(text))


@pytest.mark.parametrize("parse", PARSERS.values(), ids=PARSERS)
@pytest.mark.parametrize("text", BROKEN, ids=lambda text: ascii(text[:10]))
def test_what_is_no_json_is_none(parse, text):
    assert parse(text) is None


@pytest.mark.parametrize("parse", PARSERS.values(), ids=PARSERS)
@pytest.mark.parametrize(
    ("text", "value"),
    [
        (b'{"a": "x\xffy"}', "x\ufffdy"),
        (rb'{"a": "x\ud83dy"}', "x\ufffdy"),
        (rb'{"a": "x\uDE00y"}', "x\ufffdy"),
        (rb'{"a": "x\\ud83d"}', "x\\ud83d"),
    ],
)
def test_half_a_character_is_a_replacement_character(parse, text, value):
    assert parse(text) == {"a": value}


def test_every_recorded_event_is_the_same_to_both(recordings):
    seen = 0
    for path in sorted((recordings / "chat").glob("*.sse")):
        for line in path.read_bytes().splitlines():
            if line.startswith(b"data: "):
                assert PARSERS["json"](line[6:]) == PARSERS["quick"](line[6:])
                seen += 1
    assert seen > 2_000


def test_the_quick_one_is_loaded_for_long_streams_and_not_for_short_ones():
    assert decoder_after(0) is not decode_with_json  # in this process it is there
    code = (
        "import sys; from openrouter_nb.client.streaming.chunk_parser import decode_with_json, decoder_after\n"
        "print(decoder_after(0) is decode_with_json, 'pydantic_core' in sys.modules)\n"
        "print(decoder_after(1000) is decode_with_json, 'pydantic_core' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["True", "False", "False", "True"]
