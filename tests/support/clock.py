"""Time that passes only when somebody waits."""

import asyncio


class FakeClock:
    """A clock for retry policies: waits are noted in `waits` and take no time; `tick` is added at every look."""

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
