"""A function that a model may ask for: what the model is told of it, and how its arguments are checked."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from openrouter_nb._traceback import ShortTraceback
from openrouter_nb.output.type_adapter import parse_json
from openrouter_nb.output.validation_errors import ValidationProblem, WrongValueError

if TYPE_CHECKING:
    from collections.abc import Callable

Approval = Literal["ask", "auto"]

#: Seconds that a call may take unless its tool says otherwise.
TIMEOUT_S = 120.0
MAX_ARGUMENTS_BYTES = 1024 * 1024
MAX_ARGUMENTS_DEPTH = 32

_NAME = re.compile(r"[A-Za-z0-9_-]{1,64}")


class ToolDefinitionError(ShortTraceback, TypeError):
    """A function that cannot be offered to a model as it is; the message says what to change."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Tool:
    """A tool, as `tool()` makes it of a function. Calling it calls the function.

    Attributes:
        name: What the model calls it: up to 64 letters, digits, `_` and `-`.
        description: What it does, for the model.
        parameters: JSON Schema of its arguments, an object.
        function: What runs; None for a tool whose results are entered by hand.
        check: Takes the parsed arguments and returns those to call with, or raises `WrongValueError`.
        strict: Whether providers are asked to keep to the schema exactly; None leaves it to them.
        approval: `auto` runs it unasked, `ask` never does, None asks unless the caller of the loop says otherwise.
        timeout_s: Seconds that a call may take.
        signature: The function as its author wrote it, for the person who is asked.
    """

    name: str
    description: str
    parameters: dict[str, Any]
    function: Callable[..., Any] | None
    check: Callable[[dict[str, Any]], dict[str, Any]]
    strict: bool | None = None
    approval: Approval | None = None
    timeout_s: float = TIMEOUT_S
    signature: str = ""

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name):
            raise ToolDefinitionError(
                f"A tool cannot be called {self.name!r}: up to 64 letters, digits, _ and - are allowed. Use tool(name=...)."
            )
        if self.approval not in (None, "ask", "auto"):
            raise ToolDefinitionError(f"{self.name}: approve takes 'ask' or 'auto', not {self.approval!r}.")
        if isinstance(self.timeout_s, bool) or not 0 < self.timeout_s <= 86_400:
            raise ToolDefinitionError(
                f"{self.name}: timeout takes seconds, more than 0 and at most a day, not {self.timeout_s!r}."
            )

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Call the function, as if it were not a tool."""
        if self.function is None:
            raise TypeError(f"The tool {self.name} has no function: its results are entered by hand.")
        return self.function(*args, **kwargs)

    def __repr__(self) -> str:
        return f"<Tool {self.signature or self.name}>"

    @property
    def definition(self) -> dict[str, Any]:
        """The tool as a request carries it."""
        function: dict[str, Any] = {"name": self.name}
        if self.description:
            function["description"] = self.description
        function["parameters"] = self.parameters
        if self.strict is not None:
            function["strict"] = self.strict
        return {"type": "function", "function": function}

    def read(self, arguments: str | None) -> dict[str, Any]:
        """Return the checked arguments of a call.

        Args:
            arguments: JSON text, as the model wrote it; empty for none, as some providers send it.

        Raises:
            WrongValueError: they are no JSON object, cut off, too large, or not what the function takes.
        """
        return self.check(read_object(arguments))


def read_object(arguments: str | None) -> dict[str, Any]:
    """Return the arguments of a call as an object.

    Raises:
        WrongValueError: it is anything else than one JSON object of bearable size.
    """
    text = arguments or ""
    if len(text.encode("utf-8", "surrogatepass")) > MAX_ARGUMENTS_BYTES:
        raise WrongValueError([ValidationProblem("", "larger than a megabyte")])
    if not text.strip():
        return {}
    value = parse_json(text)
    if not isinstance(value, dict):
        raise WrongValueError(
            [ValidationProblem("", "a JSON object of arguments is expected", json.dumps(value)[:80])]
        )
    if _is_deeper(value, MAX_ARGUMENTS_DEPTH):
        raise WrongValueError([ValidationProblem("", f"nested more than {MAX_ARGUMENTS_DEPTH} levels deep")])
    return value


def _is_deeper(value: Any, levels: int) -> bool:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else None
    if inner is None:
        return False
    return levels == 0 or any(_is_deeper(item, levels - 1) for item in inner)
