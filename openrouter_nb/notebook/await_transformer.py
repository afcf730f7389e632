"""Make IPython await `%%chat`, and `%chat` if it is the whole cell.

IPython calls a magic and does not await its result. Rewritten as `await …`, the cell runs on the kernel's event loop: the
Stop button and interrupts take effect while it runs, and no thread is needed.
"""

from __future__ import annotations

import re
from itertools import dropwhile
from typing import Any

_CELL = re.compile(r"%%(?P<name>\w+)(?:\s+(?P<line>.*))?\s*$")  # a pasted space may be a no-break space
_LINE = re.compile(
    r"(?:(?P<target>[A-Za-z_]\w*)\s*=\s*)?(?:await[ \t]+)?%(?P<name>\w+)(?:\s+(?P<line>.*))?\s*$"
)


class AwaitTransformer:
    """An input transformer for the cells of some magics.

    Args:
        shell: The IPython shell. A cell that is transformed while another one runs (`%%time` above `%%chat`, or
            `get_ipython().run_cell`) is not rewritten, because its result would not be awaited.
        owner: Name of the magics class whose method `awaited(name, line, cell)` returns the coroutine.
        names: Magics to rewrite.
    """

    # In a terminal, IPython checks whether the input is complete with all transformers except those with side effects. It
    # must see the cell magic, which continues until a blank line, and not a complete Python statement.
    has_side_effects = True

    def __init__(self, shell: Any, owner: str, names: tuple[str, ...]) -> None:
        self._shell = shell
        self._owner = owner
        self._names = names
        self._running = 0

    def install(self) -> None:
        """Start rewriting cells."""
        self._shell.input_transformers_cleanup.append(self)
        self._shell.events.register("pre_execute", self._before)
        self._shell.events.register("post_execute", self._after)

    def remove(self) -> None:
        """Stop rewriting cells."""
        if self in self._shell.input_transformers_cleanup:
            self._shell.input_transformers_cleanup.remove(self)
            self._shell.events.unregister("pre_execute", self._before)
            self._shell.events.unregister("post_execute", self._after)

    def __call__(self, lines: list[str]) -> list[str]:
        """Rewrite the cell if it consists of one of the magics."""
        if self._running or getattr(self._shell, "autoawait", True) is False:
            return lines
        # Comments above `%%chat` are common; without this, IPython would look up a line magic named `%chat`.
        code = list(dropwhile(_is_comment, lines))
        if not code:
            return lines
        body = "".join(code[1:])
        first = code[0].lstrip(" \t")
        is_cell = first.startswith("%%")
        match = _CELL.match(first) if is_cell else _LINE.match(first)
        if match is None or match["name"] not in self._names or (body.strip() and not is_cell):
            return lines
        magics = f"get_ipython().magics_manager.registry[{self._owner!r}]"
        target = f"{match['target']} = " if not is_cell and match["target"] else ""
        line, cell = (match["line"] or "").rstrip(), repr(body) if is_cell else "None"
        return [f"{target}await {magics}.awaited({match['name']!r}, {line!r}, {cell})\n"]

    def _before(self) -> None:
        self._running += 1

    def _after(self) -> None:
        self._running = max(0, self._running - 1)


class QuestionMarks:
    """An input transformer that adds a space to lines of some magics that end in a question mark.

    IPython looks for `word?` at the end of a line before it looks for magics: a line of `%chat` in a loop or a function would
    show the help of its last word, and nothing would be sent. IPython does not look at a line that ends in a space. Where
    `%chat` cannot be, such as behind a colon, its syntax error follows.

    Args:
        shell: The IPython shell.
        names: The magics. `%name?`, without a prompt, remains a request for help.
    """

    def __init__(self, shell: Any, names: tuple[str, ...]) -> None:
        self._shell = shell
        self._names = names

    def install(self) -> None:
        """Start changing lines."""
        self._shell.input_transformers_cleanup.append(self)

    def remove(self) -> None:
        """Stop changing lines."""
        if self in self._shell.input_transformers_cleanup:
            self._shell.input_transformers_cleanup.remove(self)

    def __call__(self, lines: list[str]) -> list[str]:
        """Return the lines of a cell, changed where it is necessary. The text below a cell magic stays as it is."""
        if not lines or lines[0].startswith("%%") or not any("?" in line for line in lines):
            return lines
        magics = self._shell.magics_manager.magics["line"]
        # `%alias_magic ask chat`
        aliases = [
            name for name, magic in magics.items() if getattr(magic, "magic_name", None) in self._names
        ]
        names = "|".join(map(re.escape, (*self._names, *aliases)))
        # Without the percent sign, it is a magic only at the start of a line.
        begins = re.compile(rf"(?:.*(?<![\w%])% ?|[^\S\n]*,?)(?:{names})\s+\S", re.DOTALL)
        changed, continues = [], False
        for line in lines:
            continues = continues or begins.match(line) is not None
            code = line.removesuffix("\n")
            is_question = continues and code.endswith("?")
            changed.append(f"{code} {line[len(code) :]}" if is_question else line)
            continues = continues and code.endswith("\\")
        return changed


def _is_comment(line: str) -> bool:
    return not line.strip() or line.lstrip().startswith("#")
