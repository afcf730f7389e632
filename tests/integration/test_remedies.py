"""Every recorded error body ends in a banner: a title, and the code or the sentence that helps."""

import pytest

from openrouter_nb import OpenRouter, errors
from openrouter_nb.render.errors.banners import banner
from openrouter_nb.simulator import Simulator

AGAIN = "%chat_retry"
OTHER = "%chat_retry -m openrouter/auto"
KEY = "%chat_key\n%chat_retry"
FAILED = ("The provider failed", AGAIN)
BROKE_OFF = ("The answer broke off", AGAIN)
MODERATED = ("Flagged by moderation", OTHER)
LIMIT_OF_KEY = ("The key's limit is reached", KEY)
NO_CREDITS = ("Out of credits", "%chat_retry -m openrouter/free")
GUARDED = ("Stopped by a guardrail", "Change the prompt and run the cell again.")
TOO_MANY = ("Too many requests", AGAIN)
REJECTED = ("The request was rejected", "%chat_retry --dry-run")

# Title, and what helps: code to run, or where there is none the end of the explanation.
BANNERS = {
    "quoted/200_json_choices_empty_error": FAILED,
    "quoted/200_sse_error_empty_choices_bedrock": FAILED,
    "quoted/200_sse_error_stealth": FAILED,
    "quoted/200_sse_finish_error_native_only": FAILED,
    "quoted/200_sse_network_connection_lost": FAILED,
    "quoted/200_sse_no_events": BROKE_OFF,
    "quoted/400_raw_nested_json_string": REJECTED,
    "quoted/402_double_nested_error_2025-03": LIMIT_OF_KEY,
    "quoted/402_insufficient_credits_2026-07": NO_CREDITS,
    "quoted/402_more_credits_or_fewer_max_tokens": ("Not enough credits", "%chat_retry -n 3919"),
    "quoted/402_never_purchased_2026-04": NO_CREDITS,
    "quoted/402_prompt_tokens_limit": LIMIT_OF_KEY,
    "quoted/403_agentic_only": ("Not allowed", OTHER),
    "quoted/403_moderation_bedrock": MODERATED,
    "quoted/403_moderation_misc_free": MODERATED,
    "quoted/404_no_tool_use": ("No provider for this model supports tools", "%chat_models --tools"),
    "quoted/429_upstream_shared_pool_2026-09": ("The provider is at its limit", AGAIN),
    "documented/errors-and-debugging__0": GUARDED,
    "documented/errors-and-debugging__1": GUARDED,
    "documented/errors-and-debugging__2": TOO_MANY,
    "documented/errors-and-debugging__3": TOO_MANY,
    "documented/errors-and-debugging__4": (
        "Too many requests",
        "%chat_retry -m anthropic/claude-haiku-4.5",
    ),
    "documented/errors-and-debugging__5": ("The model is gone", "%chat_retry -m openai/gpt-4.1"),
    "documented/errors-and-debugging__6": ("Your privacy settings exclude the model", OTHER),
    "documented/errors-and-debugging__7": ("No such model", "%chat_models"),
    "documented/errors-and-debugging__8": FAILED,
    "documented/errors-and-debugging__11": FAILED,
    "documented/errors-and-debugging__12": FAILED,
    "documented/errors-and-debugging__13": ("The API key was not accepted", KEY),
    "documented/errors-and-debugging__14": ("The provider is overloaded", AGAIN),
    "documented/limits__0": TOO_MANY,
    "documented/limits__1": TOO_MANY,
    "documented/pdfs__1": FAILED,
    "documented/router-metadata__0": (
        "Your routing leaves no provider",
        "Change `--provider`, or drop it.",
    ),
    "documented/router-metadata__1": GUARDED,
    "documented/streaming__0": BROKE_OFF,
    "documented/streaming__1": ("No such model", "%chat_models"),
    "documented/streaming__2": FAILED,
}


@pytest.fixture(scope="module")
def failures(recordings):
    """Ask for each body, once; its error by name."""

    with (
        Simulator(recordings=recordings, local=False) as server,
        OpenRouter(server_url=server.base_url, retry_config=None) as client,
    ):
        yield {name: _fails(client, name) for name in BANNERS}


def _fails(client, name):
    message = {"role": "user", "content": "Hi"}
    with (
        pytest.raises(errors.OpenRouterError) as caught,
        client.chat.send(messages=[message], model=f"recorded/{name}", stream=True) as stream,
    ):
        for _ in stream:
            pass
    return caught.value


@pytest.mark.parametrize("name", BANNERS)
def test_every_recorded_error_has_its_title_and_its_remedy(failures, name):
    words = banner(failures[name])
    title, help_ = BANNERS[name]
    assert words.title == title
    assert words.remedy == help_ if words.remedy else words.meaning.endswith(help_)
    assert words.message == " ".join(failures[name].message.split())


@pytest.mark.parametrize("name", BANNERS)
def test_it_speaks_of_what_arrived_only_where_something_did(failures, name):
    partial = failures[name].partial
    arrived = partial is not None and bool(partial.text)
    assert ("The partial answer" in banner(failures[name]).meaning) == arrived
