"""Text files are the same on every system: no call leaves the encoding or the line breaks to the platform."""

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[2] / "openrouter_nb"
FILES = sorted(PACKAGE.rglob("*.py"))
MODE = {"open": 0, "fdopen": 1}  # position of the mode; that of the function `open` is the second, too


def text_files(source):
    """Yield each call that opens a text file, and whether it leaves something to the platform."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "attr", getattr(node.func, "id", None))
        named = {keyword.arg for keyword in node.keywords}
        if name in MODE:
            given = node.args[1 if isinstance(node.func, ast.Name) else MODE[name] :]
            mode = getattr(given[0], "value", None) if given else None
            if not isinstance(mode, str) or not set(mode) <= set("rwxabt+") or "b" in mode:
                continue
            writes = set(mode) & set("wxa+")
        elif name in ("read_text", "write_text") and isinstance(node.func, ast.Attribute):
            writes = name == "write_text"
        else:
            continue
        yield node, "encoding" not in named or (writes and "newline" not in named)


@pytest.mark.parametrize(
    ("call", "is_incomplete"),
    [
        ("open(path, 'w')", True),
        ("path.open('x', encoding='utf-8')", True),
        ("os.fdopen(handle, 'w', encoding='utf-8')", True),
        ("path.read_text()", True),
        ("path.write_text(text, encoding='utf-8')", True),
        ("path.open('x', encoding='utf-8', newline='')", False),
        ("path.read_text(encoding='utf-8')", False),
    ],
)
def test_incomplete_calls_are_found(call, is_incomplete):
    ((_, found),) = text_files(call)
    assert bool(found) == is_incomplete


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_encoding_and_line_breaks_are_named(path):
    found = text_files(path.read_text(encoding="utf-8"))
    assert [ast.unparse(node) for node, is_incomplete in found if is_incomplete] == []
