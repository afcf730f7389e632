"""From a Python function to a tool: its signature, types and docstring, as a model needs them."""

from __future__ import annotations

import functools
import inspect
import typing
from typing import TYPE_CHECKING, Annotated, Any, overload

from openrouter_nb.output.strict_schema import NotStrictError, strict_schema
from openrouter_nb.output.type_adapter import NoSchemaError, TypeCodec, is_field, record
from openrouter_nb.tools import docstrings
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
    """Offer a function to models: `@tool`, `@tool(approve="auto")`, or `tool(function)`.

    A plain function does as well wherever tools are taken; this is for those that need more said about them.

    Args:
        function: Takes JSON-like values by name: each parameter annotated with a type that pydantic understands. It may
            be asynchronous.
        name: What the model calls it; the function's own name if left out.
        description: What the model is told; the docstring if left out.
        strict: True asks providers to keep exactly to the schema, which is rewritten as they want it; False asks for
            the opposite; None leaves it to them.
        approve: `"auto"` lets the model run it without asking; `"ask"` asks even where all else runs unasked. None asks
            unless the conversation was told otherwise.
        timeout: Seconds that a call may take.

    Raises:
        ToolDefinitionError: the function cannot be described to a model; the message says which part.

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
        raise ToolDefinitionError(f"{function.__name__} is a class. Write a function that makes one.")
    title = name or getattr(_plain(function), "__name__", "")
    if title == "<lambda>" or not title:
        raise ToolDefinitionError("A function without a name needs one: tool(function, name=...).")
    if inspect.isgeneratorfunction(_plain(function)) or inspect.isasyncgenfunction(_plain(function)):
        raise ToolDefinitionError(f"{title} yields its values one by one; a tool returns them: as a list.")
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
        raise ToolDefinitionError(f"{title}: Self is no type that a model can write.")
    for parameter_name, words in described.items():
        if parameter_name in schema.get("properties", {}):
            schema["properties"][parameter_name].setdefault("description", words)
    schema.setdefault("properties", {})
    try:
        parameters = strict_schema(schema, title) if strict else schema
    except NotStrictError as error:
        raise ToolDefinitionError(str(error)) from None
    return Tool(
        name=title,
        description=description if description is not None else text,
        parameters=parameters,
        function=function,
        check=kind.check,
        strict=strict,
        approval=approve,
        timeout_s=timeout,
        signature=f"{title}{_source_text(signature)}",
    )


def _blame_parameter(title: str, fields: dict[str, tuple[Any, Any]]) -> str:
    """Return the sentence about the first parameter whose type has no form in JSON, `""` where each alone has one."""
    for name, (type_, _) in fields.items():
        try:
            TypeCodec(type_)
        except NoSchemaError:
            return (
                f"{title}: {name} is of type {_type_text(type_)}, which no model can write. Take what JSON has, such as"
                " str, list[float] or a pydantic model, and make the rest of it in the function."
            )
    return ""


def _plain(function: Any) -> Any:
    """Return the function inside partials, for its name and docstring."""
    while isinstance(function, functools.partial):
        function = function.func
    return function


def _signature(function: Callable[..., Any], title: str) -> tuple[inspect.Signature, dict[str, Any]]:
    try:
        signature = inspect.signature(function)
    except (TypeError, ValueError):
        raise ToolDefinitionError(
            f"{title}: Python does not know its parameters; wrap it in a function."
        ) from None
    plain = _plain(function)
    holder = plain if inspect.isroutine(plain) else type(plain).__call__
    try:
        types = typing.get_type_hints(holder, include_extras=True)
    except NameError as error:
        raise ToolDefinitionError(
            f"{title}: the annotation {error.name!r} is not defined where the function is."
        ) from None
    return signature, types


def _field(parameter: inspect.Parameter, types: dict[str, Any], title: str) -> tuple[Any, Any]:
    if star := _STARRED.get(parameter.kind):
        raise ToolDefinitionError(
            f"{title}: {star}{parameter.name} has no name that a model could use; give it parameters with names."
        )
    if parameter.kind is inspect.Parameter.POSITIONAL_ONLY:
        raise ToolDefinitionError(
            f"{title}: {parameter.name} is taken by position only; models give arguments by name. Remove the /."
        )
    if is_field(parameter.default):
        raise ToolDefinitionError(
            f"{title}: {parameter.name} = Field(...) is a default that Python hands to the function as it stands. Write"
            f" {parameter.name}: Annotated[..., Field(...)]."
        )
    if parameter.name == "self" and parameter.name not in types:
        raise ToolDefinitionError(f"{title} is a method: hand over that of an object, which has its self.")
    if parameter.name not in types:
        example = "int" if isinstance(parameter.default, int) else "str"
        raise ToolDefinitionError(
            f"{title}: {parameter.name} needs a type, such as {parameter.name}: {example}."
        )
    default = ... if parameter.default is inspect.Parameter.empty else parameter.default
    return types[parameter.name], default


def _source_text(signature: inspect.Signature) -> str:
    """Return a signature as its author wrote it."""
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
    """Return a type as people write it: what is annotated on it, and where it comes from, is for machines."""
    if isinstance(annotation, str):
        return annotation
    while typing.get_origin(annotation) is Annotated:
        annotation = typing.get_args(annotation)[0]
    return inspect.formatannotation(annotation).replace("__main__.", "")
