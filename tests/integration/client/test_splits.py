"""Every recorded, quoted and documented body: the same answer or the same error, however the network cuts it.

Seven ways to cut, three line ends, with and without a byte order mark, through everything but the socket.
"""

import asyncio
import random
import re

import pytest
from support.recorded import client_of, expected_of, facts, recorded_bodies
from support.wire import HI

from openrouter_nb import errors
from openrouter_nb.client.streaming.sse import EventDecoder

NEWLINES = {"lf": b"\n", "cr": b"\r", "crlf": b"\r\n"}
MARKS = {"": b"", "mark": b"\xef\xbb\xbf"}


def every(size):
    return lambda body: [body[start : start + size] for start in range(0, len(body), size)]


def at_random(body):
    dice, pieces = random.Random(len(body)), []  # noqa: S311 - the same ones every time
    while body:
        size = dice.choice((1, 2, 3, 50, 300))
        pieces.append(body[:size])
        body = body[size:]
    return pieces


SPLITS = {
    "whole": lambda body: [body],
    "1 byte": every(1),
    "7 bytes": every(7),
    "64 bytes": every(64),
    "1024 bytes": every(1024),
    # Between CR and LF as well.
    "line ends": lambda body: re.findall(rb"[^\r\n]*[\r\n]|[^\r\n]+\Z", body),
    "at random": at_random,
}
#: Byte by byte a large stream goes through the decoder alone: to await so often would take minutes.
SMALL = 6_000


@pytest.fixture(scope="module")
def bodies(recordings):
    return recorded_bodies(recordings)


@pytest.fixture(scope="module")
def outcomes(bodies):
    """What each body comes to in one piece."""
    return {
        body.name: outcome for body, outcome in zip(bodies, ask([(b, [b.body]) for b in bodies]), strict=True)
    }


def ask(cut):
    """The answer or error of each body, through the client."""
    waiting = []

    async def one(client, body):
        try:
            if not body.is_stream:
                return (await client.chat.send_async(messages=HI)).model_dump()
            async with await client.chat.send_async(messages=HI, stream=True) as stream:
                async for _ in stream:
                    pass
            if body.expected:
                assert facts(stream.result) == expected_of(body.expected), body.name
            return stream.result.model_dump()
        except errors.OpenRouterError as error:
            partial = error.partial.model_dump() if error.partial else None
            return type(error), str(error), error.status_code, error.error_type, error.retry_after, partial

    async def all_of_them():
        found = []
        async with client_of(waiting.pop) as client:
            for body, pieces in cut:
                waiting.append((body.status, body.content_type, pieces))
                found.append(await one(client, body))
        return found

    return asyncio.run(all_of_them())


def decoded(pieces):
    decoder = EventDecoder()
    events = [event for piece in pieces for event in decoder.feed(piece)]
    return events, decoder.unfinished, decoder.inside_event, decoder.comments


@pytest.mark.parametrize("mark", MARKS.values(), ids=MARKS)
@pytest.mark.parametrize("newline", NEWLINES.values(), ids=NEWLINES)
@pytest.mark.parametrize("split", SPLITS)
def test_every_body_is_the_same_however_it_is_cut(bodies, outcomes, split, newline, mark):
    assert len(bodies) > 150
    cut = []
    for body in bodies:
        pieces = SPLITS[split](mark + body.body.replace(b"\n", newline))
        if split == "1 byte" and body.is_stream and len(body.body) > SMALL:
            assert decoded(pieces) == decoded([body.body]), body.name
        else:
            cut.append((body, pieces))
    for (body, _), outcome in zip(cut, ask(cut), strict=True):
        assert outcome == outcomes[body.name], body.name


def test_the_recordings_hold_no_other_line_end_that_the_replacing_would_miss(bodies):
    assert not any(b"\r" in body.body for body in bodies)
