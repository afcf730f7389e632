"""Every recorded body, over HTTP, however the network cuts it."""

import asyncio
import json
from pathlib import Path

import pytest
from support.recorded import expected_of, facts
from support.wire import ONCE, ask, events, reply, say, text_of

from openrouter_nb import OpenRouter, errors

pytestmark = pytest.mark.transport


@pytest.fixture(scope="module")
def index(recordings):
    return [json.loads(line) for line in (recordings / "INDEX.jsonl").read_text().splitlines()]


@pytest.fixture(scope="module")
def streams(index):
    return {
        f"recorded/{Path(entry['file']).stem}": entry["expected"] for entry in index if "expected" in entry
    }


def test_every_stream_comes_whole_over_http(replayer, streams):
    async def read():
        async with OpenRouter(server_url=replayer.base_url) as client:
            for model, entry in streams.items():
                chunks, stream, error = await ask(None, client=client, model=model)
                assert error is None, model
                assert facts(stream.result) == expected_of(entry), model
                assert text_of(chunks) == stream.result.text

    asyncio.run(read())


@pytest.mark.parametrize("split", ["1", "7", "64", "event"])
def test_every_stream_comes_whole_over_http_at_every_split(replayer, recordings, streams, split):
    def size_of(model):
        return (recordings / "chat" / f"{model.removeprefix('recorded/')}.sse").stat().st_size

    async def read(client, model):
        headers = {"X-Simulator-Split": split}
        _, stream, error = await ask(None, client=client, model=model, http_headers=headers)
        assert error is None, model
        assert facts(stream.result) == expected_of(streams[model]), model

    async def read_all():
        # Byte by byte the long ones would take minutes; test_splits.py has them without a socket.
        chosen = [model for model in streams if split != "1" or size_of(model) < 15_000]
        assert len(chosen) >= 30
        async with OpenRouter(server_url=replayer.base_url) as client:
            await asyncio.gather(*(read(client, model) for model in chosen))

    asyncio.run(read_all())


def test_streams_are_the_same_without_await(replayer, streams):
    with OpenRouter(server_url=replayer.base_url) as client:
        for model in list(streams)[::5]:
            with client.chat.send(**ONCE, model=model, stream=True) as stream:
                pieces = text_of(stream)
            assert facts(stream.result) == expected_of(streams[model]), model
            assert pieces == stream.result.text


def test_whole_answers_come_whole(replayer, index, recordings):
    whole = [entry for entry in index if entry["file"].endswith(".json") and entry["status"] == 200]
    padded = 0
    with OpenRouter(server_url=replayer.base_url) as client:
        for entry in whole:
            body = (recordings / entry["file"]).read_bytes()
            wire = json.loads(body)
            result = client.chat.send(**ONCE, model=f"recorded/{Path(entry['file']).stem}")
            padded += body[:1].isspace()
            message = wire["choices"][0]["message"]
            assert (result.id, result.model, result.provider) == (
                wire["id"],
                wire["model"],
                wire.get("provider"),
            )
            assert result.text == (message["content"] or "")
            assert result.model_dump(exclude_unset=True) == wire, entry["file"]
    assert padded > 50


def test_a_whole_answer_to_a_request_to_stream_is_one_chunk(replayer, index, recordings):
    entry = next(e for e in index if e["features"].get("tool_calls") and e["file"].endswith(".json"))
    model = f"recorded/{Path(entry['file']).stem}"
    with OpenRouter(server_url=replayer.base_url) as client:
        with client.chat.send(**ONCE, model=model, stream=True) as stream:
            (chunk,) = stream
        assert stream.result == client.chat.send(**ONCE, model=model)
        wire = json.loads((recordings / entry["file"]).read_bytes())
        calls = chunk.choices[0].delta.tool_calls
        assert [(call.index, call.id) for call in calls] == [
            (n, call["id"]) for n, call in enumerate(wire["choices"][0]["message"]["tool_calls"])
        ]


def test_the_two_refusals_are_of_the_right_class(replayer, index):
    refused = {
        entry["status"]: f"recorded/{Path(entry['file']).stem}" for entry in index if entry["status"] != 200
    }
    kinds = {400: errors.BadRequestError, 401: errors.UnauthorizedError}
    assert set(refused) == set(kinds)
    with OpenRouter(server_url=replayer.base_url) as client:
        for status, model in refused.items():
            for stream in (False, True):
                with pytest.raises(kinds[status]) as caught:
                    client.chat.send(**ONCE, model=model, stream=stream)
                assert caught.value.status_code == status
                assert "user_" not in str(caught.value)


CONNECTION_LOST = "Network connection lost."
QUOTED = {
    "200_json_choices_empty_error": (
        errors.BadGatewayError,
        502,
        "Upstream error from Nvidia: Service temporarily overloaded",
    ),
    "200_sse_error_empty_choices_bedrock": (errors.BadGatewayError, 502, "Internal server error"),
    "200_sse_error_stealth": (errors.BadGatewayError, 502, "JSON error injected into SSE stream"),
    "200_sse_finish_error_native_only": (errors.BadGatewayError, 502, "MALFORMED_FUNCTION_CALL"),
    "200_sse_network_connection_lost": (errors.BadGatewayError, 502, CONNECTION_LOST),
    "200_sse_no_events": (errors.StreamInterruptedError, None, "ended before the answer did"),
    "400_raw_nested_json_string": (
        errors.BadRequestError,
        400,
        "Crucible: Model 'moonshotai/kimi-k2.6' supports at most 1 image",
    ),
    "402_double_nested_error_2025-03": (errors.PaymentRequiredError, 402, "More credits are required"),
    "402_insufficient_credits_2026-07": (errors.PaymentRequiredError, 402, "Insufficient credits."),
    "402_more_credits_or_fewer_max_tokens": (errors.PaymentRequiredError, 402, "can only afford 3919"),
    "402_never_purchased_2026-04": (errors.PaymentRequiredError, 402, "never purchased"),
    "402_prompt_tokens_limit": (errors.PaymentRequiredError, 402, "230799 > 91442"),
    "403_agentic_only": (errors.ForbiddenError, 403, "only available on agentic harnesses"),
    "403_moderation_bedrock": (errors.ForbiddenError, 403, "requires moderation"),
    "403_moderation_misc_free": (errors.ForbiddenError, 403, "requires moderation"),
    "404_no_tool_use": (errors.NotFoundError, 404, "No endpoints found that support tool use"),
    "429_upstream_shared_pool_2026-09": (
        errors.TooManyRequestsError,
        429,
        "Decart: z-ai/glm-5.2:free is temporarily rate-limited",
    ),
}
DOCUMENTED = {
    "errors-and-debugging__0": (errors.ForbiddenError, 403),
    "errors-and-debugging__1": (errors.ForbiddenError, 403),
    "errors-and-debugging__2": (errors.TooManyRequestsError, 429),
    "errors-and-debugging__3": (errors.TooManyRequestsError, 429),
    "errors-and-debugging__4": (errors.TooManyRequestsError, 429),
    "errors-and-debugging__5": (errors.NotFoundError, 404),
    "errors-and-debugging__6": (errors.NotFoundError, 404),
    "errors-and-debugging__7": (errors.BadRequestError, 400),
    "errors-and-debugging__8": (errors.BadGatewayError, 502),
    "errors-and-debugging__11": (errors.BadGatewayError, 502),
    "errors-and-debugging__12": (errors.BadGatewayError, 502),
    "errors-and-debugging__13": (errors.UnauthorizedError, 401),
    "errors-and-debugging__14": (errors.ProviderOverloadedError, 529),
    "limits__0": (errors.TooManyRequestsError, 429),
    "limits__1": (errors.TooManyRequestsError, 429),
    "pdfs__1": (errors.BadGatewayError, 502),
    "router-metadata__0": (errors.NotFoundError, 404),
    "router-metadata__1": (errors.ForbiddenError, 403),
    "streaming__0": (errors.StreamInterruptedError, None),
    "streaming__1": (errors.BadRequestError, 400),
    "streaming__2": (errors.BadGatewayError, 502),
}


def failure(client, model):
    with (
        pytest.raises(errors.OpenRouterError) as caught,
        client.chat.send(**ONCE, model=model, stream=True) as stream,
    ):
        for _ in stream:
            pass
    shown = str(caught.value)
    assert shown.splitlines() == [shown]
    for unwanted in ("user_", "sk-", "Bearer", "<html", "{"):
        assert unwanted not in shown
    return caught.value


@pytest.mark.parametrize("name", QUOTED)
def test_quoted_bodies_give_the_right_error(replayer, name):
    kind, status, words = QUOTED[name]
    with OpenRouter(server_url=replayer.base_url) as client:
        error = failure(client, f"recorded/quoted/{name}")
    assert (type(error), error.status_code) == (kind, status)
    assert words in error.message
    if words == CONNECTION_LOST:
        assert error.partial.text == "Partial analysis"


def test_every_quoted_body_is_in_the_table(recordings):
    assert {path.stem for path in (recordings / "quoted").iterdir()} == set(QUOTED)


@pytest.mark.parametrize("name", DOCUMENTED)
def test_documented_errors_give_the_right_error(replayer, name):
    kind, status = DOCUMENTED[name]
    with OpenRouter(server_url=replayer.base_url) as client:
        error = failure(client, f"recorded/documented/{name}")
    assert (type(error), error.status_code) == (kind, status)


def test_every_documented_error_is_in_the_table(recordings):
    bodies = {path.stem: path.read_text() for path in (recordings / "documented").iterdir()}
    # Examples of other endpoints: the Responses API and image generation.
    other = {
        name
        for name, body in bodies.items()
        if '"response' in body or '"resp_' in body or "image_generation" in body
    }
    found = {name for name, body in bodies.items() if '"error"' in body} - other - {"image-generation__7"}
    assert found <= set(DOCUMENTED)


def test_what_the_documentation_says_of_waiting_is_kept(replayer):
    with OpenRouter(server_url=replayer.base_url) as client:
        error = failure(client, "recorded/documented/errors-and-debugging__4")
    assert (error.retry_after, error.retryable) == (40, True)


def test_a_stream_ends_at_done_even_if_the_server_does_not(serve):
    server = serve(reply(events(say("a", "stop")), declared=10_000), "wait")
    chunks, stream, error = asyncio.run(ask(server.base_url))
    assert (text_of(chunks), stream.result.text, error) == ("a", "a", None)
