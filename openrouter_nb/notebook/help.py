"""The list of options on the help page, `%%chat?`, generated from the option table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openrouter_nb.notebook.options.table import ROWS, Group

if TYPE_CHECKING:
    from collections.abc import Mapping

#: The groups of the help page, in its order, with their titles.
GROUPS: Mapping[Group, str] = {
    "model": "Model",
    "parameters": "Parameters: sent only if given",
    "prompt": "Prompt",
    "tools": "Tools",
    "conversation": "Conversation",
    "output": "Output",
    "control": "Control",
}


def help_text() -> str:
    """Return the list of options for the help page, by group."""
    rows: dict[Group, list[tuple[str, str]]] = {group: [] for group in GROUPS}
    for option in ROWS:
        flags = ", ".join(option.flags)
        rows[option.group].append((f"{flags} {option.takes}" if option.takes else flags, option.help))
    width = max(len(flags) for group in rows.values() for flags, _ in group) + 2
    return "\n\n".join(
        "\n".join((f"  {GROUPS[group]}", *(f"    {flags:<{width}}{text}" for flags, text in lines)))
        for group, lines in rows.items()
        if lines
    )
