"""A tool: its definition for the model, and validation of its arguments."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from openrouter_nb._traceback import ShortTraceback
from openrouter_nb.json_extraction import JSONTextError, is_deeper, parse_json
from openrouter_nb.output.validation_errors import ValidationProblem, WrongValueError

if TYPE_CHECKING:
    from collections.abc import Callable

Approval = Literal["ask", "auto"]

#: Default time limit of a call, in seconds.
TIMEOUT_S = 120.0
MAX_ARGUMENTS_BYTES = 1024 * 1024
MAX_ARGUMENTS_DEPTH = 32
# OpenAI answers 400 for a longer one (getsentry/sentry-mcp, issue 106; gptme, issue 1697, March 2026).
_MAX_DESCRIPTION = 1_024
_CONTINUED = " … (continued in the description of the parameters)"

_NAME = re.compile(r"[A-Za-z0-9_-]{1,64}")


class ToolDefinitionError(ShortTraceback, TypeError):
    """A function or definition that cannot be used as a tool; the message says what to change."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Tool:
    """A tool, created by `tool()`. Calling it calls the function.

    Attributes:
        name: Name for the model: up to 64 letters, digits, `_` and `-`.
        description: Description for the model.
        parameters: JSON Schema of the arguments, of type object.
        function: The function; None for a tool whose results are entered by the user.
        check: Validates parsed arguments and returns those to call with, or raises `WrongValueError`.
        strict: Whether to request strict mode; None for the provider's default.
        approval: `auto` runs calls without approval, `ask` always requires it, None: as set for the conversation.
        timeout_s: Time limit of a call in seconds, at most 86,400.
        signature: Signature as in the source, for approval prompts.
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
                f"{self.name}: timeout takes seconds, more than 0 and at most 86,400, not {self.timeout_s!r}."
            )

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Call the function directly."""
        if self.function is None:
            raise TypeError(f"The tool {self.name} has no function: its results are entered by the user.")
        return self.function(*args, **kwargs)

    def __repr__(self) -> str:
        return f"<Tool {self.signature or self.name}>"

    @property
    def definition(self) -> dict[str, Any]:
        """The tool as in a request."""
        function: dict[str, Any] = {"name": self.name}
        description, rest = _split(self.description)
        if description:
            function["description"] = description
        function["parameters"] = self.parameters
        if rest:
            texts = [rest, self.parameters.get("description")]
            function["parameters"] = {**self.parameters, "description": "\n\n".join(filter(None, texts))}
        if self.strict is not None:
            function["strict"] = self.strict
        return {"type": "function", "function": function}

    def read(self, arguments: str | None) -> dict[str, Any]:
        """Return the validated arguments of a call.

        Args:
            arguments: JSON text from the model; empty for no arguments, as sent by some providers.

        Raises:
            WrongValueError: not a JSON object, truncated, too large, or not valid for the function.
        """
        return self.check(read_object(arguments))


def _split(description: str) -> tuple[str, str]:
    """Return a description of at most 1,024 characters, and the rest."""
    if len(description) <= _MAX_DESCRIPTION:
        return description, ""
    limit = _MAX_DESCRIPTION - len(_CONTINUED)
    end = max(description.rfind(mark, limit // 2, limit) for mark in ("\n", " ")) + 1 or limit
    return description[:end].rstrip() + _CONTINUED, description[end:]


def read_object(arguments: str | None) -> dict[str, Any]:
    """Return the arguments of a call as an object.

    Raises:
        WrongValueError: not a JSON object, larger than 1 MiB, or nested more than 32 levels deep.
    """
    text = arguments or ""
    if len(text.encode("utf-8", "surrogatepass")) > MAX_ARGUMENTS_BYTES:
        raise WrongValueError([ValidationProblem("", "larger than a megabyte")])
    if not text.strip():
        return {}
    try:
        value = parse_json(text)
    except JSONTextError as error:
        raise WrongValueError.of(error) from None
    if not isinstance(value, dict):
        raise WrongValueError(
            [ValidationProblem("", "a JSON object of arguments is expected", json.dumps(value)[:80])]
        )
    if is_deeper(value, MAX_ARGUMENTS_DEPTH):
        raise WrongValueError([ValidationProblem("", f"nested more than {MAX_ARGUMENTS_DEPTH} levels deep")])
    return value
