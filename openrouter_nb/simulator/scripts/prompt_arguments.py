"""Arguments that seem to have understood the question: its numbers and names, where the schema has room for them."""

import json
import re
from typing import Any

from openrouter_nb.simulator.scripts.schema_example import example

NUMBER = re.compile(r"(?<![\w.])-?\d+(?:\.\d+)?(?!\w)")
# A word with a capital that does not begin a sentence is most likely a name.
NAME = re.compile(r"(?<=[a-z,;] )[A-Z][\w'-]*(?: [A-Z][\w'-]*)*")


def arguments(schema: dict[str, Any], prompt: str) -> dict[str, Any]:
    """Return an object for a schema, numbers and names of the prompt in the order of its required fields."""
    value: dict[str, Any] = example(schema)
    numbers: list[Any] = [json.loads(word) for word in NUMBER.findall(prompt)]
    names = NAME.findall(prompt)
    for key, kind in schema.get("properties", {}).items():
        if key not in schema.get("required", ()) or "enum" in kind or "format" in kind:
            continue
        if (kind.get("type") == "integer" and numbers and isinstance(numbers[0], int)) or (
            kind.get("type") == "number" and numbers
        ):
            value[key] = numbers.pop(0)
        elif kind.get("type") == "string" and names:
            value[key] = names.pop(0)
    return value
