"""Comments, docstrings, messages and documents are in plain technical English."""

import ast
import json
import re
import subprocess
import tokenize
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
SOURCES = (
    "openrouter_nb",
    "tools",
    "tests",
    "js",
    "docs",
    "notebooks",
    "README.md",
    "CONTRIBUTING.md",
    "CHANGELOG.md",
)
SUFFIXES = {".py", ".ts", ".tsx", ".mjs", ".css", ".md", ".ipynb"}

# Generated files, and files that quote the phrases.
EXCEPTIONS = {
    "openrouter_nb/static": "bundles, built from js/src",
    "tests/contract/test_prose.py": "the list of phrases",
    "tests/fixtures": "recorded traffic and sample documents",
}

# Sample answers, which tests, benchmarks and saved notebooks contain.
SAMPLES = ("This is a simulated answer that goes on and on, word after word, as long models do.",)

# Regular expressions of phrases, and what to write instead. A blank also matches a line break.
PHRASES = {
    r"(no|some)body|who(m|so)?ever": "name the role: the caller, the user, no handler",
    r"(he|she|him|his|hers?)": "name the role, or use 'they'",
    r"what (has |had )?(came|come|comes|became|becomes|become) of": "the result, the status",
    r"c(ame|omes?) of (it|this|that|them)": "result, follow",
    r"puts? (\w+ )?right": "correct, repair, fix",
    r"m(e|ou)nd(s|ed|ing)?": "fix, repair",
    r"(go(es|ing)?|went|gone) on(?! to\b)": "continue, or name the event",
    r"stands?(?![- ](for|in|by|alone)\b)|stood": "be, be placed, apply",
    r"so many(?! (that|as)\b)|so much(?=[.,:;)]| is\b| of\b)": "that number of, this limit",
    r"truth": "state, source",
    r"of (its|their|his|her|our|your|one's) own": "a separate …, its …",
    r"anew": "again, new",
    r"(is|are|was|were|be|being|been) told": "receive, be notified, be passed",
    r"has it that": "according to",
    r"in the place of": "instead of",
    r"(is|are|may|can|could|cannot|must|to) be had": "be available",
    r"(a|no|the|one) words? for": "a name for, or name the value",
    r"(can|could|cannot|may) do without": "not need, be optional",
    r"for want of": "without",
    r"(that|which|who|where it|where they) (is|are|was|were) none": "is not one, does not have one",
    r"(?<!there\s)(?<!what\s)(is|are|was|were) no(?= \w)(?! (longer|more|less|matter|different|need|one|way)\b)": "is not a …",
    r"wish(es|ed|ing)?": "request, option, setting",
    r"(leave|leaves|leaving|left) (\S+ ){0,3}away": "omit, drop, remove",
    r"says? (yes|no)": "approve, decline, refuse",
    r"felt": "noticed, measured, visible",
    r"for ever": "forever, without limit",
    r"all the same": "anyway, still",
    r"now and then": "occasionally",
    r"(may|might|could) (as )?well be": "can be",
    r"by (the )?name of": "named",
    r"of (what|which) (is|are|was|were)": "name the value",
    r"as (it|they|one) (likes?|pleases?)": "freely",
    r"looks? (after|upon)": "manage, track",
    r"thereof|thereby|therein|whereof|wherein|whence|thence|hither|thither|unto|lest|albeit": "use current English",
}
_PATTERN = re.compile(
    "|".join(f"(?P<p{number}>\\b(?:{phrase})\\b)" for number, phrase in enumerate(PHRASES)).replace(
        " ", r"\s+"
    ),
    re.IGNORECASE,
)
_ADVICE = list(PHRASES.values())
_MARKER = re.compile(r"^[ \t]*(//+|/?\*+|#+:?)", re.MULTILINE)


def _phrases(text):
    """Return (offset, phrase, advice) of every listed phrase in a text."""
    return [
        (match.start(), " ".join(match[0].split()), _ADVICE[int(match.lastgroup[1:])])
        for match in _PATTERN.finditer(text)
        if not any(sample in text for sample in SAMPLES)
    ]


def _within(path, names):
    return any(path == name or path.startswith(f"{name}/") for name in names)


def _files():
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", *SOURCES],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
    )
    if listing.returncode:
        pytest.skip("not a git work tree")
    return [
        name
        for name in listing.stdout.split("\0")
        if Path(name).suffix in SUFFIXES and not _within(name, EXCEPTIONS) and (REPOSITORY / name).is_file()
    ]


def _comments(path):
    """Yield (line, text) of each run of comment lines of a Python file."""
    with path.open("rb") as file:
        tokens = [token for token in tokenize.tokenize(file.readline) if token.type == tokenize.COMMENT]
    start, lines = 0, []
    for token in tokens:
        if lines and token.start[0] != start + len(lines):
            yield start, "\n".join(lines)
            lines = []
        start = start if lines else token.start[0]
        lines.append(token.string.lstrip("#: "))
    if lines:
        yield start, "\n".join(lines)


def _strings(tree, *, docstrings_only):
    """Yield (line, text) of docstrings and of strings with more than one word; `{}` is for a value in an f-string."""
    pieces = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
    docstrings = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if docstrings_only and id(node) not in docstrings:
            continue
        if isinstance(node, ast.JoinedStr):
            parts = (part.value if isinstance(part, ast.Constant) else "{}" for part in node.values)
            yield node.lineno, "".join(parts)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in pieces:
            yield node.lineno, node.value


def _texts(name):
    """Yield (line, text) of what is prose in a file: Markdown cells of a notebook, all of it where it is not Python."""
    path = REPOSITORY / name
    if path.suffix == ".ipynb":
        cells = json.loads(path.read_bytes())["cells"]
        yield from ((1, "".join(cell["source"])) for cell in cells if cell["cell_type"] == "markdown")
        return
    if path.suffix != ".py":
        text = path.read_text(encoding="utf-8")
        yield 1, _MARKER.sub("", text)
        return
    yield from _comments(path)
    # Strings of tests are samples and what they assert; the sources of the latter are checked.
    yield from _strings(ast.parse(path.read_bytes()), docstrings_only=name.startswith("tests/"))


def _findings(name):
    for line, text in _texts(name):
        for offset, phrase, advice in _phrases(text):
            yield f"{name}:{line + text.count(chr(10), 0, offset)}: {phrase!r}: {advice}"


def test_texts_are_plain_technical_english():
    assert [finding for name in _files() for finding in _findings(name)] == []


@pytest.mark.parametrize(
    "text",
    [
        "What came of the call.",
        "Nobody waits for it.",
        "the loop goes\non until it ends",
        "temperature is no option",
        "A process of its own.",
    ],
)
def test_listed_phrases_are_found(text):
    assert _phrases(text)


@pytest.mark.parametrize(
    "text",
    [
        "There is no key. The cell is no longer running.",
        "Move on to the next one; a dash stands for standard input.",
        "So much data that it does not fit; as many as eight.",
        "Return the words of a text, and what is left of it.",
        "the standard library, amended, standalone, recommend",
    ],
)
def test_ordinary_english_is_not_found(text):
    assert _phrases(text) == []
