"""What an answer of 20,000 characters in 5,000 deltas costs between kernel and page."""

from report import Row
from support.kernel import Kernel, Run

from openrouter_nb.simulator import Simulator

NAME = "Kernel messages for 20 kB in 5,000 deltas"
SIZE = 20_000
# What most magics do: all of the text again with every delta.
NAIVE = """
import time
from IPython.display import Markdown, display
sentence = "This is a simulated answer that goes on and on, word after word, as long models do. "
whole = (sentence * 250)[:{size}]
shown, text = display(Markdown(""), display_id=True), ""
for at in range(0, len(whole), 4):
    text += whole[at : at + 4]
    shown.update(Markdown(text))
    time.sleep({pace_ms} / 1000)
"""


def run() -> list[Row]:
    """At once and at 500 deltas a second; ours and a naive peer."""
    rows = []
    with Simulator() as simulator, Kernel(env={"OPENROUTER_BASE_URL": simulator.base_url}) as kernel:
        kernel.run("%load_ext openrouter_nb")
        for pace_ms, pace in ((0, "at once"), (2, "one each 2 ms")):
            ours = _chat(kernel, pace_ms)
            naive = kernel.run(NAIVE.format(size=SIZE, pace_ms=pace_ms))
            for name, cell in ((f"openrouter-nb, {pace}", ours), (f"naive peer, {pace}", naive)):
                size, count = sum(message.size for message in cell.published), len(cell.published)
                target = "≤ 5 x the text, ≤ 30 messages/s" if cell is ours else ""
                figure = (
                    f"{size / SIZE:.1f} x the text, {_busiest_second(cell)} messages in the busiest second"
                )
                rows.append(
                    Row(name, figure, target, f"{size:,} bytes, {count} messages, {cell.seconds:.1f} s")
                )
    return rows


def _chat(kernel: Kernel, pace_ms: int) -> Run:
    run = kernel.start(f"%%chat --once -m demo/firehose -p simulator.pace_ms={pace_ms}\nHello")
    (comm,) = run.until(run.comms)
    kernel.send_custom(comm, {"kind": "ready"})
    run.finish()
    return run


def _busiest_second(run: Run) -> int:
    times = [message.at for message in run.published]
    return max(sum(start <= at < start + 1 for at in times) for start in times)
