"""The shape of the package: no import circles, small folders, names with one meaning. `docs/architecture.md` describes it."""

import ast
import collections
import re
from pathlib import Path

import pytest
from support.graphs import circles

PACKAGE = Path(__file__).resolve().parents[2] / "openrouter_nb"
FILES = sorted(PACKAGE.rglob("*.py"))
MAX_MODULES = 16  # of a folder, `__init__.py` not counted
MAX_SAME_STEM = 3

# Class names with two definitions, and why.
SHARED_CLASS_NAMES = {
    "Chat": "a conversation in `openrouter_nb`; the resource `OpenRouter.chat`, as in the SDK",
}

PAST_FORMS = {
    "kept",
    "written",
    "said",
    "told",
    "held",
    "made",
    "shown",
    "sent",
    "given",
    "done",
    "seen",
    "met",
}


def module_name(path):
    parts = ("openrouter_nb", *path.relative_to(PACKAGE).with_suffix("").parts)
    return ".".join(parts).removesuffix(".__init__")


MODULES = {module_name(path): path for path in FILES}


def imported_modules(path):
    """Modules of this package that a module imports, at any depth and under TYPE_CHECKING as well."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "openrouter_nb":
            for alias in node.names:
                submodule = f"{node.module}.{alias.name}"
                yield submodule if submodule in MODULES else node.module
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in MODULES)


def test_circles_are_found():
    assert circles({"a": ["b"], "b": ["c"], "c": ["a"], "d": ["a"]}) == [["a", "b", "c"]]
    assert circles({"a": ["b"], "b": [], "c": ["b"]}) == []


def test_no_modules_import_each_other():
    graph = {
        name: sorted({target for target in imported_modules(path) if target != name} & MODULES.keys())
        for name, path in MODULES.items()
    }
    assert circles(graph) == []


@pytest.mark.parametrize("folder", sorted({path.parent for path in FILES}), ids=lambda path: path.name)
def test_a_folder_has_few_modules(folder):
    modules = [path.name for path in folder.glob("*.py") if path.name != "__init__.py"]
    assert len(modules) <= MAX_MODULES


def test_a_class_name_has_one_meaning():
    defined = collections.defaultdict(list)
    for path in FILES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef):
                defined[node.name].append(str(path.relative_to(PACKAGE)))
    shared = {name: places for name, places in defined.items() if len(places) > 1}
    assert shared.keys() == SHARED_CLASS_NAMES.keys(), shared


def test_a_file_name_is_used_three_times_at_most():
    count = collections.Counter(path.stem for path in FILES if path.stem != "__init__")
    assert {stem for stem, number in count.items() if number > MAX_SAME_STEM} == set()


@pytest.mark.parametrize("stem", sorted({path.stem for path in FILES if path.stem != "__init__"}))
def test_a_module_is_named_by_a_noun(stem):
    last = stem.rsplit("_", 1)[-1]
    assert last not in PAST_FORMS
    assert not re.fullmatch(r"\w{2,}[^aeiou]ed", last), "named by a verb's past form"
