"""Measure the cost of a long answer in the page, compared to redrawing the complete text in each frame."""

import contextlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from support.playground import PlaygroundView

LENGTH = 100_000
DELTA = 4
FRAMES_PER_S = 60
POSITIONS = 12
# The end of each answer: when it is on the screen, the complete answer is.
END = "And that is the end."

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
FUNCTION = "def f{n}(x):\n    return x + {n}  # and a comment\n"
FORMULA = "The value $x_{n}^2 + \\frac{{{n}}}{{2}}$ follows from\n\n\\[ \\sum_{{i=0}}^{{{n}}} i = \\frac{{n}}{{2}} \\]\n\n"
# What an answer consists of: how it begins, what comes again and again, how that ends.
SHAPES = {
    "everything": ("", SECTION, ""),
    "code": ("```python\n", FUNCTION, "```"),
    "paragraph": ("", "word {n} and **bold** words with `code` in them, and so on; ", ""),
    "table": ("| a | b | c |\n|---|--:|:-:|\n", "| row {n} | {n} | **x** |\n", ""),
    "list": ("", "- item number {n} with **some** text in it\n", ""),
    "formulas": ("", FORMULA, ""),
}

WATCH_TASKS = """() => {
    window.__longest = 0;
    window.__tasks?.disconnect();
    window.__tasks = new PerformanceObserver((list) => {
        for (const { duration } of list.getEntries()) window.__longest = Math.max(window.__longest, duration);
    });
    window.__tasks.observe({ type: "longtask" });
}"""

# Cheap, as it runs while the page is measured: Playwright's own waiting would take the longest tasks of all.
IS_SHOWN = """(end) => {
    const answer = [...document.querySelectorAll(".orn-answer")].at(-1);
    const text = answer?.querySelector(":scope > .orn-markdown")?.textContent ?? "";
    return answer?.getAttribute("aria-busy") === "false" && text.trimEnd().endsWith(end);
}"""

# Draws prefixes of a text completely, each in a separate frame, with the panel's renderer, which draws additions
# incrementally but replaces another text at once. Such a view has no parts that the browser could skip.
DRAW_WHOLE = """async ([text, positions]) => {
    const { StreamedText } = globalThis[Symbol.for("openrouter_nb.live.3")].exports;
    const box = document.querySelector(".orn-answer .orn-markdown").parentElement;
    for (let at = 1; at <= positions; at++) {
        const holder = document.createElement("div");
        holder.className = "orn-markdown jp-RenderedHTMLCommon orn-whole";
        const style = document.createElement("style");
        style.textContent = ".orn-whole * { content-visibility: visible !important }";
        box.append(style, holder);
        const drawn = new StreamedText(holder);
        drawn.finish("\\0");
        drawn.finish(text.slice(0, (text.length * at) / positions));
        holder.getBoundingClientRect();
        await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
        style.remove();
        holder.remove();
    }
}"""

# Constant work, in separate tasks.
YARDSTICK = """async (times) => {
    for (let at = 0; at < times; at++) {
        const box = document.createElement("div");
        box.style.cssText = "position: absolute; width: 600px; visibility: hidden";
        for (let n = 0; n < 1900; n++) {
            const paragraph = document.createElement("p");
            paragraph.append(`Some words and the number ${n}, `, document.createElement("b"));
            paragraph.lastChild.textContent = "and more of them";
            box.append(paragraph);
        }
        document.body.append(box);
        box.getBoundingClientRect();
        await new Promise((resolve) => setTimeout(resolve));
        box.remove();
    }
}"""
YARDSTICKS = 5


def long_text(shape: str = "everything") -> str:
    """100 kB and a last paragraph."""
    head, piece, end = SHAPES[shape]
    pieces = "".join(piece.format(n=n) for n in range(LENGTH // (len(piece) - 10)))
    return f"{(head + pieces)[:LENGTH]}\n{end}\n\n{END}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What was measured. Work is the main thread's own processor time, which does not grow while it has to wait.

    Attributes:
        seconds: From the question to the end of the answer, by the clock.
        busy_s: Work during that time.
        tasks_s: Work of each task in their order, without what the scripts of others and collections of garbage took in it.
        yardstick_s: Work of a task that is always the same: 50 ms where the panel was developed.
        longest_task_s: Longest task by the clock.
        layouts: Objects that each layout of the page had to lay out again; the time does not enter these counts.
        styles: Elements whose style each computation of styles computed again.
        messages: From the kernel.
        size: Their bytes.
    """

    seconds: float
    busy_s: float
    tasks_s: list[float]
    yardstick_s: float
    longest_task_s: float
    layouts: list[int]
    styles: list[int]
    messages: int
    size: int

    def ratio(self, redraw_s: float) -> float:
        """How many times the work of a redraw in each frame is that of the panel."""
        return redraw_s * FRAMES_PER_S * self.seconds / self.busy_s

    @property
    def longest_s(self) -> float:
        """Work of the longest task."""
        return max(self.tasks_s)


def measure(view: PlaygroundView) -> Cost:
    """Ask for a long text in deltas of four characters and watch the page."""
    page, watch = view.page, view.lab.watch
    with _performance(page) as session:
        view.ask("A long answer, please")
        view.answers().locator(".orn-markdown").first.wait_for()
        page.evaluate(WATCH_TASKS)
        page.context.browser.start_tracing(page=page, categories=["toplevel", "devtools.timeline"])
        watch.frames = watch.size = 0
        before = _metrics(session)
        page.wait_for_function(IS_SHOWN, arg=END, polling=200, timeout=180_000)
        after = _metrics(session)
        frames, size = watch.frames, watch.size
        longest = page.evaluate("() => window.__longest") / 1000
        events = _events_of_main_thread(page.context.browser.stop_tracing())
        yardstick = _work(page, session, YARDSTICK, YARDSTICKS) / YARDSTICKS
    return Cost(
        seconds=after["Timestamp"] - before["Timestamp"],
        busy_s=after["TaskDuration"] - before["TaskDuration"],
        tasks_s=list(_tasks(events)),
        yardstick_s=yardstick,
        longest_task_s=longest,
        layouts=[event["args"]["beginData"]["dirtyObjects"] for event in events if event["name"] == "Layout"],
        styles=[event["args"]["elementCount"] for event in events if event["name"] == "UpdateLayoutTree"],
        messages=frames,
        size=size,
    )


def redraw_s(view: PlaygroundView, text: str) -> float:
    """Work for one frame that draws the whole text, averaged over its growth; after an answer."""
    with _performance(view.page) as session:
        return _work(view.page, session, DRAW_WHOLE, [text, POSITIONS]) / POSITIONS


@contextlib.contextmanager
def _performance(page: Any) -> Iterator[Any]:
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable", {"timeDomain": "threadTicks"})
    yield session
    session.detach()


def _work(page: Any, session: Any, script: str, argument: Any) -> float:
    before = _metrics(session)
    page.evaluate(script, argument)
    return _metrics(session)["TaskDuration"] - before["TaskDuration"]


def _events_of_main_thread(trace: bytes) -> list[dict[str, Any]]:
    # Source: Chromium's trace event format.
    events = json.loads(trace)["traceEvents"]
    main = {
        (event["pid"], event["tid"])
        for event in events
        if event["name"] == "thread_name" and event["args"]["name"] == "CrRendererMain"
    }
    return sorted(
        (event for event in events if event["ph"] == "X" and (event["pid"], event["tid"]) in main),
        key=lambda event: event["ts"],
    )


def _tasks(events: list[dict[str, Any]]) -> Iterator[float]:
    # `tdur` is microseconds of the thread's own time. Our scripts come from blobs.
    tasks = [event for event in events if event["name"] == "ThreadControllerImpl::RunTask"]
    calls = iter([event for event in events if _is_not_ours(event)])
    call = next(calls, None)
    for task in tasks:
        end, others, counted = task["ts"] + task["dur"], 0, 0
        while call and call["ts"] < end:
            if call["ts"] >= max(task["ts"], counted):
                others += call.get("tdur", 0)
                counted = call["ts"] + call["dur"]
            call = next(calls, None)
        yield (task.get("tdur", 0) - others) / 1_000_000


def _is_not_ours(event: dict[str, Any]) -> bool:
    # When garbage is collected, and how long that takes the main thread, depends on the page and what else the machine does.
    if event["name"] in {"MajorGC", "MinorGC"}:
        return True
    url = event["args"].get("data", {}).get("url", "")
    return event["name"] == "FunctionCall" and not url.startswith("blob:")


def _metrics(session: Any) -> dict[str, float]:
    return {each["name"]: each["value"] for each in session.send("Performance.getMetrics")["metrics"]}
