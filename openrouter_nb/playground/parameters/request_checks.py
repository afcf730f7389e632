"""Validate the parameters of a request before it is sent, one by one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from openrouter_nb.client.request_validation import validate_body
from openrouter_nb.errors import ConfigurationError
from openrouter_nb.parameters import PARAMETERS, nearest, problem

if TYPE_CHECKING:
    from collections.abc import Iterator

_SUFFIX = " Nothing was sent."


def problems(values: dict[str, Any], *, column: str | None = None) -> list[dict[str, Any]]:
    """Return the errors and warnings about parameters, in the format of the panel.

    Args:
        values: Parameters by wire name, including `extra_body`.
        column: Column that they belong to; None for all columns.
    """
    found = [*_errors(values), *_warnings(values)]
    return [{**item, "column": column} for item in found] if column else found


def schema_problem(schema: Any) -> str:
    """Return what is wrong with a JSON Schema, `""` if it is valid."""
    if not isinstance(schema, (dict, bool)):
        return "A JSON Schema is an object."
    # Imported late: with JupyterLab installed, this loads a parser that takes more than a second to build its grammar.
    from jsonschema import SchemaError
    from jsonschema.validators import validator_for

    kind: Any = validator_for(schema)
    try:
        kind.check_schema(schema)
    except SchemaError as error:
        place = ".".join(str(key) for key in error.path)
        return f"{place}: {error.message}" if place else str(error.message)
    return ""


def _errors(values: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for name, value in values.items():
        if name == "extra_body":
            if not isinstance(value, dict):
                yield _error(name, "extra_body takes an object.")
            continue
        if name not in PARAMETERS:
            yield _error(name, f"There is no parameter {name!r}.{nearest(name, PARAMETERS)}")
            continue
        wrong = problem(name, value)
        if wrong is None:
            wrong = _shape_problem({name: value})
        if wrong:
            yield _error(_dotted(name, wrong), wrong)
            continue
        yield from _schemas(name, value)
    if values.get("top_logprobs") is not None and values.get("logprobs") is not True:
        yield _error("top_logprobs", "top_logprobs requires logprobs: enable it.")
    reasoning = values.get("reasoning")
    effort = reasoning.get("effort") if isinstance(reasoning, dict) else None
    if effort is not None and values.get("reasoning_effort") not in (None, effort):
        yield _error("reasoning_effort", "reasoning_effort differs from reasoning.effort.")


def _schemas(name: str, value: Any) -> Iterator[dict[str, Any]]:
    if name == "response_format" and isinstance(value, dict) and value.get("type") == "json_schema":
        schema = (value.get("json_schema") or {}).get("schema")
        if schema is not None and (wrong := schema_problem(schema)):
            yield _error(name, f"The schema is not valid: {wrong}")
    for index, tool in enumerate(value if name == "tools" and isinstance(value, list) else ()):
        function = tool.get("function") if isinstance(tool, dict) else None
        schema = function.get("parameters") if isinstance(function, dict) else None
        if schema is not None and (wrong := schema_problem(schema)):
            yield _error(name, f"tools[{index}]: the schema of its parameters is not valid: {wrong}")


def _warnings(values: dict[str, Any]) -> Iterator[dict[str, Any]]:
    extra = values.get("extra_body")
    for key in extra if isinstance(extra, dict) else ():
        if key in values:
            yield _warning("extra_body", f"{key} is also set above; the extra body overrides it.")
        elif key in ("messages", "model", "stream"):
            yield _warning("extra_body", f"{key} of the extra body replaces what the panel sends.")
    limit = values.get("max_completion_tokens")
    if isinstance(limit, int) and 0 < limit < 16:
        yield _warning("max_completion_tokens", "Some providers reject limits below 16 tokens.")
    if values.get("temperature") is not None and values.get("top_p") is not None:
        yield _warning("top_p", "Change temperature or top_p, not both: they affect each other.")
    if values.get("max_tokens") is not None and limit is not None:
        yield _warning(
            "max_tokens", "max_tokens is the former name of max_completion_tokens; set only one of them."
        )
    if values.get("tool_choice") is not None and not values.get("tools"):
        yield _warning("tool_choice", "Not sent, because the request has no tools.")


def _shape_problem(body: dict[str, Any]) -> str | None:
    try:
        validate_body(body)
    except ConfigurationError as error:
        return error.message.removesuffix(_SUFFIX)
    return None


def _dotted(name: str, message: str) -> str:
    """Return the spec that a message is about, from the path at its start."""
    path = message.split(" ", 1)[0].split("[", 1)[0].rstrip(".:")
    return path if path.startswith(f"{name}.") else name


def _error(field: str, message: str) -> dict[str, Any]:
    return {"field": field, "message": message, "level": "error"}


def _warning(field: str, message: str) -> dict[str, Any]:
    return {"field": field, "message": message, "level": "warning"}
