"""Measure the time from the stop signal until the server detects the closed connection."""

import time

from report import Row, milliseconds
from support.kernel import Kernel

from openrouter_nb.simulator import Simulator

NAME = "Interrupt and Stop, until the server sees the connection closed"
RUNS = 20
SLOW = "%%chat --once -m demo/slow -p simulator.wait_ms=0 -p simulator.pace_ms=20\nHello"
SILENT = "%%chat --once -m demo/stall\nHello"


def run() -> list[Row]:
    """While words arrive, and while nothing does."""
    with Simulator() as simulator, Kernel(env={"OPENROUTER_BASE_URL": simulator.base_url}) as kernel:
        kernel.run("%load_ext openrouter_nb")
        return [
            Row(
                f"{way}, {when}",
                "",
                "≤ 250 ms",
                milliseconds([_delay(kernel, simulator, cell, is_stop=way == "Stop") for _ in range(RUNS)]),
            )
            for way in ("Interrupt", "Stop")
            for when, cell in (("words arriving", SLOW), ("nothing arriving", SILENT))
        ]


def _delay(kernel: Kernel, simulator: Simulator, cell: str, *, is_stop: bool) -> float:
    before = len(simulator.exchanges)
    run = kernel.start(cell)
    (comm,) = run.until(run.comms)
    kernel.send_custom(comm, {"kind": "ready"})
    run.until(lambda: len(simulator.exchanges) > before and simulator.exchanges[-1].sent_chunks >= 3)
    run.until(lambda: run.custom(comm))
    since = time.monotonic()
    if is_stop:
        kernel.send_custom(comm, {"kind": "stop"})
    else:
        kernel.interrupt()
    simulator.wait_for_close()
    run.finish()
    closed_at = simulator.exchanges[-1].closed_at
    assert closed_at is not None
    return closed_at - since
