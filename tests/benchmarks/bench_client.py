"""Compare CPU time and memory of the client with others, against one server on this machine.

CPU time, because wall time is not reliable on a shared machine. Every measurement runs in a separate process
(`client_worker.py`), the server in another one (`client_server.py`). Writes `results/client-table.md` and
`results/client.png` as well; the plot needs matplotlib.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

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
# Those that also make a request that is not streamed.
WHOLE = ("ours", "ours, httpx2", "openrouter", "openai", "httpx lines + json")
STREAMS = ("tokens", "tokens-apart", "small", "big10", "big20")


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


def _best(port, client, what, times, answer="first"):
    runs = [found for _ in range(times) if (found := _worker(port, client, answer, what))]
    return min(runs, key=lambda run: run["cpu"]) if runs else None


def measure(clients=CLIENTS):
    """Return everything measured: by client, then by measurement."""
    command = [sys.executable, str(HERE / "client_server.py")]
    found = {}
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        port = int(server.stdout.readline())
        for client in clients:
            print(client, file=sys.stderr)
            found[client] = {"cold": _best(port, client, "cold", 7), "warm": _best(port, client, "warm", 2)}
            found[client]["whole"] = _best(port, client, "whole", 7, "whole") if client in WHOLE else None
            for answer in STREAMS:
                found[client][answer] = _worker(port, client, answer, "stream")
        server.stdin.close()
    return found


def _cpu(found, client, what):
    run = found.get(client, {}).get(what)
    return run["cpu"] if run else None


def _cell(value, form):
    return "-" if value is None else format(value, form)


def table(found):
    """Return the figures as Markdown."""
    base = _cpu(found, "bytes + from_json", "tokens")
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
    for client, runs in found.items():
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
                _cell(tokens and tokens["cpu"] / base, ".2f"),
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

    def ratio(above, below, what):
        one, other = _cpu(found, above, what), _cpu(found, below, what)
        return one / other if one and other else float("nan")

    def of(ours, name):
        big = _cpu(found, ours, "big20") / _cpu(found, ours, "big10")
        return [
            (f"chunks per CPU s{name}, x official SDK", ratio("openrouter", ours, "tokens"), ">=", 40),
            (f"chunks per CPU s{name}, x openai", ratio("openai", ours, "tokens"), ">=", 8),
            (
                f"CPU per chunk{name}, x bytes + from_json",
                ratio(ours, "bytes + from_json", "tokens"),
                "<=",
                2.5,
            ),
            (f"10 MB event in 1 kB chunks{name}, x bytes", ratio(ours, "bytes", "big10"), "<=", 5),
            (f"20 MB event / 10 MB event{name}", big, "<=", 2.3),
        ]

    listed = [
        *of("ours", ""),
        *of("ours, blocking", ", blocking"),
        (
            "import + first request, x httpx lines + json",
            ratio("ours", "httpx lines + json", "cold"),
            "<=",
            1.3,
        ),
        (
            "import + first whole request, x httpx + json",
            ratio("ours", "httpx lines + json", "whole"),
            "<=",
            1.3,
        ),
    ]
    return [
        (name, value, sign, goal, value >= goal if sign == ">=" else value <= goal)
        for name, value, sign, goal in listed
    ]


def plot(found, path):
    """Draw chunks per CPU second and the cold start."""
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot as plt

    figure, (left, right) = plt.subplots(1, 2, figsize=(11, 3.6), layout="constrained")
    for axes, what, title, of in (
        (left, "tokens", "typed chunks per CPU second (log)", lambda run: run["chunks"] / run["cpu"]),
        (right, "cold", "import + first request, CPU ms", lambda run: run["cpu"] * 1e3),
    ):
        known = {client: of(runs[what]) for client, runs in found.items() if client != "bytes" and runs[what]}
        names = sorted(known, key=known.get, reverse=what == "cold")
        colours = ["#3b6fd6" if name.startswith("ours") else "#9aa3ad" for name in names]
        bars = axes.barh(names, [known[name] for name in names], color=colours)
        axes.bar_label(bars, fmt="{:,.0f}", padding=3, fontsize=8)
        axes.set_title(title, fontsize=10)
        axes.spines[["top", "right"]].set_visible(False)
        axes.margins(x=0.15)
    left.set_xscale("log")
    figure.savefig(path, dpi=120)
    plt.close(figure)


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
    return [*rows, *(Row(client, here=_here(runs)) for client, runs in found.items())]


def _here(runs):
    tokens, cold, warm = runs["tokens"], runs["cold"], runs["warm"]
    if not (tokens and cold and warm):
        return "not installed"
    return (
        f"{tokens['chunks'] / tokens['cpu']:,.0f} reads per CPU s; cold {cold['cpu'] * 1e3:.0f} ms CPU;"
        f" first token {warm['wall'] * 1e3:.1f} ms; {tokens['rss']:.0f} MB"
    )


if __name__ == "__main__":
    for row in run():
        print(*(part for part in (row.what, row.figure, row.target, row.here) if part), sep=" | ")
