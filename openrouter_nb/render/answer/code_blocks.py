"""Fenced code blocks of a Markdown text."""

from __future__ import annotations

from dataclasses import dataclass

from openrouter_nb.render.html.markdown_parser import tokens

_PYTHON = frozenset({"", "python", "py", "python3", "ipython", "ipython3"})
# Cell magics of IPython for other languages.
_MAGICS = {
    **dict.fromkeys(("bash", "sh", "shell", "zsh", "console"), "%%bash"),
    **dict.fromkeys(("javascript", "js"), "%%javascript"),
    "html": "%%html",
    "latex": "%%latex",
    "markdown": "%%markdown",
    "md": "%%markdown",
    "perl": "%%perl",
    "ruby": "%%ruby",
    "svg": "%%svg",
}


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block of code.

    Attributes:
        language: The first word of its info string, in lower case, or `""`.
        code: Its content.
    """

    language: str
    code: str


def blocks(text: str) -> list[Block]:
    """Return the fenced blocks of a text, in order."""
    return [
        Block((token.info.split() or [""])[0].lower(), token.content)
        for token in tokens(text)
        if token.type == "fence"
    ]


def code_of(text: str) -> str:
    """Return the code of an answer as one cell: all Python blocks, otherwise the first block with the magic of its language.

    `""` if the text has no block.
    """
    found = blocks(text)
    if python := [block.code for block in found if block.language in _PYTHON]:
        return "\n".join(python).strip("\n")
    if not found:
        return ""
    code = found[0].code.strip("\n")
    magic = _MAGICS.get(found[0].language)
    return f"{magic}\n{code}" if magic else code
