"""What a long answer costs the page that shows it, beside drawing the whole text anew in each frame."""

import json
from dataclasses import dataclass
from typing import Any

from support.playground import PlaygroundView

SECTION = """## Section {n}

A paragraph with **bold**, `code`, *emphasis* and a [link](https://example.com/{n}) that runs on for a while and then ends.

- item one
- item two
  - nested
- item three

| a | b |
|---|--:|
| 1 | {n} |

```python
def f{n}(x):
    return x + {n}
```

"""
LENGTH = 100_000
DELTA = 4
FRAMES_PER_S = 60
POSITIONS = 24

# Time that the main thread was busy, as the browser counts it.
BUSY = "Performance.getMetrics"

WATCH_TASKS = """() => {
    window.__longest = 0;
    window.__tasks?.disconnect();
    window.__tasks = new PerformanceObserver((list) => {
        for (const { duration } of list.getEntries()) window.__longest = Math.max(window.__longest, duration);
    });
    window.__tasks.observe({ type: "longtask" });
}"""

# Draws the beginnings of a text as a whole, each in a frame of its own, with the panel's own renderer.
DRAW_WHOLE = """async ([text, positions]) => {
    const { StreamedText } = globalThis[Symbol.for("openrouter_nb.live")].renderer;
    const box = document.querySelector(".orn-answer .orn-markdown").parentElement;
    for (let at = 1; at <= positions; at++) {
        const holder = document.createElement("div");
        holder.className = "orn-markdown jp-RenderedHTMLCommon";
        box.append(holder);
        new StreamedText(holder).finish(text.slice(0, (text.length * at) / positions));
        holder.getBoundingClientRect();
        await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
        holder.remove();
    }
}"""


def long_text() -> str:
    """100 kB of everything that an answer is made of."""
    sections = (SECTION.format(n=n) for n in range(LENGTH // 200))
    return "".join(sections)[:LENGTH]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What was measured.

    Attributes:
        seconds: From the question to the end of the answer.
        busy_s: Main thread during that time.
        whole_s: Main thread for one frame that draws the whole text, averaged over its growth.
        longest_task_s: Longest task of the main thread while the answer came, by the clock.
        longest_work_s: Processor time of the task that took most of it; on a loaded machine less than the above.
        messages: From the kernel.
        size: Their bytes.
        complete: Whether the whole text was there at the end.
    """

    seconds: float
    busy_s: float
    whole_s: float
    longest_task_s: float
    longest_work_s: float
    messages: int
    size: int
    complete: bool

    @property
    def ratio(self) -> float:
        """How many times the work of a redraw in each frame is that of the panel."""
        return self.whole_s * FRAMES_PER_S * self.seconds / self.busy_s


def measure(view: PlaygroundView, text: str) -> Cost:
    """Ask for the text in deltas of four characters and watch the page."""
    page, watch = view.page, view.lab.watch
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable")
    view.ask("A long answer, please")
    view.answers().locator(".orn-markdown p").first.wait_for()
    page.evaluate(WATCH_TASKS)
    page.context.browser.start_tracing(page=page, categories=["toplevel"])
    watch.frames = watch.size = 0
    before = _metrics(session)
    view.wait_done(patience_s=120)
    after = _metrics(session)
    longest = page.evaluate("() => window.__longest") / 1000
    work = _longest_work_s(page.context.browser.stop_tracing())
    shown = view.answers().last.locator(".orn-markdown").last
    sections = shown.locator("h2").count()
    frames, size = watch.frames, watch.size
    start = _metrics(session)
    page.evaluate(DRAW_WHOLE, [text, POSITIONS])
    whole = _metrics(session)
    session.detach()
    return Cost(
        seconds=after["Timestamp"] - before["Timestamp"],
        busy_s=after["TaskDuration"] - before["TaskDuration"],
        whole_s=(whole["TaskDuration"] - start["TaskDuration"]) / POSITIONS,
        longest_task_s=longest,
        longest_work_s=work,
        messages=frames,
        size=size,
        complete=sections == text.count("## Section "),
    )


def _longest_work_s(trace: bytes) -> float:
    # Source: Chromium's trace event format; `tdur` is microseconds of the thread's own time.
    events = json.loads(trace)["traceEvents"]
    main = {
        (event["pid"], event["tid"])
        for event in events
        if event["name"] == "thread_name" and event["args"]["name"] == "CrRendererMain"
    }
    tasks = (
        event.get("tdur", 0)
        for event in events
        if event["name"].endswith("RunTask") and (event["pid"], event["tid"]) in main
    )
    return max(tasks) / 1_000_000


def _metrics(session: Any) -> dict[str, float]:
    return {each["name"]: each["value"] for each in session.send(BUSY)["metrics"]}
