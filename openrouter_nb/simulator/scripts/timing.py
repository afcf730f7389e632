"""Models that are slow, late, fast or long."""

from openrouter_nb.simulator.parsed_request import ChatRequest
from openrouter_nb.simulator.responses.scripted_answer import Answer
from openrouter_nb.simulator.scripted_model import Script
from openrouter_nb.simulator.scripts.text_deltas import equal, words

SENTENCE = "This is a simulated answer that goes on and on, word after word, as long models do. "


def slow(request: ChatRequest) -> Answer:
    """Say a hundred words, one every 100 ms, after a second of keep-alives."""
    pieces = words(SENTENCE * 10)[: request.tuning.chunks or 100]
    return Answer(deltas=[{"content": piece} for piece in pieces], pace_ms=100, wait_ms=1000)


def thinking_long(request: ChatRequest) -> Answer:
    """Send nothing but keep-alives for three seconds, then a sentence."""
    pieces = words(SENTENCE)[: request.tuning.chunks]
    return Answer(deltas=[{"content": piece} for piece in pieces], wait_ms=3000)


def firehose(request: ChatRequest) -> Answer:
    """Say 20,000 characters in 5,000 deltas, as fast as the connection takes them."""
    text = (SENTENCE * 250)[:20_000]
    pieces = equal(text, request.tuning.chunks or 5000)
    return Answer(deltas=[{"content": piece} for piece in pieces], pace_ms=0)


def huge(request: ChatRequest) -> Answer:
    """Say a million characters, or as many as the request wishes: one paragraph again and again."""
    length = request.tuning.characters or 1_000_000
    paragraph = (request.tuning.text or SENTENCE.rstrip()) + "\n\n"
    text = (paragraph * (length // len(paragraph) + 1))[:length]
    pieces = equal(text, request.tuning.chunks or 1000)
    return Answer(deltas=[{"content": piece} for piece in pieces], pace_ms=0)


PACES = (
    Script(slug="demo/slow", summary="A hundred words, one every 100 ms.", play=slow),
    Script(slug="demo/thinking-long", summary="Three seconds of keep-alives, then text.", play=thinking_long),
    Script(slug="demo/firehose", summary="20,000 characters in 5,000 deltas at once.", play=firehose),
    Script(slug="demo/huge", summary="A million characters.", play=huge),
)
