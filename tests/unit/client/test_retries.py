"""What is sent again, when, and how often."""

import asyncio
import time
from types import SimpleNamespace

import pytest
from support.clock import FakeClock
from support.heads import Head

from openrouter_nb import UNSET, BackoffStrategy, OpenRouter, RetryConfig, RetryPolicy, errors
from openrouter_nb.client.error_mapping import error_from_payload, error_from_response
from openrouter_nb.client.retries import ConfiguredPolicy, NoRetries, Retrier, policy_of
from openrouter_nb.components import ChatResult

REPEATED = [408, 409, 429, 500, 502, 503, 504, 520, 521, 522, 523, 524, 529]
FINAL = [400, 401, 402, 403, 404, 405, 412, 413, 422, 451, 501]


def refusal(status, *, headers=None, **error):
    body = {"error": {"code": status, "message": "no", **error}}
    return error_from_payload(body, Head(status, headers or {}))


def middle():
    return 0.5  # no jitter


OURS = RetryPolicy(chance=middle)


# --- our policy


@pytest.mark.parametrize("status", REPEATED + FINAL)
@pytest.mark.parametrize("retries", [0, 1, 2, 3])
@pytest.mark.parametrize("body", ["json", "page"])
def test_a_status_is_repeated_twice_or_never(status, retries, body):
    error = refusal(status) if body == "json" else error_from_response(Head(status), b"<html>no</html>")
    wanted = 0.5 * 2**retries if status in REPEATED and retries < 2 else None
    assert OURS.wait_s(error, retries, 0.0) == wanted


@pytest.mark.parametrize("status", REPEATED + FINAL)
@pytest.mark.parametrize("retryable", [True, False])
def test_what_the_service_says_of_it_counts_more_than_the_status(status, retryable):
    error = refusal(status, availability={"retryable": retryable})
    assert (OURS.wait_s(error, 0, 0.0) is not None) == retryable


@pytest.mark.parametrize(
    ("error_type", "repeated"),
    [
        ("rate_limit_exceeded", True),
        ("provider_overloaded", True),
        ("provider_unavailable", True),
        ("timeout", True),
        ("server", True),
        ("invalid_request", False),
        ("context_length_exceeded", False),
        ("content_policy_violation", False),
        ("refusal", False),
        ("authentication", False),
        ("payment_required", False),
        ("permission_denied", False),
        ("not_found", False),
        ("payload_too_large", False),
        ("unprocessable", False),
    ],
)
@pytest.mark.parametrize("code", ["given", "missing"])
def test_an_error_inside_a_200_goes_by_its_type(error_type, repeated, code):
    error = {"message": "no", "metadata": {"error_type": error_type}}
    named = error_from_payload({"error": error}, Head(200))
    if code == "given":
        error["code"] = named.status_code
        named = error_from_payload({"error": error}, Head(200))
    assert (OURS.wait_s(named, 0, 0.0) is not None) == repeated


@pytest.mark.parametrize(
    ("headers", "error", "wait"),
    [
        ({}, {}, 0.5),
        ({"retry-after": "3"}, {}, 3.0),
        ({"retry-after": "2.5"}, {}, 2.5),
        ({"retry-after": "60"}, {}, 60.0),
        ({"retry-after": "61"}, {}, None),
        ({"retry-after": "0"}, {}, 0.5),
        ({"retry-after": "soon"}, {}, 0.5),
        ({"retry-after": "-1"}, {}, 0.5),
        ({"retry-after": "Wed, 21 Oct 2015 07:28:00 GMT"}, {}, 0.5),
        ({"retry-after": "Wed, 21 Oct 2999 07:28:00 GMT"}, {}, None),
        ({"retry-after-ms": "1500", "retry-after": "30"}, {}, 1.5),
        ({}, {"availability": {"retryable": True, "retry_after": 7}}, 7.0),
        ({"retry-after": "4"}, {"availability": {"retryable": True, "retry_after": 7}}, 4.0),
        ({}, {"metadata": {"limit_source": "openrouter_free_tier_daily"}}, None),
        (
            {"retry-after": "1"},
            {"metadata": {"limit_source": "openrouter_free_tier_daily"}},
            None,
        ),
    ],
)
def test_the_wait_is_what_the_service_asks_for(headers, error, wait):
    assert OURS.wait_s(refusal(429, headers=headers, **error), 0, 0.0) == wait


@pytest.mark.parametrize(
    ("seconds", "waited"), [(20, True), (59, True), (70, False), (5 * 3600, False), (-5, True)]
)
@pytest.mark.parametrize("where", ["header", "body"])
def test_a_reset_is_a_moment_in_milliseconds(seconds, waited, where):
    reset = {"X-RateLimit-Reset": str(int((time.time() + seconds) * 1000))}
    headers = {name.lower(): value for name, value in reset.items()} if where == "header" else {}
    metadata = {} if where == "header" else {"headers": reset}
    wait = OURS.wait_s(refusal(429, headers=headers, metadata=metadata), 0, 0.0)
    assert (wait is not None) == waited
    if seconds > 0 and waited:
        assert wait == pytest.approx(seconds, abs=2)


@pytest.mark.parametrize("chance", [0.0, 0.25, 0.999])
def test_jitter_is_a_quarter_more_or_less(chance):
    policy = RetryPolicy(chance=lambda: chance)
    for retries, middle_s in enumerate([0.5, 1.0]):
        wait = policy.wait_s(refusal(500), retries, 0.0)
        assert wait == pytest.approx(middle_s * (0.75 + chance / 2))


@pytest.mark.parametrize(
    ("elapsed", "hint", "repeated"), [(0, 60, True), (31, 60, False), (89, 1, True), (89.6, 1, False)]
)
def test_no_attempt_begins_after_ninety_seconds(elapsed, hint, repeated):
    error = refusal(429, headers={"retry-after": str(hint)})
    assert (OURS.wait_s(error, 0, elapsed) is not None) == repeated


@pytest.mark.parametrize(
    ("error", "repeated"),
    [
        (errors.NoResponseError("x", retryable=True), True),
        (errors.RequestTimeoutError("x", retryable=True), True),
        (errors.StreamInterruptedError("x", retryable=True), True),
        (errors.ConfigurationError("x"), False),
        (errors.MissingAPIKeyError("x"), False),
        (errors.StreamProtocolError("x"), False),
        (errors.UnexpectedContentError("x", status_code=200), False),
    ],
)
def test_no_connection_is_repeated_and_a_mistake_is_not(error, repeated):
    assert (OURS.wait_s(error, 0, 0.0) is not None) == repeated


# --- the SDKs' configuration


@pytest.mark.parametrize("status", REPEATED + FINAL)
def test_a_configuration_repeats_429_and_5xx(status):
    policy = policy_of(RetryConfig("backoff", BackoffStrategy(1, 50, 1.1, 100), False))
    assert (policy.wait_s(refusal(status), 0, 0.0) is not None) == (status == 429 or status >= 500)


@pytest.mark.parametrize(
    ("codes", "status", "repeated"),
    [
        (["404"], 404, True),
        (["404"], 500, False),
        (["4XX"], 429, True),
        (["5xx"], 599, True),
        ([429], 429, True),
        ([], 500, True),
    ],
)
def test_statuses_can_be_named(codes, status, repeated):
    policy = policy_of(RetryConfig(status_codes_override=codes))
    assert (policy.wait_s(refusal(status), 0, 0.0) is not None) == repeated


@pytest.mark.parametrize("wanted", [True, False])
@pytest.mark.parametrize(
    "kind", [errors.NoResponseError, errors.RequestTimeoutError, errors.StreamInterruptedError]
)
def test_connection_errors_are_repeated_if_asked(wanted, kind):
    policy = policy_of(RetryConfig("backoff", BackoffStrategy(), wanted))
    assert (policy.wait_s(kind("x"), 0, 0.0) is not None) == wanted
    assert policy.wait_s(errors.ConfigurationError("x"), 0, 0.0) is None


def test_intervals_grow_as_in_the_python_sdk():
    policy = ConfiguredPolicy(RetryConfig(backoff=BackoffStrategy(500, 60_000, 1.5, 10**9, jitter_ms=0)))
    waits = [policy.wait_s(refusal(500), retries, 0.0) for retries in range(14)]
    assert waits[:6] == pytest.approx([0.5, 0.75, 1.125, 1.6875, 2.53125, 3.796875])
    assert max(waits) == waits[-1] == 60.0
    assert policy.wait_s(refusal(500), 10_000, 0.0) == 60.0


def test_jitter_is_up_to_a_second_unless_said_otherwise():
    strategy = BackoffStrategy(500, 60_000, 1.5, 10**9)
    assert (
        ConfiguredPolicy(RetryConfig(backoff=strategy), chance=lambda: 1.0).wait_s(refusal(500), 0, 0) == 1.5
    )
    strategy = BackoffStrategy(500, 60_000, 1.5, 10**9, jitter_ms=200)
    assert (
        ConfiguredPolicy(RetryConfig(backoff=strategy), chance=lambda: 1.0).wait_s(refusal(500), 0, 0) == 0.7
    )
    with pytest.raises(ValueError, match="jitter_ms"):
        BackoffStrategy(jitter_ms=-1)


@pytest.mark.parametrize(("elapsed", "repeated"), [(0.0, True), (0.1, True), (0.101, False)])
def test_the_last_attempt_is_the_one_after_max_elapsed_time(elapsed, repeated):
    policy = policy_of(RetryConfig("backoff", BackoffStrategy(1, 50, 1.1, 100), False))
    assert (policy.wait_s(refusal(500), 0, elapsed) is not None) == repeated


@pytest.mark.parametrize(
    ("headers", "wait"),
    [
        ({"retry-after": "100"}, 100.0),
        ({"retry-after-ms": "50", "retry-after": "100"}, 0.05),
        ({"retry-after": "0"}, 0.5),
        ({"retry-after": "Wed, 21 Oct 2015 07:28:00 GMT"}, 0.5),
        ({"x-ratelimit-reset": str(int((time.time() + 30) * 1000))}, 0.5),
    ],
)
def test_only_a_retry_after_header_replaces_the_interval_and_is_not_capped(headers, wait):
    policy = policy_of(
        RetryConfig("backoff", BackoffStrategy(500, 60_000, 1.5, 3_600_000, jitter_ms=0), False)
    )
    assert policy.wait_s(refusal(429, headers=headers), 0, 0.0) == wait


def test_the_sdks_own_objects_are_understood():
    old = SimpleNamespace(initial_interval=10, max_interval=50, exponent=2.0, max_elapsed_time=100)
    config = SimpleNamespace(strategy="backoff", backoff=old, retry_connection_errors=True)
    assert 0.01 <= policy_of(config).wait_s(refusal(500), 0, 0.0) <= 0.05


@pytest.mark.parametrize("retries", [None, RetryConfig("none"), RetryConfig("none", BackoffStrategy(), True)])
def test_no_retries_can_be_asked_for(retries):
    assert isinstance(policy_of(retries), NoRetries)
    assert policy_of(retries).wait_s(refusal(500), 0, 0.0) is None


@pytest.mark.parametrize(
    "retries", [3, "backoff", object(), {"strategy": "backoff"}, RetryConfig, RetryPolicy]
)
def test_what_is_no_configuration_is_a_type_error(retries):
    with pytest.raises(TypeError, match="RetryConfig"):
        policy_of(retries)
    with pytest.raises(TypeError, match="RetryConfig"):
        OpenRouter(retry_config=retries)


def test_a_call_says_more_than_its_client():
    config, own = RetryConfig("none"), RetryPolicy(max_retries=5)
    client = OpenRouter(retry_config=own)
    assert client.retry_policy() is client.retry_policy(UNSET) is own
    assert isinstance(client.retry_policy(None), NoRetries)
    assert isinstance(client.retry_policy(config), NoRetries)
    assert OpenRouter().retry_policy() == RetryPolicy()


# --- the loop


class Attempts:
    """Fails as told, then succeeds."""

    def __init__(self, *failures):
        self.failures = list(failures)
        self.count = 0

    async def __call__(self):
        self.count += 1
        if self.failures:
            raise self.failures.pop(0)
        return "answer"


def play(*failures, policy=None, clock=None, **options):
    clock = clock or FakeClock()
    attempts = Attempts(*failures)
    retrier = Retrier(attempts, policy or RetryPolicy(clock=clock, chance=middle), **options)
    try:
        outcome = asyncio.run(retrier.run())
    except errors.OpenRouterError as error:
        outcome = error
    return outcome, attempts.count, clock.waits, retrier.attempts


def test_the_first_success_is_returned_with_what_failed_before():
    first, second = refusal(429, headers={"retry-after": "3"}), refusal(500)
    outcome, count, waits, attempts = play(first, second)
    assert (outcome, count, waits) == ("answer", 3, [3.0, 1.0])
    assert [(a.number, a.error, a.waited_s) for a in attempts] == [(1, first, 3.0), (2, second, 1.0)]
    assert first.__traceback__ is None


def test_the_last_error_knows_the_ones_before_it():
    failures = [refusal(500), refusal(502), refusal(503), refusal(503)]
    outcome, count, _, _ = play(*failures)
    assert (outcome, count) == (failures[2], 3)
    assert [attempt.error for attempt in outcome.attempts] == failures[:2]
    assert refusal(500).attempts == ()


def test_another_kind_of_error_ends_it():
    outcome, count, waits, _ = play(refusal(500), refusal(401))
    assert isinstance(outcome, errors.UnauthorizedError)
    assert (count, waits, len(outcome.attempts)) == (2, [0.5], 1)


def test_the_clock_counts_the_attempts_too():
    outcome, count, waits, _ = play(*[refusal(500)] * 9, policy=None, clock=FakeClock(tick=95))
    assert (outcome.status_code, count, waits) == (500, 1, [])


def test_who_asked_is_told_before_each_wait():
    told = []
    clock = FakeClock()
    play(
        refusal(429, headers={"retry-after": "3"}),
        refusal(500),
        clock=clock,
        on_retry=lambda attempt: told.append((attempt.number, attempt.waited_s, list(clock.waits))),
    )
    assert told == [(1, 3.0, []), (2, 1.0, [3.0])]


@pytest.mark.parametrize(
    "message", [{"content": "paid"}, {"reasoning": "paid"}, {"tool_calls": [{"id": "1"}]}]
)
@pytest.mark.parametrize("policy", [RetryPolicy(), policy_of(RetryConfig())], ids=["ours", "configured"])
def test_an_answer_of_which_a_part_has_arrived_is_never_asked_for_again(message, policy):
    partial = ChatResult.model_validate({"choices": [{"message": {"role": "assistant", **message}}]})
    error = error_from_payload({"error": {"code": 502}}, Head(200), partial=partial)
    outcome, count, _, _ = play(error, policy=policy)
    assert (outcome, count) == (error, 1)


def test_an_empty_frame_is_no_part_of_an_answer():
    partial = ChatResult.model_validate({"choices": [{"message": {"role": "assistant", "content": ""}}]})
    error = error_from_payload({"error": {"code": 502}}, Head(200), partial=partial)
    assert play(error)[:2] == ("answer", 2)


def test_the_sdks_policy_goes_on_until_its_time_is_over():
    clock = FakeClock()
    config = RetryConfig("backoff", BackoffStrategy(1000, 4000, 2.0, 10_000, jitter_ms=0), False)
    outcome, count, waits, _ = play(
        *[refusal(500)] * 20, policy=ConfiguredPolicy(config, clock=clock), clock=clock
    )
    # The test comes before the wait and does not count it: 1 + 2 + 4 + 4 = 11 > 10.
    assert (outcome.status_code, count, waits) == (500, 5, [1.0, 2.0, 4.0, 4.0])


def test_a_cancelled_wait_ends_at_once():
    async def cancel():
        retrier = Retrier(Attempts(refusal(429, headers={"retry-after": "30"})), RetryPolicy())
        task = asyncio.ensure_future(retrier.run())
        await asyncio.sleep(0.05)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asyncio.wait_for(task, 20)  # of the 30 of its Retry-After

    asyncio.run(cancel())
