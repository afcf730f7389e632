"""Convert a Python function to a tool: JSON Schema and descriptions from signature, types and docstring."""

from __future__ import annotations

import functools
import inspect
import typing
from typing import TYPE_CHECKING, Annotated, Any, overload

from openrouter_nb.output.strict_schema import NotStrictError
from openrouter_nb.output.type_adapter import NoSchemaError, TypeCodec, is_field, record
from openrouter_nb.tools import docstrings
from openrouter_nb.tools.names import provider_names
from openrouter_nb.tools.provider_tool import provider_parameters
from openrouter_nb.tools.tool import TIMEOUT_S, Approval, Tool, ToolDefinitionError

if TYPE_CHECKING:
    from collections.abc import Callable

_STARRED: dict[Any, str] = {inspect.Parameter.VAR_POSITIONAL: "*", inspect.Parameter.VAR_KEYWORD: "**"}


@overload
def tool(
    function: Callable[..., Any],
    /,
    *,
    name: str | None = None,
    description: str | None = None,
    strict: bool | None = None,
    approve: Approval | None = None,
    timeout: float = TIMEOUT_S,
) -> Tool: ...


@overload
def tool(
    function: None = None,
    /,
    *,
    name: str | None = None,
    description: str | None = None,
    strict: bool | None = None,
    approve: Approval | None = None,
    timeout: float = TIMEOUT_S,
) -> Callable[[Callable[..., Any]], Tool]: ...


def tool(
    function: Callable[..., Any] | None = None,
    /,
    *,
    name: str | None = None,
    description: str | None = None,
    strict: bool | None = None,
    approve: Approval | None = None,
    timeout: float = TIMEOUT_S,
) -> Tool | Callable[[Callable[..., Any]], Tool]:
    """Create a tool from a function: `@tool`, `@tool(approve="auto")`, or `tool(function)`.

    Plain functions are accepted wherever tools are; use this to set options.

    Args:
        function: Synchronous or asynchronous. Each parameter needs a name and an annotation that pydantic supports.
        name: Name for the model. Default: the name of the function.
        description: Description for the model. Default: from the docstring.
        strict: True requests strict mode, which converts the schema; False disables it; None uses the provider's default.
        approve: `"auto"` runs calls without approval; `"ask"` always requires approval. None: as set for the
            conversation.
        timeout: Time limit of a call in seconds, at most 86,400.

    Raises:
        ToolDefinitionError: the function cannot be converted; the message says why.

    Example:
        >>> @tool(approve="auto")
        ... def population(city: str) -> int:
        ...     "Number of inhabitants of a city."
        ...     return {"Lyon": 522_250}[city]
        >>> population.parameters["required"]
        ['city']
    """
    options: dict[str, Any] = {
        "name": name,
        "description": description,
        "strict": strict,
        "approve": approve,
        "timeout": timeout,
    }
    if function is None:
        return functools.partial(_make, **options)
    return _make(function, **options)


def _make(
    function: Callable[..., Any],
    *,
    name: str | None,
    description: str | None,
    strict: bool | None,
    approve: Approval | None,
    timeout: float,
) -> Tool:
    if not callable(function):
        raise ToolDefinitionError(f"A tool is a function, not {type(function).__name__}.")
    if inspect.isclass(function):
        raise ToolDefinitionError(
            f"{function.__name__} is a class. Write a function that creates an instance."
        )
    title = name or getattr(_plain(function), "__name__", "")
    if title == "<lambda>" or not title:
        raise ToolDefinitionError("A function without a name requires one: tool(function, name=...).")
    if inspect.isgeneratorfunction(_plain(function)) or inspect.isasyncgenfunction(_plain(function)):
        raise ToolDefinitionError(f"{title} is a generator; return a list instead.")
    signature, types = _signature(function, title)
    text, described = docstrings.read(_plain(function))
    fields: dict[str, tuple[Any, Any]] = {}
    for parameter in signature.parameters.values():
        fields[parameter.name] = _field(parameter, types, title)
    try:
        kind = record(title, fields)
    except NoSchemaError as error:
        raise ToolDefinitionError(_blame_parameter(title, fields) or f"{title}: {error}") from None
    schema = kind.schema
    if "$ref" in schema:
        raise ToolDefinitionError(f"{title}: Self is not supported as a type.")
    for parameter_name, parameter_description in described.items():
        if parameter_name in schema.get("properties", {}):
            schema["properties"][parameter_name].setdefault("description", parameter_description)
    schema.setdefault("properties", {})
    try:
        parameters, check = provider_parameters(schema, kind.check, name=title, strict=strict)
    except NotStrictError as error:
        raise ToolDefinitionError(str(error)) from None
    except NoSchemaError as error:
        raise ToolDefinitionError(f"{title}: {error}.") from None
    return Tool(
        name=name or provider_names([title])[title],
        description=description if description is not None else text,
        parameters=parameters,
        function=function,
        check=check,
        strict=strict,
        approval=approve,
        timeout_s=timeout,
        signature=f"{title}{_source_text(signature)}",
    )


def _blame_parameter(title: str, fields: dict[str, tuple[Any, Any]]) -> str:
    """Return a message about the first parameter whose type has no JSON Schema; `""` if there is none."""
    for name, (type_, _) in fields.items():
        try:
            TypeCodec(type_)
        except NoSchemaError:
            return (
                f"{title}: {name} is of type {_type_text(type_)}, which JSON cannot represent. Use a type such as"
                " str, list[float] or a pydantic model, and convert it in the function."
            )
    return ""


def _plain(function: Any) -> Any:
    """Return the function wrapped by `functools.partial`."""
    while isinstance(function, functools.partial):
        function = function.func
    return function


def _signature(function: Callable[..., Any], title: str) -> tuple[inspect.Signature, dict[str, Any]]:
    try:
        signature = inspect.signature(function)
    except (TypeError, ValueError):
        raise ToolDefinitionError(
            f"{title}: its parameters cannot be inspected; wrap it in a function."
        ) from None
    plain = _plain(function)
    annotated = plain if inspect.isroutine(plain) else type(plain).__call__
    try:
        types = typing.get_type_hints(annotated, include_extras=True)
    except NameError as error:
        raise ToolDefinitionError(
            f"{title}: the annotation {error.name!r} is not defined in the function's module."
        ) from None
    return signature, types


def _field(parameter: inspect.Parameter, types: dict[str, Any], title: str) -> tuple[Any, Any]:
    if star := _STARRED.get(parameter.kind):
        raise ToolDefinitionError(f"{title}: {star}{parameter.name} is not supported; use named parameters.")
    if parameter.kind is inspect.Parameter.POSITIONAL_ONLY:
        raise ToolDefinitionError(
            f"{title}: {parameter.name} is positional-only; models pass arguments by name. Remove the /."
        )
    if is_field(parameter.default):
        raise ToolDefinitionError(
            f"{title}: {parameter.name} = Field(...) would be passed to the function as the default value. Write"
            f" {parameter.name}: Annotated[..., Field(...)]."
        )
    if parameter.name == "self" and parameter.name not in types:
        raise ToolDefinitionError(f"{title} is an unbound method: pass the method of an instance.")
    if parameter.name not in types:
        example = "int" if isinstance(parameter.default, int) else "str"
        raise ToolDefinitionError(
            f"{title}: {parameter.name} needs a type, such as {parameter.name}: {example}."
        )
    default = ... if parameter.default is inspect.Parameter.empty else parameter.default
    return types[parameter.name], default


def _source_text(signature: inspect.Signature) -> str:
    """Return a signature as in the source."""
    parts = []
    for parameter in signature.parameters.values():
        text = f"{parameter.name}: {_type_text(parameter.annotation)}"
        if parameter.default is not inspect.Parameter.empty:
            text += f" = {parameter.default!r}"
        parts.append(text)
    returned = signature.return_annotation
    arrow = "" if returned is inspect.Signature.empty else f" -> {_type_text(returned)}"
    return f"({', '.join(parts)}){arrow}"


def _type_text(annotation: Any) -> str:
    """Return a type as in the source, without `Annotated` metadata."""
    if isinstance(annotation, str):
        return annotation
    while typing.get_origin(annotation) is Annotated:
        annotation = typing.get_args(annotation)[0]
    return inspect.formatannotation(annotation).replace("__main__.", "")
