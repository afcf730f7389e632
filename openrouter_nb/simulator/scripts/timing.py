"""Models with slow, late, fast or long answers."""

from openrouter_nb.simulator.parsed_request import ParsedChatRequest
from openrouter_nb.simulator.responses.scripted_answer import ScriptedAnswer
from openrouter_nb.simulator.scripted_model import ScriptedModel
from openrouter_nb.simulator.scripts.text_deltas import equal, words

SENTENCE = "This is a simulated answer that goes on and on, word after word, as long models do. "


def slow(request: ParsedChatRequest) -> ScriptedAnswer:
    """Send a hundred words, one every 100 ms, after a second of keep-alives."""
    pieces = words(SENTENCE * 10)[: request.overrides.chunks or 100]
    return ScriptedAnswer(deltas=[{"content": piece} for piece in pieces], pace_ms=100, wait_ms=1000)


def thinking_long(request: ParsedChatRequest) -> ScriptedAnswer:
    """Send only keep-alives for three seconds, then a sentence."""
    pieces = words(SENTENCE)[: request.overrides.chunks]
    return ScriptedAnswer(deltas=[{"content": piece} for piece in pieces], wait_ms=3000)


def firehose(request: ParsedChatRequest) -> ScriptedAnswer:
    """Send 20,000 characters in 5,000 deltas, without pauses."""
    text = (SENTENCE * 250)[:20_000]
    pieces = equal(text, request.overrides.chunks or 5000)
    return ScriptedAnswer(deltas=[{"content": piece} for piece in pieces], pace_ms=0)


def huge(request: ParsedChatRequest) -> ScriptedAnswer:
    """Send one paragraph repeatedly: a million characters, or `simulator.characters`."""
    length = request.overrides.characters or 1_000_000
    paragraph = (request.overrides.text or SENTENCE.rstrip()) + "\n\n"
    text = (paragraph * (length // len(paragraph) + 1))[:length]
    pieces = equal(text, request.overrides.chunks or 1000)
    return ScriptedAnswer(deltas=[{"content": piece} for piece in pieces], pace_ms=0)


PACES = (
    ScriptedModel(slug="demo/slow", summary="A hundred words, one every 100 ms.", respond=slow),
    ScriptedModel(
        slug="demo/thinking-long", summary="Three seconds of keep-alives, then text.", respond=thinking_long
    ),
    ScriptedModel(
        slug="demo/firehose", summary="20,000 characters in 5,000 deltas, without pauses.", respond=firehose
    ),
    ScriptedModel(slug="demo/huge", summary="A million characters.", respond=huge),
)
