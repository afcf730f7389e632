"""Code blocks, highlighted in the colors of the notebook if it has them."""

from __future__ import annotations

import re
from html import escape
from itertools import groupby
from operator import itemgetter

_MAX_HIGHLIGHTED = 50_000

# Few classes, so that the saved notebook stays small. The fallback colors are for pages outside of Jupyter: each has a
# contrast of at least 4:1 on white and on dark.
_COLOURS = {
    "k": ("keyword", "#3f7fbf"),
    "s": ("string", "#c0563f"),
    "m": ("number", "#2f8a4f"),
    "c": ("comment", "#7a8088"),
    "f": ("def", "#7a6fd0"),
    "b": ("builtin", "#2f8a8a"),
    "o": ("operator", "#a657b8"),
}
STYLE = (
    "<style>"
    + "".join(
        f".orn-{name}{{color:var(--jp-mirror-editor-{role}-color,{hex_})}}"
        for name, (role, hex_) in _COLOURS.items()
    )
    + "</style>"
)
_HIGHLIGHTED = re.compile(f'<span class="orn-[{"".join(_COLOURS)}]"')


# As in the live view. JupyterLab indents a code block and gives its content another background.
PRE = (
    "margin:0 0 1em;padding:8px 12px;overflow-x:auto;border:1px solid var(--jp-border-color2,#8884);"
    "background:var(--jp-cell-editor-background,#8881);line-height:var(--jp-code-line-height,1.4)"
)
CODE = "display:block;background:none;padding:0;font-size:var(--jp-code-font-size,13px)"


def fence(code: str, language: str = "", *, direction: str = "") -> str:
    """Return the HTML of a code block. If it is highlighted, the page needs `STYLE` once.

    Args:
        code: The code.
        language: Its name for Pygments, or "".
        direction: The attribute `dir`, for a page with text from right to left.
    """
    attribute = f' dir="{direction}"' if direction else ""
    return f'<pre{attribute} style="{PRE}"><code style="{CODE}">{highlight(code, language)}</code></pre>\n'


def code_block(code: str, language: str = "") -> str:
    """Return the HTML of a code block with a style sheet if it is highlighted; `""` without code."""
    return with_style(fence(code, language)) if code else ""


def with_style(html: str) -> str:
    """Return HTML with the style sheet before it if it has highlighted code."""
    return STYLE + html if _HIGHLIGHTED.search(html) else html


def highlight(code: str, language: str) -> str:
    """Return the HTML of the content of a code block: spans around tokens, or escaped text for an unknown language."""
    if not language or len(code) > _MAX_HIGHLIGHTED:
        return escape(code, quote=False)
    from pygments.lexers import get_lexer_by_name  # loads a table of 600 lexers
    from pygments.util import ClassNotFound

    try:
        lexer = get_lexer_by_name(language, stripnl=False, ensurenl=False)
    except ClassNotFound:
        return escape(code, quote=False)
    parts: list[str] = []
    tokens = ((_class(str(kind)) if text.strip() else None, text) for kind, text in lexer.get_tokens(code))
    for name, run in groupby(tokens, key=itemgetter(0)):
        html = escape("".join(text for _, text in run), quote=False)
        parts.append(f'<span class="orn-{name}">{html}</span>' if name else html)
    return "".join(parts)


def _class(kind: str) -> str | None:
    for prefix, name in (
        ("Token.Keyword", "k"),
        ("Token.Literal.String", "s"),
        ("Token.Literal.Number", "m"),
        ("Token.Comment", "c"),
        ("Token.Name.Function", "f"),
        ("Token.Name.Class", "f"),
        ("Token.Name.Builtin", "b"),
        ("Token.Operator.Word", "k"),
        ("Token.Operator", "o"),
    ):
        if kind.startswith(prefix):
            return name
    return None
