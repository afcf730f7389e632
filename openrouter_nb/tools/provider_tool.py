"""The definition of a tool as it is sent: schema and names that providers accept, and arguments that the tool accepts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from openrouter_nb.output.provider_schema import provider_schema
from openrouter_nb.output.strict_schema import strict_schema
from openrouter_nb.tools.names import provider_names

if TYPE_CHECKING:
    from collections.abc import Callable


def provider_parameters(
    schema: dict[str, Any], check: Callable[[Any], Any], *, name: str, strict: bool | None
) -> tuple[dict[str, Any], Callable[[Any], Any]]:
    """Return the parameters to send, and a check of the arguments that a model returns for them.

    Args:
        schema: JSON Schema of the arguments.
        check: Validates arguments against the whole schema, and returns them.
        name: Name of the tool, for error messages.
        strict: Whether strict mode is requested.

    Raises:
        NoSchemaError: providers accept no form of the schema.
        NotStrictError: strict mode is requested, and the schema has no strict form.
    """
    made = provider_schema(schema)
    if strict:
        made = strict_schema(made, name)
    sent = provider_names(list(made["properties"]), also=".")
    originals = {text: original for original, text in sent.items() if text != original}
    if not originals:
        return made, check

    def check_renamed(arguments: dict[str, Any]) -> Any:
        return check({originals.get(key, key): value for key, value in arguments.items()})

    made["properties"] = {
        sent[key]: value if sent[key] == key else _described(value, key)
        for key, value in made["properties"].items()
    }
    if "required" in made:
        made["required"] = [sent[key] for key in made["required"]]
    return made, check_renamed


def _described(schema: dict[str, Any], name: str) -> dict[str, Any]:
    """Return a schema with the original name in its description."""
    if "$ref" in schema:
        schema = {"anyOf": [schema]}
    return {**schema, "description": ": ".join(filter(None, (name, schema.get("description"))))}
