"""docs/architecture.md names files and definitions that exist, and shows the folders and layers that there are."""

import re
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
PACKAGE = REPOSITORY / "openrouter_nb"
TEXT = (REPOSITORY / "docs" / "architecture.md").read_text(encoding="utf-8")
LISTS = TEXT.split("## Where to add", 1)[1]
PATH = re.compile(r"(?:openrouter_nb|js/src|tests|docs)/[\w./-]*[\w/]")
NAME = re.compile(r"`([A-Za-z_]\w+)`")


def rows():
    for line in LISTS.splitlines():
        if (paths := PATH.findall(line)) and (names := NAME.findall(line)):
            yield pytest.param(paths, names, id=paths[0])


def test_every_path_exists():
    paths = set(PATH.findall(TEXT))
    assert len(paths) > 20
    assert sorted(path for path in paths if not (REPOSITORY / path).exists()) == []


@pytest.mark.parametrize(("paths", "names"), list(rows()))
def test_a_list_names_what_its_files_define(paths, names):
    sources = "".join((REPOSITORY / path).read_text(encoding="utf-8") for path in paths)
    assert [name for name in names if not re.search(rf"\b{name}\b", sources)] == []


def test_the_lists_stay_short():
    sections = re.split(r"^### ", LISTS, flags=re.MULTILINE)[1:]
    counts = {
        section.split("\n", 1)[0]: len(re.findall(r"^\| (?!file|-)", section, re.MULTILINE))
        for section in sections
    }
    most = {
        "A request parameter": 3,
        "An error with a banner and remedies": 4,
        "A kind of content": 11,
        "A frontend": 5,
    }
    assert counts.keys() == most.keys()
    assert all(0 < counts[name] <= most[name] for name in most), counts


def test_every_folder_is_shown():
    tree = TEXT.split("## Folders", 1)[1].split("## Layers", 1)[0]
    folders = {path.name for path in PACKAGE.iterdir() if (path / "__init__.py").exists()}
    assert sorted(folder for folder in folders if f"{folder}/" not in tree) == []


def test_every_path_of_a_diagram_exists():
    diagrams = re.findall(r"```mermaid\n(.*?)```", TEXT, re.DOTALL)
    assert len(diagrams) == 3
    named = {path for diagram in diagrams for path in re.findall(r"[\w/]+/[\w./-]*\.(?:py|ts)\b", diagram)}
    assert (
        sorted(path for path in named if not ((PACKAGE / path).exists() or (REPOSITORY / path).exists()))
        == []
    )
