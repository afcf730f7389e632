"""Compare CPU time and memory of the client with others, against one server on this machine.

CPU time, because wall time is not reliable on a shared machine. Every measurement runs in a separate process
(`client_worker.py`), the server in another one (`client_server.py`). Writes `results/client-table.md` and
`results/client.png` as well; the plot needs matplotlib.
"""

import json
import os
import statistics
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

from client_server import COUNTS
from report import Row

NAME = "The client beside others"
HERE = Path(__file__).parent
RESULTS = HERE / "results"
CLIENTS = (
    "ours",
    "ours, httpx2",
    "ours, blocking",
    "openrouter",
    "openai",
    "httpx-sse + json",
    "httpx lines + json",
    "bytes + from_json",
    "bytes",
)
# Those that also read the fields of each chunk at every depth.
DEEP = ("ours", "openrouter", "bytes + from_json")
# Those that also make a request that is not streamed.
WHOLE = ("ours", "ours, httpx2", "openrouter", "openai", "httpx lines + json")
# Measured in turns, so that a ratio compares runs under the same load.
ROUNDS = 5
SLOW = {"openrouter": 2, "openai": 3}  # their rounds
# Measured once.
STREAMS = ("tokens-apart", "small", "big10", "big20")
# For the plot of time over number of chunks; the SDK takes seconds for more than 3,000.
LENGTHS = ("ours", "ours, blocking", "openrouter", "openai", "httpx lines + json", "bytes + from_json")


def _worker(port, client, answer, what):
    library = "httpx2" if client == "ours, httpx2" else "httpx"
    command = [
        sys.executable,
        str(HERE / "client_worker.py"),
        client,
        f"http://127.0.0.1:{port}/{answer}/api/v1",
        what,
    ]
    # With byte code, as after an installation.
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    environment["OPENROUTER_NB_HTTP"] = library
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    if done.returncode:
        print(f"{client}, {answer}: {done.stderr.strip().splitlines()[-1]}", file=sys.stderr)
        return None
    return json.loads(done.stdout)


def _jobs(client):
    """Yield what is measured in turns: a name, the client, the answer, the measurement."""
    yield "cold", client, "first", "cold"
    yield "tokens", client, "tokens", "stream"
    if client in WHOLE:
        yield "whole", client, "whole", "whole"
    if client in DEEP:
        yield "deep", f"{client}, every field", "deep", "stream"


def measure(clients=CLIENTS):
    """Return the runs of each measurement, by client."""
    command = [sys.executable, str(HERE / "client_server.py")]
    found = {client: defaultdict(list) for client in clients}

    def run(client, name, *job):
        if (result := _worker(port, *job)) is not None:
            found[client][name].append(result)

    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        port = int(server.stdout.readline())
        for number in range(ROUNDS):
            print(f"round {number + 1} of {ROUNDS}", file=sys.stderr)
            for client in clients:
                if number < SLOW.get(client, ROUNDS):
                    for name, *job in _jobs(client):
                        run(client, name, *job)
        for client in clients:
            print(client, file=sys.stderr)
            run(client, "warm", client, "first", "warm")
            for answer in STREAMS:
                run(client, answer, client, answer, "stream")
            for count in COUNTS if client in LENGTHS else ():
                if client != "openrouter" or count <= 3_000:
                    run(client, f"tokens{count}", client, f"tokens{count}", "stream")
        server.stdin.close()
    return found


def _best(found, client, what):
    """Return the run that took the least CPU time, None if there is none."""
    return min(found.get(client, {}).get(what) or (), key=lambda run: run["cpu"], default=None)


def _cpu(found, client, what):
    run = _best(found, client, what)
    return run["cpu"] if run else None


def _ratio(found, above, below, what):
    """Return the median ratio of the runs of one round."""
    pairs = zip(found[above][what], found[below][what], strict=False)
    ratios = [one["cpu"] / other["cpu"] for one, other in pairs]
    return statistics.median(ratios) if ratios else float("nan")


def _cell(value, form):
    return "-" if value is None else format(value, form)


def table(found):
    """Return the figures as Markdown."""
    rows = [
        (
            "client",
            "import + first request, CPU ms",
            "import + first whole request, CPU ms",
            "warm first token, ms",
            "chunks per CPU s",
            "x bytes + from_json",
            "one event per read, chunks per CPU s",
            "100,000 small events, CPU s",
            "10 MB event, CPU ms",
            "20 MB / 10 MB",
            "max RSS after 20,000 chunks, MB",
            "after 10 MB event, MB",
        )
    ]
    for client in found:
        runs = {
            what: _best(found, client, what)
            for what in ("cold", "whole", "warm", "tokens", "tokens-apart", "big10")
        }
        tokens, apart, big = runs["tokens"], runs["tokens-apart"], _cpu(found, client, "big10")
        typed = client != "bytes"
        twice = _cpu(found, client, "big20")
        rows.append(
            (
                client,
                _cell(runs["cold"] and runs["cold"]["cpu"] * 1e3, ".0f"),
                _cell(runs["whole"] and runs["whole"]["cpu"] * 1e3, ".0f"),
                _cell(runs["warm"] and runs["warm"]["wall"] * 1e3, ".2f"),
                _cell((tokens and typed and tokens["chunks"] / tokens["cpu"]) or None, ",.0f"),
                _cell(tokens and _ratio(found, client, "bytes + from_json", "tokens"), ".2f"),
                _cell((apart and typed and apart["chunks"] / apart["cpu"]) or None, ",.0f"),
                _cell(_cpu(found, client, "small"), ".2f"),
                _cell(big and big * 1e3, ",.0f"),
                _cell(big and twice and twice / big, ".1f"),
                _cell(tokens and tokens["rss"], ".0f"),
                _cell(runs["big10"] and runs["big10"]["rss"], ".0f"),
            )
        )
    head, *body = rows
    lines = [head, ["---"] + ["---:"] * (len(head) - 1), *body]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def targets(found):
    """Return each target with the figure and whether it is met."""

    def of(ours, name):
        big = _cpu(found, ours, "big20") / _cpu(found, ours, "big10")
        return [
            (
                f"chunks per CPU s{name}, x official SDK",
                _ratio(found, "openrouter", ours, "tokens"),
                ">=",
                80,
            ),
            (f"chunks per CPU s{name}, x openai", _ratio(found, "openai", ours, "tokens"), ">=", 8),
            (
                f"CPU per chunk{name}, x bytes + from_json",
                _ratio(found, ours, "bytes + from_json", "tokens"),
                "<=",
                1.6,
            ),
            (
                f"10 MB event in 1 kB chunks{name}, x bytes",
                _cpu(found, ours, "big10") / _cpu(found, "bytes", "big10"),
                "<=",
                5,
            ),
            (f"20 MB event / 10 MB event{name}", big, "<=", 2.3),
        ]

    listed = [
        *of("ours", ""),
        *of("ours, blocking", ", blocking"),
        ("every field of rich chunks, x official SDK", _ratio(found, "openrouter", "ours", "deep"), ">=", 80),
        (
            "every field of rich chunks, x keys of from_json",
            _ratio(found, "ours", "bytes + from_json", "deep"),
            "<=",
            1.6,
        ),
        (
            "import + first request, x httpx lines + json",
            _ratio(found, "ours", "httpx lines + json", "cold"),
            "<=",
            1.3,
        ),
        (
            "import + first whole request, x httpx + json",
            _ratio(found, "ours", "httpx lines + json", "whole"),
            "<=",
            1.2,
        ),
    ]
    return [
        (name, value, sign, goal, value >= goal if sign == ">=" else value <= goal)
        for name, value, sign, goal in listed
    ]


def plot(found, path):
    """Draw chunks per CPU second, the cold start, and time over number of chunks."""
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot as plt

    figure, (left, middle, right) = plt.subplots(1, 3, figsize=(15, 3.8), layout="constrained")
    for axes, what, title, of in (
        (left, "tokens", "typed chunks per CPU second (log)", lambda run: run["chunks"] / run["cpu"]),
        (middle, "cold", "import + first request, CPU ms", lambda run: run["cpu"] * 1e3),
    ):
        known = {
            client: of(best) for client in found if client != "bytes" and (best := _best(found, client, what))
        }
        names = sorted(known, key=known.get, reverse=what == "cold")
        colours = [_colour(name) for name in names]
        bars = axes.barh(names, [known[name] for name in names], color=colours)
        axes.bar_label(bars, fmt="{:,.0f}", padding=3, fontsize=8)
        axes.set_title(title, fontsize=10)
        axes.margins(x=0.15)
    left.set_xscale("log")
    for client, marker in zip(LENGTHS, "osd^vx", strict=True):
        times = {count: _cpu(found, client, f"tokens{count}") for count in COUNTS}
        points = [(count, cpu * 1e3) for count, cpu in times.items() if cpu]
        right.loglog(
            *zip(*points, strict=True), marker=marker, markersize=4, label=client, color=_colour(client)
        )
    right.set_title("CPU ms over number of chunks (log)", fontsize=10)
    right.legend(fontsize=7, frameon=False)
    for axes in (left, middle, right):
        axes.spines[["top", "right"]].set_visible(False)
    figure.savefig(path, dpi=120)
    plt.close(figure)


def _colour(client):
    return "#3b6fd6" if client.startswith("ours") else "#9aa3ad"


def run() -> list[Row]:
    """Write the table of all clients and the plot, and return how the targets were met."""
    RESULTS.mkdir(exist_ok=True)
    found = measure()
    (RESULTS / "client-table.md").write_text(table(found) + "\n", encoding="utf-8")
    try:
        plot(found, RESULTS / "client.png")
    except ModuleNotFoundError:
        print("no plot: matplotlib is not installed", file=sys.stderr)
    rows = [
        Row(name, f"{value:.2f}", f"{sign} {goal}: {'met' if met else 'not met'}")
        for name, value, sign, goal, met in targets(found)
    ]
    return [*rows, *(Row(client, here=_here(found, client)) for client in found)]


def _here(found, client):
    tokens, cold, warm = (_best(found, client, what) for what in ("tokens", "cold", "warm"))
    if not (tokens and cold and warm):
        return "not installed"
    return (
        f"{tokens['chunks'] / tokens['cpu']:,.0f} reads per CPU s; cold {cold['cpu'] * 1e3:.0f} ms CPU;"
        f" first token {warm['wall'] * 1e3:.1f} ms; {tokens['rss']:.0f} MB"
    )


if __name__ == "__main__":
    for row in run():
        print(*(part for part in (row.what, row.figure, row.target, row.here) if part), sep=" | ")
