"""How many requests of a batch run at once."""

from support.clock import FakeClock

from openrouter_nb.batch.rate_limiter import RateLimiter


def test_a_refusal_makes_everybody_wait_and_halves_the_room():
    clock = FakeClock()
    pace = RateLimiter(8, clock.monotonic)
    assert (pace.concurrency, pace.wait_s) == (8, 0)
    pace.on_rate_limited(3)
    assert (pace.concurrency, pace.wait_s) == (4, 3)
    pace.on_rate_limited(5)  # refused together with the first one
    assert (pace.concurrency, pace.wait_s) == (4, 5)
    clock.now += 6
    assert pace.wait_s == 0
    for _ in range(9):
        pace.on_rate_limited(1)
        clock.now += 2
    assert pace.concurrency == 1


def test_answers_give_the_room_back_and_no_more():
    clock = FakeClock()
    pace = RateLimiter(4, clock.monotonic)
    pace.on_rate_limited(1)
    clock.now += 2
    assert pace.concurrency == 2
    for _ in range(3):
        pace.on_success()
    assert pace.concurrency == 3
    for _ in range(20):
        pace.on_success()
    assert pace.concurrency == 4


def test_a_day_long_hint_does_not_put_a_batch_to_sleep():
    clock = FakeClock()
    pace = RateLimiter(4, clock.monotonic)
    pace.on_rate_limited(86_400)
    assert pace.wait_s == 120
