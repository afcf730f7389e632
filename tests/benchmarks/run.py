"""Every `bench_*.py` of this folder: prints a table for each and writes it to `results/`.

`python tests/benchmarks/run.py imports traffic` runs only these. A benchmark is a module with `NAME` and
`run() -> list[Row]`. Nothing is asserted: times depend on the machine.
"""

import importlib
import os
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent


def prepare() -> None:
    """Neither a key nor a proxy of the developer, and a browser."""
    sys.path[:0] = [str(HERE.parent), str(ROOT / "tools")]
    import browser

    os.environ[browser.VARIABLE] = browser.ensure()
    for name in list(os.environ):
        if (name.startswith("OPENROUTER_") and name != browser.VARIABLE) or name.lower().endswith("_proxy"):
            del os.environ[name]


def main(names: list[str]) -> None:
    """Run the benchmarks with these names, or all."""
    prepare()
    from report import table

    results = HERE / "results"
    results.mkdir(exist_ok=True)
    known = {path.stem.removeprefix("bench_"): path.stem for path in sorted(HERE.glob("bench_*.py"))}
    if unknown := set(names) - set(known):
        raise SystemExit(f"no such benchmark: {', '.join(sorted(unknown))}. There are {', '.join(known)}")
    for name in names or known:
        module = importlib.import_module(known[name])
        start = time.monotonic()
        text = table(module.NAME, module.run())
        (results / f"{name}.md").write_text(text, encoding="utf-8")
        print(f"{text}({time.monotonic() - start:.0f} s)\n", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
