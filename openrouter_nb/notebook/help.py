"""The list of options on the help page, `%%chat?`: made of the table that the parser reads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openrouter_nb.notebook.options.table import ROWS, Group, Option

if TYPE_CHECKING:
    from collections.abc import Mapping

    from openrouter_nb.parameters import Parameter

#: The groups of the help page, in its order, with their titles.
GROUPS: Mapping[Group, str] = {
    "model": "Model",
    "parameters": "Parameters: each is sent only if it is given",
    "prompt": "Prompt",
    "tools": "Tools",
    "conversation": "Conversation",
    "output": "Output",
    "control": "Control",
}


def help_text() -> str:
    """Return the list of options for the help page, by group."""
    rows: dict[Group, list[tuple[str, str]]] = {group: [] for group in GROUPS}
    for row in ROWS:
        flags = ", ".join(row.flags)
        if isinstance(row, Option):
            rows[row.group].append((f"{flags} {row.takes}" if row.takes else flags, row.help))
        elif row.name == "model":
            rows["model"].append((f"{flags} ID[,ID…]", _MODEL_HELP))
        else:
            rows["parameters"].append((f"{flags} {_noun(row)}", row.help))
    width = max(len(flags) for group in rows.values() for flags, _ in group) + 2
    return "\n\n".join(
        "\n".join((f"  {GROUPS[group]}", *(f"    {flags:<{width}}{text}" for flags, text in lines)))
        for group, lines in rows.items()
        if lines
    )


_MODEL_HELP = "The model, such as openai/gpt-5-mini; several are asked side by side."


def _noun(row: Parameter) -> str:
    nouns = {"number": "X", "integer": "N", "boolean": "true|false", "json": "JSON"}
    return nouns.get(row.kind, "WORD" if row.choices else "TEXT")
