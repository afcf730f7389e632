"""Read `--tools`, `--approve`, `--schema` and `--repairs` of a cell into `AgentOptions`."""

from __future__ import annotations

import builtins
import re
from typing import TYPE_CHECKING, Any

from openrouter_nb.conversation.agent.agent_options import AgentOptions
from openrouter_nb.conversation.agent.limits import Limits
from openrouter_nb.notebook.options.values import OptionError
from openrouter_nb.output import OutputSchema
from openrouter_nb.parameters import nearest
from openrouter_nb.tools import Tool, Toolset
from openrouter_nb.tools.server_tools import NAMES, server_tool

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from openrouter_nb.notebook.options.parser import Arguments

_MOST = 5
_PLAIN = {each.__name__: each for each in (str, int, float, bool)}
_LIST = re.compile(r"list\[\s*([\w.]+)\s*\]")


def agent_options(
    arguments: Arguments, namespace: Mapping[str, Any], *, cost: float | None = None
) -> AgentOptions | None:
    """Return the options of a cell that has tools or a schema, else None.

    Args:
        arguments: The options.
        namespace: The notebook's variables.
        cost: Limit of the cell's cost in US dollars; None for none.

    Raises:
        OptionError: a name is not a tool or not a type; the message suggests the nearest one.
    """
    if arguments.repairs and not arguments.schema:
        raise OptionError("--repairs requires --schema.")
    if not (arguments.tools or arguments.schema):
        if arguments.approve:
            raise OptionError("--approve requires --tools.")
        return None
    return AgentOptions(
        toolset=_toolset(arguments.tools, namespace),
        schema=_schema(arguments.schema, namespace) if arguments.schema else None,
        auto=arguments.approve == "auto",
        limits=Limits(cost=cost) if cost else Limits(),
        repairs=arguments.repairs,
    )


def _toolset(names: Sequence[str], namespace: Mapping[str, Any]) -> Toolset:
    found: list[Any] = []
    toolset = Toolset()
    for name in names:
        found.append(find_tool(name, namespace))
        try:
            toolset = Toolset.of(found)
        except TypeError as error:
            raise OptionError(f"--tools {name}: {error}") from None
    return toolset


def find_tool(name: str, namespace: Mapping[str, Any]) -> Any:
    """Return the function of this name, or the name of a tool of OpenRouter; raise `OptionError` if it is neither."""
    found = _value(name, namespace)
    if callable(found) or isinstance(found, (Tool, list, tuple, dict)) or hasattr(found, "model_dump"):
        return found
    known = found if isinstance(found, str) else name
    if any(server_tool(known)):
        return known
    functions = [key for key, value in namespace.items() if _is_offered(key, value)]
    close = nearest(name, [each for each in (*functions, *NAMES) if each != name])
    there = f" Functions here: {', '.join(functions[:_MOST])}." if functions and not close else ""
    is_there = f"is of type {type(found).__name__}, and" if found is not None else "is"
    raise OptionError(
        f"--tools: {name} {is_there} neither a function of this notebook nor a tool of OpenRouter.{close or there}"
    )


def _is_offered(name: str, value: Any) -> bool:
    is_function = callable(value) and not isinstance(value, type)
    # IPython puts these and `open` into the namespace, and removes `exit` and `quit` from the built-in names during a cell.
    is_own = not hasattr(builtins, name) and name not in ("get_ipython", "exit", "quit")
    return not name.startswith("_") and is_own and (isinstance(value, Tool) or is_function)


def _schema(name: str, namespace: Mapping[str, Any]) -> OutputSchema:
    try:
        return OutputSchema.of(_type(name, namespace))
    except TypeError as error:
        raise OptionError(f"--schema {name}: {error}") from None


def _type(name: str, namespace: Mapping[str, Any]) -> Any:
    if match := _LIST.fullmatch(name):
        return list[_type(match[1], namespace)]  # type: ignore[misc]
    found = _value(name, namespace)
    if found is None and name in _PLAIN:
        return _PLAIN[name]
    if found is None:
        types = [key for key, value in namespace.items() if isinstance(value, (type, dict)) and key[0] != "_"]
        raise OptionError(f"--schema: there is no {name} in this notebook.{nearest(name, types)}")
    return found


def _value(path: str, namespace: Mapping[str, Any]) -> Any:
    first, *attributes = path.split(".")
    value = namespace.get(first)
    for attribute in attributes:
        value = getattr(value, attribute, None)
    return value
