"""A fake clock that advances only on waits."""

import asyncio


class FakeClock:
    """A clock for retry policies: waits are recorded in `waits` and take no real time; `tick` is added on every read."""

    def __init__(self, tick=0.0):
        self.now = 0.0
        self.tick = tick
        self.waits = []

    def monotonic(self):
        self.now += self.tick
        return self.now

    async def sleep(self, seconds):
        self.waits.append(seconds)
        self.now += seconds
        await asyncio.sleep(0)
