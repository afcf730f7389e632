r"""Math in Markdown, also in the delimiters `\(…\)` and `\[…\]` that models write.

Markdown would remove the backslashes and the underscores. Formulas are rendered as `$…$` and `$$…$$`, which JupyterLab,
Notebook, nbviewer and GitHub typeset.
"""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_block import StateBlock
    from markdown_it.rules_inline import StateInline

# A dollar sign opens math only before a non-space and closes it only after a non-space and not before a digit, so that
# "from $5 to $10" is not math (the rule of Pandoc). A formula ends at the next delimiter of its kind, so that a text of
# opening ones takes linear time; `\\[2pt]` is a line break.
_INLINE = (
    (re.compile(r"\\\(((?:[^\\]|\\[^()])+)\\\)"), False),
    (re.compile(r"\\\[((?:[^\\]|\\[^][])+)\\\]"), True),
    (re.compile(r"\$\$(.+?)\$\$", re.DOTALL), True),
    (re.compile(r"\$(?![\s$])([^$\n`]*?[^\s$\\`])\$(?!\d)"), False),
)
# Macros with effects outside of the formula: links, styles, ids, extensions, boxes of any size, and definitions, which
# apply to every formula of the page. A formula with one of them is shown as source text.
_UNSAFE = re.compile(
    r"\\(?:href|url|html|style|class|css|data|require|includegraphics|unicode|[egx]?def|let|declare"
    r"|(?:(?:re)?new|provide)(?:command|environment|extarrow)|bbox|mmltoken|f?colorbox|rule|label|(?:eq)?ref\b)",
    re.IGNORECASE,
)
_BLOCK = {"\\[": "\\]", "$$": "$$"}


def math_plugin(md: MarkdownIt) -> None:
    """Add inline and block math to a parser."""
    md.inline.ruler.before("escape", "math", _inline)
    md.block.ruler.before(
        "fence", "math_block", _block, {"alt": ["paragraph", "reference", "blockquote", "list"]}
    )
    md.add_render_rule("math", _render)
    md.add_render_rule("math_block", _render_block)


def _inline(state: StateInline, silent: bool) -> bool:
    if state.src[state.pos] not in "\\$":
        return False
    for pattern, display in _INLINE:
        if match := pattern.match(state.src, state.pos):
            if not silent:
                token = state.push("math", "", 0)
                token.content = match[1]
                token.meta = {"display": display}
            state.pos = match.end()
            return True
    return False


def _block(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    if state.is_code_block(start):
        return False
    first = state.src[state.bMarks[start] + state.tShift[start] : state.eMarks[start]]
    opening = first[:2]
    closing = _BLOCK.get(opening)
    if closing is None:
        return False
    unclosed = state.env.setdefault("unclosed_math", set())
    if (closing, end) in unclosed:
        return False
    lines = [first[2:]]
    line = start
    while not _closes(lines[-1], closing):
        line += 1
        if line >= end:  # not closed yet, as in a partial answer: this is text, and so are later ones
            unclosed.add((closing, end))
            return False
        if state.sCount[line] < state.blkIndent:
            return False
        lines.append(state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]])
    if silent:
        return True
    lines[-1] = lines[-1].rstrip()[: -len(closing)]
    token = state.push("math_block", "", 0)
    token.content = "\n".join(lines).strip()
    token.map = [start, line + 1]
    state.line = line + 1
    return True


def _closes(line: str, closing: str) -> bool:
    return line.rstrip().endswith(closing)


def _render(_self: Any, tokens: Any, index: int, _options: Any, _env: Any) -> str:
    token = tokens[index]
    return _formula(token.content, "$$" if token.meta["display"] else "$")


def _render_block(_self: Any, tokens: Any, index: int, _options: Any, _env: Any) -> str:
    return f"<p>{_formula(tokens[index].content, '$$')}</p>\n"


def _formula(source: str, mark: str) -> str:
    html = escape(source, quote=False)
    if _UNSAFE.search(source):
        return f'<code dir="ltr">{html}</code>'
    # The title is what js/src/typeset.ts copies: MathJax replaces the text by glyphs that cannot be copied.
    return f'<span class="orn-tex" dir="ltr" title="{escape(source)}">{mark}{html}{mark}</span>'
