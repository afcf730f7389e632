"""Make IPython pass lines of `%chat` on as they are written."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from IPython.core.magic import MAGIC_NO_VAR_EXPAND_ATTR

if TYPE_CHECKING:
    from collections.abc import Collection

# A separator other than a line break, such as U+2028 of a pasted text, is part of the line for Python and for the reader.
_LINE = re.compile(r"[^\r\n]*(?:\r\n?|\n)|[^\r\n]+")


class LiteralLines:
    """An input transformer that keeps IPython from changing lines of some magics.

    IPython looks for `word?` at the end of a line before it looks for magics: a line of `%chat` in a loop or a function would
    show the help of its last word, and nothing would be sent. IPython does not look at a line that ends in a space, so one is
    added. Where `%chat` cannot be, such as behind a colon, its syntax error follows. IPython also splits lines at form feeds
    and the separators of Unicode; here they are joined again.

    In a line of an alias, as of `%alias_magic ask chat`, IPython would replace `{{name}}` by `{name}` and `{name}` by its value.

    Args:
        shell: The IPython shell.
        names: The magics. `%name?`, without a prompt, remains a request for help.
    """

    def __init__(self, shell: Any, names: tuple[str, ...]) -> None:
        self._shell = shell
        self._names = names
        self._aliases: list[str] = []

    def install(self) -> None:
        """Start changing lines."""
        self._shell.input_transformers_cleanup.append(self)
        self._shell.events.register("pre_run_cell", self._note_aliases)

    def remove(self) -> None:
        """Stop changing lines."""
        if self in self._shell.input_transformers_cleanup:
            self._shell.input_transformers_cleanup.remove(self)
            self._shell.events.unregister("pre_run_cell", self._note_aliases)

    def __call__(self, lines: list[str]) -> list[str]:
        """Return the lines of a cell, changed where it is necessary. The text below a cell magic stays as it is."""
        if not lines or lines[0].startswith("%%"):
            return lines
        names = "|".join(map(re.escape, (*self._names, *self._aliases)))
        # Without the percent sign, it is a magic only at the start of a line.
        begins = re.compile(rf"(?:.*(?<![\w%])% ?|[^\S\n]*,?)(?:{names})\s+\S", re.DOTALL)
        changed, continues, is_ours = [], False, False
        for line in _LINE.findall("".join(lines)):
            continues = continues or begins.match(line) is not None
            is_ours |= continues
            code = line.removesuffix("\n")
            is_question = continues and code.endswith("?")
            changed.append(f"{code} {line[len(code) :]}" if is_question else line)
            continues = continues and code.endswith("\\")
        return changed if is_ours else lines

    def _note_aliases(self, _info: Any) -> None:
        """Note the aliases of the magics. IPython calls this method before each cell."""
        aliases = aliases_of(self._shell, self._names)
        for _, magic in aliases:
            setattr(magic, MAGIC_NO_VAR_EXPAND_ATTR, True)
        self._aliases = [name for name, _ in aliases]


def aliases_of(shell: Any, names: Collection[str]) -> list[tuple[str, Any]]:
    """Return names and magics of the aliases of some magics: `%alias_magic ask chat` makes a line and a cell magic."""
    return [
        (name, magic)
        for magics in shell.magics_manager.magics.values()
        for name, magic in magics.items()
        if getattr(magic, "magic_name", None) in names
    ]
