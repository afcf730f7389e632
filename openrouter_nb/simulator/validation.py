"""Validation of a chat request, as by the service: a 400 names the first invalid field.

Unknown keys pass, because OpenRouter forwards them to the provider. Bounds are those of the OpenAPI document of
August 2026, or of the parameter guide (api_reference/parameters) where the document has none.
"""

from collections.abc import Callable, Mapping
from typing import Any

from openrouter_nb.simulator.api_errors import ApiError, invalid
from openrouter_nb.simulator.message_validation import check_messages

Check = Callable[[str, Any], None]


def validate(body: Any) -> dict[str, Any]:
    """Return the body if the service would accept it.

    Raises:
        ApiError: 400 for the first invalid field.
    """
    if not isinstance(body, dict):
        raise ApiError(400, "The request body must be a JSON object", "invalid_request")
    if "messages" not in body:
        raise invalid("messages", "Required")
    check_messages(body["messages"])
    for name, check in CHECKS.items():
        if name in body:
            check(name, body[name])
    if body.get("top_logprobs") is not None and body.get("logprobs") is not True:
        raise invalid("top_logprobs", "requires logprobs to be true")
    _check_effort(body)
    return body


def number(low: float, high: float | None = None, *, integer: bool = False) -> Check:
    """Return a check for a nullable number within bounds; `high=None` for no upper bound."""

    def check(name: str, value: Any) -> None:
        if value is None:
            return
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise invalid(name, f"Expected number, received {_kind(value)}")
        if integer and value != int(value):
            raise invalid(name, "Expected integer, received float")
        if value < low:
            raise invalid(name, f"Number must be greater than or equal to {low}")
        if high is not None and value > high:
            raise invalid(name, f"Number must be less than or equal to {high}")

    return check


def of_type(expected: type, word: str, *, nullable: bool = False) -> Check:
    """Return a check for a JSON type, named `word` in messages."""

    def check(name: str, value: Any) -> None:
        if value is None and nullable:
            return
        if not isinstance(value, expected):
            raise invalid(name, f"Expected {word}, received {_kind(value)}")

    return check


def text(limit: int, *, nullable: bool = False) -> Check:
    """Return a check for a string of at most `limit` characters."""

    def check(name: str, value: Any) -> None:
        of_type(str, "string", nullable=nullable)(name, value)
        if value is not None and len(value) > limit:
            raise invalid(name, f"String must contain at most {limit} character(s)")

    return check


def strings(limit: int) -> Check:
    """Return a check for an array of at most `limit` strings."""

    def check(name: str, value: Any) -> None:
        of_type(list, "array")(name, value)
        if len(value) > limit:
            raise invalid(name, f"'{name}' array must have {limit} items or fewer.")
        for index, item in enumerate(value):
            of_type(str, "string")(f"{name}[{index}]", item)

    return check


def one_of(*words: str, nullable: bool = True) -> Check:
    """Return a check for an enumeration."""

    def check(name: str, value: Any) -> None:
        if value is None and nullable:
            return
        if value not in words:
            raise invalid(name, f"Invalid option: expected one of {'|'.join(words)}")

    return check


def _stop(name: str, value: Any) -> None:
    if value is None or isinstance(value, str):
        return
    strings(4)(name, value)


def _metadata(name: str, value: Any) -> None:
    of_type(dict, "object")(name, value)
    if len(value) > 16:
        raise invalid(name, "Object must contain at most 16 pair(s)")
    for key, item in value.items():
        text(64)(f"{name} key", key)
        text(512)(f"{name}.{key}", item)


def _logit_bias(name: str, value: Any) -> None:
    of_type(dict, "object", nullable=True)(name, value)
    for key, item in (value or {}).items():
        if not key.isdecimal():
            raise invalid(
                name, f"Invalid key in 'logit_bias': {key}. Only non-negative integers are token ids."
            )
        number(-100, 100)(f"{name}.{key}", item)


def _tools(name: str, value: Any) -> None:
    of_type(list, "array")(name, value)
    for index, tool in enumerate(value):
        where = f"{name}[{index}]"
        of_type(dict, "object")(where, tool)
        of_type(str, "string")(f"{where}.type", tool.get("type"))
        if tool["type"] == "function":
            function = tool.get("function")
            of_type(dict, "object")(f"{where}.function", function)
            text(64)(f"{where}.function.name", function.get("name"))


def _response_format(name: str, value: Any) -> None:
    of_type(dict, "object")(name, value)
    one_of("text", "json_object", "json_schema", "grammar", "python", nullable=False)(
        f"{name}.type", value.get("type")
    )
    if value["type"] == "json_schema":
        schema = value.get("json_schema")
        of_type(dict, "object")(f"{name}.json_schema", schema)
        text(64)(f"{name}.json_schema.name", schema.get("name"))


def _check_effort(body: Mapping[str, Any]) -> None:
    reasoning = body.get("reasoning") or {}
    efforts = [reasoning.get("effort"), body.get("reasoning_effort")]
    for field, effort in zip(("reasoning.effort", "reasoning_effort"), efforts, strict=True):
        one_of("max", "xhigh", "high", "medium", "low", "minimal", "none")(field, effort)
    if None not in efforts and efforts[0] != efforts[1]:
        raise invalid("reasoning_effort", "contradicts reasoning.effort")


def _kind(value: Any) -> str:
    names = {type(None): "null", bool: "boolean", dict: "object", list: "array", str: "string"}
    return names.get(type(value), "number")


CHECKS: dict[str, Check] = {
    "model": of_type(str, "string"),
    "models": strings(3),
    "route": one_of("fallback", "sort"),
    "provider": of_type(dict, "object", nullable=True),
    "plugins": of_type(list, "array"),
    "user": of_type(str, "string"),
    "session_id": text(256),
    "metadata": _metadata,
    "temperature": number(0, 2),
    "top_p": number(0, 1),
    "top_k": number(0, integer=True),
    "min_p": number(0, 1),
    "top_a": number(0, 1),
    "frequency_penalty": number(-2, 2),
    "presence_penalty": number(-2, 2),
    "repetition_penalty": number(0, 2),
    "logit_bias": _logit_bias,
    "logprobs": of_type(bool, "boolean", nullable=True),
    "top_logprobs": number(0, 20, integer=True),
    "max_tokens": number(1, integer=True),
    "max_completion_tokens": number(1, integer=True),
    "stop": _stop,
    "seed": number(float("-inf"), integer=True),
    "response_format": _response_format,
    "tools": _tools,
    "parallel_tool_calls": of_type(bool, "boolean", nullable=True),
    "reasoning": of_type(dict, "object"),
    "modalities": strings(3),
    "stream": of_type(bool, "boolean"),
    "stream_options": of_type(dict, "object", nullable=True),
    "debug": of_type(dict, "object"),
    "verbosity": one_of("low", "medium", "high", "xhigh", "max"),
    "service_tier": of_type(str, "string", nullable=True),
}
