"""What it costs a kernel to load the extension, in modules and in time."""

import json
import subprocess
import sys
from statistics import median

from report import Row, milliseconds, ratio

NAME = "Import and %load_ext"
RUNS = 15

MEASURE = """
import json, sys, time
{before}
known, start = len(sys.modules), time.perf_counter()
{code}
print(json.dumps([len(sys.modules) - known, time.perf_counter() - start]))
"""
SHELL = "import IPython, httpx\nfrom IPython.core.interactiveshell import InteractiveShell\nshell = InteractiveShell()"
CASES = {
    "openrouter_nb": ("", "import openrouter_nb"),
    "openrouter_nb and its client": ("", "from openrouter_nb import OpenRouter"),
    "%load_ext, over IPython and httpx": (SHELL, "shell.extension_manager.load_extension('openrouter_nb')"),
    "httpx": ("", "import httpx"),
    "openai": ("", "import openai"),
    "openrouter (the SDK)": ("", "import openrouter"),
}


def run() -> list[Row]:
    """Each case in fresh processes."""
    results = {name: measured for name, case in CASES.items() if (measured := _measure(*case))}
    base_modules, base_times = results["httpx"]
    return [
        Row(
            name,
            f"{modules} modules, {modules / base_modules:.2f} x httpx; time {ratio(times, base_times)} x httpx",
            "≤ 100 modules" if name.startswith("%load_ext") else "",
            milliseconds(times),
        )
        for name, (modules, times) in results.items()
    ]


def _measure(before: str, code: str) -> tuple[int, list[float]] | None:
    modules, times = [], []
    for _ in range(RUNS):
        done = subprocess.run(
            [sys.executable, "-c", MEASURE.format(before=before, code=code)],
            capture_output=True,
            text=True,
            check=False,
        )
        if "ModuleNotFoundError" in done.stderr:
            return None  # one of the others, not installed here
        done.check_returncode()
        count, seconds = json.loads(done.stdout.splitlines()[-1])
        modules.append(count)
        times.append(seconds)
    return round(median(modules)), times
