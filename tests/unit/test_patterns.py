"""Every regular expression of the package takes linear time on hostile text, in steps: nothing is timed."""

import ast
import re
from importlib import import_module
from itertools import product
from pathlib import Path

import pytest
from support.regex_steps import StepCounter, TooManyStepsError, samples

from openrouter_nb.render.html import math

PACKAGE = Path(__file__).resolve().parents[2] / "openrouter_nb"
METHODS = {"match", "fullmatch", "search", "sub", "subn", "findall", "finditer", "split"}
LENGTH = 48
#: Steps for a text of twice the length: 2 where they are linear, 4 where they are quadratic.
MOST_GROWTH = 3
#: Texts for each pattern.
MOST_TEXTS = 300


def patterns():
    """Yield (place, pattern, method) of each pattern: of constants, of calls, and of the argument `pattern`."""
    sources = {path: path.read_text() for path in sorted(PACKAGE.rglob("*.py"))}
    for path, source in sources.items():
        place = str(path.relative_to(PACKAGE))
        if re.search(r"\bre\.compile\(", source):
            parts = ("openrouter_nb", *path.relative_to(PACKAGE).with_suffix("").parts)
            module = import_module(".".join(parts).removesuffix(".__init__"))
            for name, value in vars(module).items():
                users = source if name.startswith("_") else "\n".join(sources.values())
                yield from constants(f"{place}:{name}", name, value, users)
        if "re." in source or "pattern=" in source:
            yield from arguments(place, ast.parse(source))


def constants(place, name, value, users):
    if isinstance(value, tuple):  # (pattern, ...) rows
        found, name = [row[0] for row in value if isinstance(row, tuple) and row], "pattern"
    else:
        found = [value]
    if not any(isinstance(each, re.Pattern) for each in found):
        return
    methods = sorted(set(re.findall(rf"\b{name}\.(\w+)\(", users)) & METHODS) or ["search"]
    yield from ((place, *each) for each in product(found, methods))


def arguments(place, tree):
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
        for keyword in call.keywords:
            if keyword.arg == "pattern" and isinstance(keyword.value, ast.Constant):
                yield f"{place}:{call.lineno}", re.compile(keyword.value.value), "fullmatch"
        function, _, method = ast.unparse(call.func).rpartition(".")
        if function == "re" and method in METHODS and isinstance(call.args[0], ast.Constant):
            flags = re.findall(r"re\.([A-Z]+)", ast.unparse(call))
            pattern = re.compile(call.args[0].value, sum(getattr(re, flag) for flag in flags))
            yield f"{place}:{call.lineno}", pattern, method


ALL = list(dict.fromkeys(patterns()))


def attacks(pattern):
    """Yield texts of a length and of twice that length, made of the parts of a pattern: a start, a repeated part, an end."""
    parts = samples(pattern)
    longest = max(parts, key=len, default="")
    starts = [part for part in parts if longest.startswith(part)]
    starts = dict.fromkeys(["", *starts[:: len(starts) // 4 + 1], longest])
    found = list(product(starts, parts, ["", "\0!"]))
    for start, part, end in found[:: len(found) // MOST_TEXTS + 1]:
        pumped = part * 2 * LENGTH
        yield start + pumped[:LENGTH] + end, start + pumped[: 2 * LENGTH] + end


def growth(pattern, method):
    """Return the largest factor of steps for a text of twice the length, and the text."""
    counter = StepCounter(pattern, limit=50_000)
    worst = 0.0, ""
    for text, doubled in attacks(pattern):
        try:
            steps = counter.count(text, method)
            if steps > 5 * len(text):
                worst = max(worst, (counter.count(doubled, method) / steps, text))
        except TooManyStepsError:
            worst = float("inf"), text
    return worst


@pytest.mark.parametrize(
    ("pattern", "method"), [each[1:] for each in ALL], ids=[f"{each[0]}-{each[2]}" for each in ALL]
)
def test_steps_grow_no_faster_than_the_text(pattern, method):
    factor, text = growth(pattern, method)
    assert factor < MOST_GROWTH, text


def test_all_patterns_are_found():
    assert len(ALL) > 80
    assert {place for place, *_ in ALL} > {"redaction.py:_SECRETS", "render/html/math.py:_INLINE"}


@pytest.mark.parametrize(
    ("pattern", "method", "factor"),
    [
        (r"(?:[a-z]+={0,2})+", "fullmatch", 100),
        (r"(a|a)*b", "match", 100),
        (r"(\w+\s?)+$", "match", 100),
        (r"<[^>]*>", "sub", 3.5),
        (r"\s+$", "search", 3.5),
        (r"\A\s*\n(.*?)\n\s*x", "match", 3.5),
    ],
)
def test_slow_patterns_are_recognized(pattern, method, factor):
    assert growth(re.compile(pattern, re.DOTALL), method)[0] > factor


@pytest.mark.parametrize("pattern", [r"a*b", r"(?>a+)b", r"(?<!a)a+$", r"[^<]*<", r"(a{1,3}b)+", r"(.)\1"])
def test_fast_patterns_are_recognized(pattern):
    assert growth(re.compile(pattern), "match")[0] < MOST_GROWTH


@pytest.mark.parametrize("opening", ["\\(", "\\[", "$$ ", "$x "])
def test_formulas_that_do_not_end_are_searched_once(opening):
    for pattern, _ in math._INLINE:
        counter = StepCounter(pattern, limit=50_000)
        assert counter.count(opening * 100, "search") < 2.2 * counter.count(opening * 50, "search")
