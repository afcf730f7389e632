"""What the options of a cell let the model do: call functions of the notebook, and answer with an object of a type."""

from __future__ import annotations

import builtins
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from openrouter_nb.conversation.agent.limits import Limits
from openrouter_nb.notebook.options.values import OptionError
from openrouter_nb.output import OutputSchema
from openrouter_nb.parameters import nearest
from openrouter_nb.tools import Tool, Toolset
from openrouter_nb.tools.server_tools import NAMES, server_tool
from openrouter_nb.tools.terminal_approval import TerminalApprover

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from openrouter_nb.notebook.options.parser import Arguments

_MOST = 5
_PLAIN = {each.__name__: each for each in (str, int, float, bool)}
_LIST = re.compile(r"list\[\s*([\w.]+)\s*\]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Acting:
    """What a cell lets the model do.

    Attributes:
        toolbox: The tools.
        schema: The type of the answer, or None.
        auto: Whether tools run unasked, those apart that insist on being asked.
        limits: How far the model may go.
        repairs: How often it may put right an answer that is not of the type.
        prompt: Asks about calls where there are no buttons, one after the other.
    """

    toolbox: Toolset
    schema: OutputSchema | None
    auto: bool
    limits: Limits
    repairs: int = 0
    prompt: TerminalApprover = field(default_factory=TerminalApprover)

    def fields(self, request: Mapping[str, Any]) -> dict[str, Any]:
        """Return what a request gets from this, for `--dry-run`: the loop puts it in by itself."""
        fields: dict[str, Any] = {
            name: [*(request.get(name) or ()), *more] for name, more in self.toolbox.request().items()
        }
        if self.schema is not None:
            fields["response_format"] = self.schema.response_format
        return fields


def read(arguments: Arguments, namespace: Mapping[str, Any], *, cost: float | None = None) -> Acting | None:
    """Return what `--tools`, `--approve`, `--schema` and `--repairs` say, None where they say nothing.

    Args:
        arguments: The options.
        namespace: The notebook's variables.
        cost: US dollars that the cell may cost, or None.

    Raises:
        OptionError: a name that is no tool or no type, with the nearest one.
    """
    if arguments.repairs and not arguments.schema:
        raise OptionError("--repairs is about the type of --schema, and there is none.")
    if not (arguments.tools or arguments.schema):
        if arguments.approve:
            raise OptionError("--approve is about the functions of --tools, and there are none.")
        return None
    return Acting(
        toolbox=_toolbox(arguments.tools, namespace),
        schema=_schema(arguments.schema, namespace) if arguments.schema else None,
        auto=arguments.approve == "auto",
        limits=Limits(cost=cost) if cost else Limits(),
        repairs=arguments.repairs,
    )


def _toolbox(names: Sequence[str], namespace: Mapping[str, Any]) -> Toolset:
    found: list[Any] = []
    box = Toolset()
    for name in names:
        found.append(_tool(name, namespace))
        try:
            box = Toolset.of(found)
        except TypeError as error:
            raise OptionError(f"--tools {name}: {error}") from None
    return box


def _tool(name: str, namespace: Mapping[str, Any]) -> Any:
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
    # IPython has put its own `open`, `exit` and the like there.
    is_own = not hasattr(builtins, name) and name != "get_ipython"
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
