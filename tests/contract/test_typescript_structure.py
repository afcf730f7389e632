"""The shape of js/src: layers, no import circles, small folders, names with one meaning."""

import collections
import re
from pathlib import Path

import pytest
from support.graphs import circles

SOURCES = Path(__file__).resolve().parents[2] / "js" / "src"
FILES = {str(path.relative_to(SOURCES)): path for path in sorted(SOURCES.rglob("*.ts*"))}
IMPORT = re.compile(r'(?:\bfrom|\bimport)\s*\(?\s*"(\.[^"]*)"')
EXPORT = re.compile(r"^export (?:abstract )?(?:class|interface|type) (\w+)", re.MULTILINE)
MAX_FILES = 15
MAX_SAME_STEM = 3

# Folders that a folder imports. Entry points, directly in js/src, import any of them.
ALLOWED = {
    "shared": set(),
    "markdown": {"shared"},
    "live": {"shared", "markdown"},
    "structured": {"shared", "markdown"},
    "client": {"shared", "live"},
    "playground": {"shared", "markdown", "live"},
    "lab": set(),
}

# Exported names with two definitions, and why.
SHARED_NAMES: dict[str, str] = {}


def imported(name):
    """Files of js/src that a file imports, types included."""
    for specifier in IMPORT.findall(FILES[name].read_text(encoding="utf-8")):
        target = (FILES[name].parent / specifier).resolve().relative_to(SOURCES)
        for candidate in (f"{target}.ts", f"{target}.tsx", f"{target}/index.ts", str(target)):
            if candidate in FILES:
                yield candidate


@pytest.mark.parametrize("name", [name for name in FILES if "/" in name])
def test_imports_go_in_one_direction(name):
    here = name.split("/")[0]
    targets = {target.split("/")[0] if "/" in target else "" for target in imported(name)}
    assert targets - {here} <= ALLOWED[here]


def test_no_files_import_each_other():
    graph = {name: sorted(set(imported(name)) - {name}) for name in FILES}
    assert sum(map(len, graph.values())) > len(FILES)  # the imports were found
    assert circles(graph) == []


def test_a_folder_has_few_files():
    count = collections.Counter(str(path.parent.relative_to(SOURCES)) for path in FILES.values())
    assert {folder: number for folder, number in count.items() if number > MAX_FILES} == {}


def test_an_exported_name_has_one_meaning():
    defined = collections.defaultdict(list)
    for name, path in FILES.items():
        for exported in EXPORT.findall(path.read_text(encoding="utf-8")):
            defined[exported].append(name)
    shared = {exported: places for exported, places in defined.items() if len(places) > 1}
    assert shared.keys() == SHARED_NAMES.keys(), shared


def test_a_file_name_is_used_three_times_at_most():
    count = collections.Counter(path.stem for path in FILES.values())
    assert {stem for stem, number in count.items() if number > MAX_SAME_STEM} == set()
