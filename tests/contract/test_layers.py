"""Layers of the package and owners of outside libraries, as in docs/architecture.md."""

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[2] / "openrouter_nb"
BASE = {
    "components",
    "parameters",
    "errors",
    "redaction",
    "surrogates",
    "json_extraction",
    "json_size",
    "bounded_files",
    "user_code",
    "_traceback",
}
ANSWERS = BASE | {"client", "conversation", "output", "prompt", "render", "replay", "tools"}
FRONT_END = ANSWERS | {"live"}
ALLOWED = {
    "__init__": BASE
    | {
        "batch",
        "chat_bridge",
        "client",
        "conversation",
        "history",
        "notebook",
        "output",
        "playground",
        "tools",
    },
    "__main__": {"simulator"},
    "parameters": {"redaction"},
    "redaction": set(),
    "surrogates": set(),
    "json_extraction": {"json_size", "surrogates"},
    "json_size": set(),
    "bounded_files": {"json_extraction", "json_size"},
    "user_code": set(),
    "_traceback": set(),
    "errors": {"components", "_error"},
    "_error": {"components", "_traceback"},
    "components": set(),
    "client": BASE | {"output", "simulator"},
    "render": BASE,
    "output": BASE,
    "prompt": BASE,
    "replay": BASE | {"client"},
    "tools": BASE | {"client", "output", "prompt", "render"},
    "conversation": BASE | {"client", "output", "prompt", "render", "replay", "tools"},
    "live": ANSWERS,
    "notebook": FRONT_END,
    "playground": FRONT_END,
    "chat_bridge": FRONT_END,
    "batch": ANSWERS,
    "history": {"playground"},
    "marimo": ANSWERS,
    "simulator": {"components"},
    "httpclient": {"client"},
    "operations": {"components", "client"},
    "types": {"components"},
    "utils": {"client"},
}
OWNERS = {
    "httpx": {"client/transport/http_transport.py", "_error.py"},
    "httpx2": {"client/transport/http_transport.py"},
    "keyring": {"client/key_store.py"},
    "anywidget": {"live/bundle_widget.py", "chat_bridge/widget.py"},
    "IPython": {"notebook", "live/ipython_frontend.py"},
    "ipykernel": set(),
    "platformdirs": {"client/user_folders.py"},
    "filelock": {"replay/file.py"},
    "docstring_parser": {"tools/docstrings.py"},
    "jsonschema": {"output/json_schema.py", "playground"},
    "mcp": {"tools/mcp/session.py"},
    "tornado": {"simulator"},
    "xllamacpp": {"simulator"},
    "markdown_it": {"render"},
    "pygments": {"render/html/syntax_highlight.py"},
    "pydantic": {"components", "output/type_adapter.py", "types.py"},
    "pydantic_core": {"client/streaming/chunk_parser.py", "output/type_adapter.py"},
}
FILES = sorted(PACKAGE.rglob("*.py"))


def imports(path):
    package = ".".join(("openrouter_nb", *path.relative_to(PACKAGE).parent.parts))
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                parent = package.rsplit(".", node.level - 1)[0] if node.level > 1 else package
                base = f"{parent}.{base}".rstrip(".")
            # `from openrouter_nb import errors` names the part only in its list.
            yield from (f"{base}.{alias.name}" for alias in node.names)


def part(path):
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_go_in_one_direction(path):
    here = part(path)
    for name in imports(path):
        top, _, rest = name.partition(".")
        if top == "openrouter_nb" and (there := rest.split(".")[0]):
            assert there == here or there in ALLOWED[here] or there not in ALLOWED, f"{here} imports {there}"


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_each_outside_library_has_one_owner(path):
    inside = str(path.relative_to(PACKAGE))
    for name in imports(path):
        owners = OWNERS.get(name.split(".")[0])
        if owners is not None:
            assert any(inside == owner or inside.startswith(f"{owner}/") for owner in owners), (
                f"{inside} imports {name}"
            )


def test_every_folder_has_its_place_in_the_order():
    folders = {path.name for path in PACKAGE.iterdir() if path.is_dir() and (path / "__init__.py").exists()}
    assert folders <= set(ALLOWED)
