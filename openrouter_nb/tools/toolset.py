"""The tools of a conversation: request fields, and lookup by name."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from openrouter_nb.output.json_schema import JsonSchemaValidator
from openrouter_nb.output.strict_schema import NotStrictError
from openrouter_nb.output.type_adapter import NoSchemaError
from openrouter_nb.tools.function_schema import tool
from openrouter_nb.tools.provider_tool import provider_parameters
from openrouter_nb.tools.server_tools import NAMES, server_tool
from openrouter_nb.tools.tool import Tool, ToolDefinitionError

#: Accepted as a tool: a function, a `Tool`, the name of a server tool or plugin, a definition as in a request, or an
#: iterable of these.
ToolLike = Tool | Callable[..., Any] | str | Mapping[str, Any] | Iterable[Any]


@dataclass(slots=True)
class Toolset:
    """Tools of a conversation.

    Attributes:
        by_name: Local tools, by name.
        hosted: Server tools, as in a request.
        plugins: Plugins, as in a request.
    """

    by_name: dict[str, Tool] = field(default_factory=dict)
    hosted: list[dict[str, Any]] = field(default_factory=list)
    plugins: list[dict[str, Any]] = field(default_factory=list)

    @classmethod
    def of(cls, tools: Iterable[Any] | ToolLike | None) -> Toolset:
        """Return a toolset of the given tools.

        Raises:
            ToolDefinitionError: an item is not a tool, or two have the same name; the message says which.
        """
        toolset = cls()
        for item in _flat(tools):
            toolset.add(item)
        return toolset

    def __bool__(self) -> bool:
        return bool(self.by_name or self.hosted or self.plugins)

    @property
    def definitions(self) -> list[dict[str, Any]]:
        """All tools, as in a request."""
        return [*(item.definition for item in self.by_name.values()), *self.hosted]

    def request(self) -> dict[str, Any]:
        """Return the request fields `tools` and `plugins`, without empty ones."""
        fields = {"tools": self.definitions, "plugins": self.plugins}
        return {name: value for name, value in fields.items() if value}

    def add(self, item: Any) -> None:
        """Add one tool.

        Raises:
            ToolDefinitionError: it is not a tool, or the name is already in use.
        """
        if callable(dump := getattr(item, "model_dump", None)) and not isinstance(item, type):
            item = dump(mode="json", by_alias=True)
        if isinstance(item, str):
            self._add_named(item)
        elif isinstance(item, Mapping):
            self._add_definition(item)
        else:
            self._add_tool(item if isinstance(item, Tool) else tool(item))

    def nearest(self, name: str) -> str:
        """Return a message for an unknown name: the known names, and a suggestion."""
        if not self.by_name:
            return "There are no tools."
        close = difflib.get_close_matches(name, self.by_name, 1)
        hint = f" Did you mean {close[0]}?" if close else ""
        return f"The tools are: {', '.join(sorted(self.by_name))}.{hint}"

    def _add_tool(self, item: Tool) -> None:
        if item.name in self.by_name:
            if self.by_name[item.name] is item or self.by_name[item.name].function is item.function:
                return
            raise ToolDefinitionError(
                f"Two tools are called {item.name}. Use tool(function, name=...), or tools_from_mcp(..., prefix=...)."
            )
        self.by_name[item.name] = item

    def _add_named(self, name: str) -> None:
        hosted, plugin = server_tool(name)
        if hosted is not None:
            if hosted not in self.hosted:
                self.hosted.append(hosted)
        elif plugin is not None:
            if plugin not in self.plugins:
                self.plugins.append(plugin)
        else:
            close = difflib.get_close_matches(name, NAMES, 1)
            hint = f" Did you mean {close[0]!r}?" if close else ""
            raise ToolDefinitionError(
                f"{name!r} is not a server tool or plugin of OpenRouter.{hint} Pass a function itself, not its name."
            )

    def _add_definition(self, given: Mapping[str, Any]) -> None:
        kind = given.get("type")
        if kind == "function":
            self._add_tool(_from_definition(given))
        elif isinstance(kind, str):
            self.hosted.append(dict(given))
        elif isinstance(given.get("id"), str):
            self.plugins.append(dict(given))
        else:
            raise ToolDefinitionError("A tool given as a dict needs a 'type', and a plugin an 'id'.")


def _from_definition(given: Mapping[str, Any]) -> Tool:
    """Return a tool for a definition without a function: its results are entered by the user."""
    function = given.get("function")
    if not isinstance(function, Mapping) or not isinstance(function.get("name"), str):
        raise ToolDefinitionError("A tool of type 'function' needs a 'function' with a 'name'.")
    name, strict = function["name"], function.get("strict")
    given = function.get("parameters") or {}
    if not isinstance(given, Mapping):
        raise ToolDefinitionError(
            f"{name}: 'parameters' is a JSON Schema, not {given!r:.100}. Of a class, it is model_json_schema()."
        )
    schema = {"type": "object", "properties": {}, **given}
    try:
        validate = JsonSchemaValidator(schema).check
        try:
            parameters, check = provider_parameters(schema, validate, name=name, strict=strict)
        except NotStrictError:  # only some providers enforce strict mode, so the request is not refused here
            parameters, check = provider_parameters(schema, validate, name=name, strict=None)
    except NoSchemaError as error:
        raise ToolDefinitionError(f"{name}: {error}") from None
    return Tool(
        name=name,
        description=str(function.get("description") or ""),
        parameters=parameters,
        function=None,
        check=check,
        strict=strict,
        signature=f"{name}({', '.join(schema['properties'])})",
    )


def _flat(tools: Any) -> Iterable[Any]:
    if tools is None:
        return
    if isinstance(tools, (Tool, str, Mapping)) or callable(tools) or hasattr(tools, "model_dump"):
        yield tools
        return
    if not isinstance(tools, Iterable):
        raise ToolDefinitionError(f"A tool is a function or a name, not {type(tools).__name__}.")
    for item in tools:
        yield from _flat(item)
