"""Whether a structured answer is what was asked for."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from jsonschema.validators import validator_for
from referencing import Registry
from referencing.exceptions import Unresolvable

if TYPE_CHECKING:
    from openrouter_nb.components import ChatResult


def schema_note(body: dict[str, Any], result: ChatResult | None) -> str:
    """Say how an answer fits the format that was asked for, `""` where none was.

    Args:
        body: The request.
        result: The answer.
    """
    wanted = body.get("response_format")
    if not isinstance(wanted, dict):
        return ""
    kind = wanted.get("type")
    if kind not in ("json_schema", "json_object") or result is None or not result.text:
        return ""
    try:
        value = json.loads(result.text)
    except ValueError:
        return "not JSON"
    if kind == "json_object":
        return "valid JSON"
    schema = (wanted.get("json_schema") or {}).get("schema")
    if not isinstance(schema, dict):
        return "valid JSON"
    try:
        # An empty registry: jsonschema would otherwise fetch the addresses that a schema refers to.
        validator = validator_for(schema)(schema, registry=Registry())
        error = next(iter(validator.iter_errors(value)), None)
    except Unresolvable as unresolved:
        return f"not checked: the schema refers to {unresolved.ref}"
    if error is None:
        return "fits the schema"
    place = "".join(f".{key}" if isinstance(key, str) else f"[{key}]" for key in error.absolute_path)
    return f"does not fit the schema: {place.lstrip('.') or 'the answer'}: {error.message[:200]}"
