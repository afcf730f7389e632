"""Display formats of an answer: Markdown, plain text, JSON, or only its code."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Literal

from openrouter_nb.json_extraction import largest_json

Format = Literal["md", "text", "json", "code"]
FORMATS: tuple[Format, ...] = ("md", "text", "json", "code")

_LONGEST_FENCE = re.compile(r"^`{3,}", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class DisplayFormat:
    """The display format of an answer.

    Attributes:
        form: Markdown, plain text, JSON, or only the code.
        shows_reasoning: Whether the reasoning is expanded.
    """

    form: Format = "md"
    shows_reasoning: bool = False


DEFAULT_FORMAT = DisplayFormat()


@dataclass(frozen=True, slots=True)
class Formatted:
    """A text in the requested format.

    Attributes:
        text: Markdown, or plain text.
        is_plain: Whether it is plain text.
        note: Why the format does not apply, or `""`.
    """

    text: str
    is_plain: bool = False
    note: str = ""


def shown_as(text: str, form: Format) -> Formatted:
    """Return a text in a format. A text that has no such form is returned as Markdown, with a note."""
    if form == "text":
        return Formatted(text, is_plain=True)
    if form == "json":
        try:
            pretty = json.dumps(largest_json(text), ensure_ascii=False, indent=2)
        except ValueError:
            return Formatted(text, note="The answer is not JSON.")
        return Formatted(_fenced("json", pretty))
    if form == "code":
        from openrouter_nb.render.answer.code_blocks import blocks

        found = blocks(text)
        if not found:
            return Formatted(text, note="The answer has no code block.")
        return Formatted("\n\n".join(_fenced(block.language, block.code.rstrip("\n")) for block in found))
    return Formatted(text)


def _fenced(language: str, code: str) -> str:
    longest = max((len(fence) for fence in _LONGEST_FENCE.findall(code)), default=2)
    fence = "`" * (longest + 1)
    return f"{fence}{language}\n{code}\n{fence}"
