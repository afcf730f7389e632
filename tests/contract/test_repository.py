"""The repository as a whole: what is where, and what must not be in it."""

import json
import re
import subprocess
import sys
import tomllib
from importlib.metadata import distribution
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

REPOSITORY = Path(__file__).resolve().parent.parent.parent
PROJECT = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())
TOP_LEVEL = ("pyproject.toml", "openrouter_nb", "notebooks", "tests", "js", "README.md")

# Written in two halves, so that this file is not among its own findings.
ADDRESSES_OF_REGISTRIES = re.compile(
    "|".join(
        ["pypi" + r"\.org/simple", "files" + r"\.pythonhosted", "registry" + r"\.npmjs", "index" + "-url"]
    )
)


def _tracked():
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
    )
    if listing.returncode:
        pytest.skip("not a git work tree")
    paths = [REPOSITORY / name for name in listing.stdout.split("\0") if name]
    return [path for path in paths if path.is_file()]


def _pins(name="constraints.txt"):
    lines = (REPOSITORY / "requirements" / name).read_text().splitlines()
    return dict(line.split("==") for line in lines if not line.startswith("#"))


def _closure(requirements):
    """Names of all packages that the requirements bring into this environment."""
    todo, seen = list(requirements), {}
    while todo:
        requirement = Requirement(todo.pop())
        name = canonicalize_name(requirement.name)
        extras = {"", *requirement.extras} - seen.get(name, set())
        if not extras:
            continue
        seen.setdefault(name, set()).update(extras)
        todo += [
            f"{wanted.name}[{','.join(wanted.extras)}]"
            for wanted in map(Requirement, distribution(name).requires or [])
            if not wanted.marker or any(wanted.marker.evaluate({"extra": extra}) for extra in extras)
        ]
    return set(seen)


def test_the_top_level_is_where_newcomers_look():
    assert [name for name in TOP_LEVEL if not (REPOSITORY / name).exists()] == []


def test_no_file_names_the_address_of_a_registry():
    texts = {path: path.read_text(errors="replace") for path in _tracked()}
    found = {
        str(path): match[0] for path, text in texts.items() if (match := ADDRESSES_OF_REGISTRIES.search(text))
    }
    assert found == {}


def test_the_node_lock_file_holds_versions_and_hashes_but_no_addresses():
    lock = json.loads((REPOSITORY / "js" / "package-lock.json").read_text())
    packages = {name: package for name, package in lock["packages"].items() if name}
    assert [name for name, package in packages.items() if "resolved" in package] == []
    # Packages for other platforms may be known by version only.
    unproven = [name for name, package in packages.items() if "integrity" not in package]
    assert [name for name in unproven if not packages[name].get("os")] == []


def test_constraints_are_versions_and_nothing_else():
    lines = (REPOSITORY / "requirements" / "constraints.txt").read_text().splitlines()
    wrong = [line for line in lines if not re.fullmatch(r"#.*|[a-z0-9-]+==[0-9][0-9a-z.]*", line)]
    assert wrong == []


def test_everything_in_the_environment_is_pinned():
    groups = PROJECT["dependency-groups"]
    wanted = [item for group in groups.values() for item in group if isinstance(item, str)]
    pins = set(_pins())
    # Those of the benchmarks, of `make pythons` and of the separate environments are not installed for the tests: only their pins
    # are checked.
    assert {canonicalize_name(Requirement(item).name) for item in wanted} <= pins
    elsewhere = {"bench", "frontends", "oldest-jupyter", "pythons", "spyder"}
    tested = [item for name in groups.keys() - elsewhere for item in groups[name] if isinstance(item, str)]
    assert _closure(PROJECT["project"]["dependencies"] + tested) <= pins


def test_the_environment_of_make_lab_has_what_the_notebooks_import():
    lab = _closure(PROJECT["project"]["dependencies"] + PROJECT["dependency-groups"]["lab"])
    sources = [
        "".join(cell["source"])
        for path in (REPOSITORY / "notebooks").glob("*.ipynb")
        for cell in json.loads(path.read_text())["cells"]
        if cell["cell_type"] == "code"
    ]
    imported = set(re.findall(r"^(?:import|from) (\w+)", "\n".join(sources), re.MULTILINE))
    outside = imported - sys.stdlib_module_names - {"openrouter_nb"}
    assert {"matplotlib", "pandas", "pydantic"} <= outside
    assert {canonicalize_name(name) for name in outside} <= lab


def test_the_environment_has_the_pinned_versions():
    pins = _pins()
    wanted = _closure(PROJECT["project"]["dependencies"])
    assert {name: distribution(name).version for name in wanted} == {name: pins[name] for name in wanted}


def test_every_runtime_dependency_is_argued_for():
    text = (REPOSITORY / "CONTRIBUTING.md").read_text()
    names = [Requirement(line).name for line in PROJECT["project"]["dependencies"]]
    assert [name for name in names if f"`{name}`" not in text] == []


def test_the_changelog_knows_the_version():
    headings = re.findall(r"^## \[?([^\s\]]+)", (REPOSITORY / "CHANGELOG.md").read_text(), re.MULTILINE)
    released = [heading for heading in headings if heading != "Unreleased"]
    assert released[0] == PROJECT["project"]["version"]


def test_the_lower_bounds_are_the_versions_of_the_oldest_environment():
    pins = _pins("oldest.txt")
    for requirement in map(Requirement, PROJECT["project"]["dependencies"]):
        (lowest,) = (each.version for each in requirement.specifier if each.operator == ">=")
        assert Version(pins[canonicalize_name(requirement.name)]) == Version(lowest), requirement.name
