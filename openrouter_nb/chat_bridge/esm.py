"""Make the modules of `@openrouter-nb/client` available to the JavaScript of a widget, without a network.

A widget's module is imported from a blob, so that it can import nothing by name. The text of each module it imports is
embedded in it, and imported from another blob: by the first widget of a page, the later ones use the same module.
"""

from __future__ import annotations

import hashlib
import json
import re
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_PACKAGE = "@openrouter-nb/client"
#: Bundles of `static/` by the name that a module imports.
MODULES = {
    _PACKAGE: "client.js",
    f"{_PACKAGE}/react": "client-react.js",
    f"{_PACKAGE}/markdown": "client-markdown.js",
}

# A comment, a string or a template; or an import statement, an import expression or an export of the package.
_TOKEN = re.compile(
    r"//[^\n]*|/\*(?s:.*?)(?:\*/|\Z)"
    r"|(?<![\w$.])import\b(?P<clause>(?:(?!\bimport\b)[\w$\s{},*])*?)(?:\bfrom\b)?\s*"
    r"""(?P<quote>["'])(?P<name>@openrouter-nb/[\w./-]*)(?P=quote)[ \t]*;?"""
    r"""|(?<![\w$.])export\s*(?P<exports>\{[^{}]*\}|\*(?:\s*as\s*(?:\b[\w$]+|"[^"\n]*"|'[^'\n]*'))?)"""
    r"""\s*\bfrom\s*(?P<delimiter>["'])(?P<source>@openrouter-nb/[\w./-]*)(?P=delimiter)[ \t]*;?"""
    r"""|(?<![\w$.])import\s*\(\s*(?P<mark>["'])(?P<dynamic>@openrouter-nb/[\w./-]*)(?P=mark)\s*\)"""
    r"""|"(?:[^"\\\n]|\\.)*"?|'(?:[^'\\\n]|\\.)*'?|`(?:[^`\\]|\\(?s:.))*`?"""
)
_REGISTRY = 'globalThis[Symbol.for("openrouter-nb.modules")]'
_VARIABLE = "__openrouter"


def widget_esm(source: str, read: Callable[[str], str] | None = None) -> str:
    """Return the source of a widget's module with its imports from `@openrouter-nb/client` replaced.

    `export { ... } from` and `export * as name from` are replaced as well. Other imports and the numbers of the lines do not
    change. A source without such imports, or one that was returned here, is returned as it is.

    Args:
        source: The source, an ES module.
        read: Returns the source of a bundle by its file name; None for the bundles of this package.

    Raises:
        ValueError: it imports a module of `@openrouter-nb` that does not exist, or exports all names of one.
    """
    return _Linker(read or _bundle).link(source)


class _Linker:
    def __init__(self, read: Callable[[str], str]) -> None:
        self._read = read
        self._loaders: dict[str, str] = {}

    def link(self, source: str) -> str:
        body, declarations = self._replace(source)
        if not declarations and not self._loaders:
            return source
        start = f"const {_VARIABLE}Modules={_REGISTRY}??=new Map();"
        return start + "".join(self._loaders.values()) + declarations + body

    def _replace(self, source: str) -> tuple[str, str]:
        """Return a source without its imports, and the declarations that replace them."""
        declarations: list[str] = []

        def replaced(token: re.Match[str]) -> str:
            if token["dynamic"]:
                return self._promise(token["dynamic"])
            name = token["name"] or token["source"]
            if name is None:
                return token[0]
            namespace = f"(await {self._promise(name)})"
            if token["source"]:
                declarations.append(_export(token["exports"], namespace, token[0]))
            else:
                declarations.extend(_declarations(token["clause"], namespace))
            return "\n" * token[0].count("\n")

        return _TOKEN.sub(replaced, source), "".join(declarations)

    def _promise(self, name: str) -> str:
        """Return the expression of a module, which is loaded before the widget's module."""
        if name not in MODULES:
            raise ValueError(f"There is no module {name!r}: {', '.join(MODULES)}.")
        text = self._read(MODULES[name])
        digest = hashlib.sha256(text.encode()).hexdigest()[:16]
        if digest not in self._loaders:
            self._loaders[digest] = ""  # its place, in case the module imports itself
            body, declarations = self._replace(text)
            del self._loaders[digest]
            if body != text:
                body = f"const {_VARIABLE}Modules={_REGISTRY};{declarations}{body}"
            self._loaders[digest] = _loader(digest, body)
        return f'{_VARIABLE}Modules.get("{digest}")'


def _loader(digest: str, text: str) -> str:
    """Return a statement that loads a module once for all widgets of a page."""
    modules = f"{_VARIABLE}Modules"
    # `<` is escaped for pages that embed the state of the widget in HTML.
    literal = json.dumps(text).replace("<", "\\u003c")
    return (
        f'if(!{modules}.has("{digest}")){{'
        f"const text={literal};"
        f'const url=URL.createObjectURL(new Blob([text],{{type:"text/javascript"}}));'
        f'{modules}.set("{digest}",import(url).catch((error)=>{{{modules}.delete("{digest}");throw error;}}));'
        "}"
        f'await {modules}.get("{digest}");'
    )


def _declarations(clause: str, namespace: str) -> list[str]:
    """Return the declarations that replace the clause of an import statement: `a, { b as c }`, `* as d`."""
    head, brace, names = clause.partition("{")
    found = []
    for part in filter(None, (part.strip() for part in head.split(","))):
        name = part.removeprefix("*").strip().removeprefix("as").strip() if part.startswith("*") else ""
        found.append(f"const {name}={namespace};" if name else f"const {{default:{part}}}={namespace};")
    if brace:
        imported = (name.split() for name in names.partition("}")[0].split(","))
        pairs = [f"{words[0]}:{words[-1]}" for words in imported if words]  # `a`, or `a as b`
        found.append(f"const {{{','.join(pairs)}}}={namespace};")
    return found


def _export(clause: str, namespace: str, statement: str) -> str:
    """Return the declarations that replace an export with the clause `{ a, b as c }` or `* as d`.

    Raises:
        ValueError: it exports all names, which only the module has, or names that are strings.
    """
    exported = (name.split() for name in clause.strip("{}").replace("*", "* ").split(","))
    found = ""
    for words in filter(None, exported):
        name, alias = words[0], words[-1]
        is_valid = len(words) == 1 or (len(words) == 3 and words[1] == "as")
        if not is_valid or not _is_name(alias) or not (name == "*" or _is_name(name)):
            raise ValueError(
                f"This export cannot be used in a widget: {' '.join(statement.split())} Name each export."
            )
        # The exported names of a module are unique.
        local = f"{_VARIABLE}_{alias}"
        found += f"const {local}={namespace};" if name == "*" else f"const {{{name}:{local}}}={namespace};"
        found += f"export{{{local} as {alias}}};"
    return found


def _is_name(text: str) -> bool:
    return re.fullmatch(r"[\w$]+", text) is not None


@cache
def _bundle(name: str) -> str:
    return files("openrouter_nb").joinpath("static", name).read_text(encoding="utf-8")
