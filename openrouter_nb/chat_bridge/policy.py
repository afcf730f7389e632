"""What the pages of a widget may request. Checked in the kernel for each request, before anything is sent."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from openrouter_nb.client.request_body import encode, parse_body
from openrouter_nb.conversation.agent.limits import Limits
from openrouter_nb.conversation.defaults import default_model
from openrouter_nb.errors import BridgeRefusedError
from openrouter_nb.parameters import number_problem
from openrouter_nb.tools import Toolset

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from openrouter_nb.tools.approval import Approve

# Fields that select neither another model nor another endpoint, and start nothing that is billed in addition to tokens.
_FREE_FIELDS = frozenset(
    (
        *("messages", "model", "models", "stream", "max_completion_tokens", "max_tokens"),
        *("temperature", "top_p", "top_k", "min_p", "top_a", "seed", "stop", "logit_bias", "verbosity"),
        *("frequency_penalty", "presence_penalty", "repetition_penalty", "logprobs", "top_logprobs"),
        *("reasoning", "reasoning_effort", "include_reasoning", "response_format", "structured_outputs"),
        *("tool_choice", "parallel_tool_calls", "metadata", "user", "session_id", "usage", "stream_options"),
    )
)
# The reason of the refusal; `field` for every other field.
_REASONS = {
    **dict.fromkeys(("provider", "route", "preset"), "model"),
    **dict.fromkeys(
        (
            "tools",
            "deferred_tools",
            "max_tool_calls",
            "stop_server_tools_when",
            "web_search_options",
            "x_search_filter",
        ),
        "tools",
    ),
    "plugins": "plugins",
}
_MAX_CONCURRENCY = 100
_MAX_BYTES = 8 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class AllowedRequest:
    """A request of a page that may be sent.

    Attributes:
        body: Its body as JSON values.
        text: Its body as JSON text: the page's, unless a limit of tokens was added.
        toolset: The functions of the kernel that the model may call; empty for none.
    """

    body: Mapping[str, Any]
    text: str
    toolset: Toolset


@dataclass(frozen=True, slots=True, kw_only=True)
class BridgePolicy:
    """What the pages of a widget may request.

    Attributes:
        models: Model ids, each exactly as in a request: a suffix such as `:online` is another model.
        max_tokens: Tokens of an answer at most; None for no limit.
        max_cost: US dollars of all requests; None for no limit.
        max_cost_per_minute: US dollars within 60 s; None for no limit.
        toolset: Functions that a request may name.
        approve: Decides about each call of a function that needs approval; None for the page.
        limits: Bounds of a request with calls of functions.
        allow_fields: Further fields of the body that a page may set.
        allow_headers: HTTP headers that a page may set, in lower case.
        concurrency: Number of requests that may run at once.
        max_bytes: Size of a body in bytes.
    """

    models: tuple[str, ...]
    max_tokens: int | None = None
    max_cost: float | None = None
    max_cost_per_minute: float | None = None
    toolset: Toolset = field(default_factory=Toolset)
    approve: Approve | None = None
    limits: Limits = field(default_factory=Limits)
    allow_fields: frozenset[str] = frozenset()
    allow_headers: frozenset[str] = frozenset()
    concurrency: int = 32
    max_bytes: int = _MAX_BYTES

    @classmethod
    def of(
        cls,
        models: str | Collection[str] | None = None,
        *,
        max_tokens: int | None = None,
        max_cost: float | None = None,
        max_cost_per_minute: float | None = None,
        tools: Any = None,
        approve: Any = None,
        limits: Limits | None = None,
        allow_fields: Collection[str] = (),
        allow_headers: Collection[str] = (),
        concurrency: int = 32,
        max_bytes: int = _MAX_BYTES,
    ) -> BridgePolicy:
        """Validate the keywords of `bridge()`.

        Raises:
            TypeError: a keyword has the wrong type; the message names the accepted ones.
            ValueError: a number is not within its bounds.
        """
        toolset = Toolset.of(tools)
        if toolset.hosted or toolset.plugins:
            raise TypeError(
                "tools takes functions. For server tools and plugins: allow_fields=['tools', 'plugins']."
            )
        if missing := [name for name, tool in toolset.by_name.items() if tool.function is None]:
            raise TypeError(f"tools takes functions, and {missing[0]} has none.")
        if approve not in (None, "ask", "auto") and not callable(approve):
            raise TypeError(f"approve takes 'ask', 'auto' or a function of a call, not {approve!r}.")
        if approve == "auto":
            # As in cells: a tool that always requires approval is still decided by the page.
            toolset.by_name = {
                name: tool if tool.approval else replace(tool, approval="auto")
                for name, tool in toolset.by_name.items()
            }
        if limits is not None and not isinstance(limits, Limits):
            raise TypeError(f"limits takes Limits(rounds=…, calls=…, cost=…), not {limits!r}.")
        for name, value, low, high in (
            ("max_tokens", max_tokens, 1, None),
            ("concurrency", concurrency, 1, _MAX_CONCURRENCY),
            ("max_bytes", max_bytes, 1, None),
        ):
            if value is not None and (wrong := number_problem(name, value, low, high, whole=True)):
                raise ValueError(wrong)
        for name, usd in (("max_cost", max_cost), ("max_cost_per_minute", max_cost_per_minute)):
            if usd is not None and (wrong := number_problem(name, usd, 0)):
                raise ValueError(wrong)
        return cls(
            models=_texts("models", models if models is not None else default_model(), fewest=1),
            max_tokens=max_tokens,
            max_cost=max_cost,
            max_cost_per_minute=max_cost_per_minute,
            toolset=toolset,
            approve=approve if callable(approve) else None,
            limits=limits or Limits(),
            allow_fields=frozenset(_texts("allow_fields", allow_fields)),
            allow_headers=frozenset(name.lower() for name in _texts("allow_headers", allow_headers)),
            concurrency=concurrency,
            max_bytes=max_bytes,
        )

    def check(self, given: Mapping[str, Any]) -> AllowedRequest:
        """Check a chat message of a page.

        Args:
            given: Its fields: `body`, and optionally `tools` and `headers`.

        Raises:
            BridgeRefusedError: the policy does not allow it.
            InvalidRequestError: the service is known to reject it.
        """
        text: str = given["body"]
        # A character takes at most 4 bytes, so that a text of many megabytes is not encoded.
        if len(text) > self.max_bytes or len(text.encode("utf-8", "replace")) > self.max_bytes:
            raise BridgeRefusedError(f"The body has more than {self.max_bytes} bytes.", reason="size")
        body = parse_body(text)
        self._check_fields(body)
        self._check_models(body)
        self._check_headers(given.get("headers") or {})
        toolset = self._toolset(given.get("tools") or (), body)
        if self.max_tokens is None or self._is_bounded(body):
            return AllowedRequest(body, text, toolset)
        body = {
            name: value for name, value in body.items() if name not in ("max_completion_tokens", "max_tokens")
        }
        body["max_completion_tokens"] = self.max_tokens
        return AllowedRequest(body, encode(body).decode(), toolset)

    def _check_fields(self, body: Mapping[str, Any]) -> None:
        for name in body:
            if name not in _FREE_FIELDS and name not in self.allow_fields:
                raise BridgeRefusedError(
                    f"Pages may not set {name!r:.80}.", reason=_REASONS.get(name, "field")
                )

    def _check_models(self, body: Mapping[str, Any]) -> None:
        requested = [name for name in (body.get("model"), *(body.get("models") or ())) if name is not None]
        if not requested:
            raise BridgeRefusedError("The request names no model.", reason="model")
        for name in requested:
            if name not in self.models:
                raise BridgeRefusedError(f"Pages may not request the model {name!r:.80}.", reason="model")

    def _is_bounded(self, body: Mapping[str, Any]) -> bool:
        """Return whether a body limits the tokens of its answer.

        Raises:
            BridgeRefusedError: the limit is above `max_tokens`.
        """
        bounds = [
            body[name] for name in ("max_completion_tokens", "max_tokens") if body.get(name) is not None
        ]
        if bounds and self.max_tokens is not None and max(bounds) > self.max_tokens:
            raise BridgeRefusedError(
                f"Pages may request {self.max_tokens} tokens at most, not {max(bounds)}.", reason="max_tokens"
            )
        return bool(bounds)

    def _check_headers(self, headers: Mapping[str, str]) -> None:
        for name in headers:
            if name.lower() not in self.allow_headers:
                raise BridgeRefusedError(f"Pages may not set the header {name!r:.80}.", reason="headers")

    def _toolset(self, names: Collection[str], body: Mapping[str, Any]) -> Toolset:
        for name in names:
            if name not in self.toolset.by_name:
                raise BridgeRefusedError(f"Pages may not use the tool {name!r:.80}.", reason="tools")
        if names and body.get("tools"):
            raise BridgeRefusedError(
                "A request takes functions of the kernel or tools of its body.", reason="tools"
            )
        return Toolset({name: self.toolset.by_name[name] for name in names})


def _texts(name: str, given: Any, *, fewest: int = 0) -> tuple[str, ...]:
    texts = (given,) if isinstance(given, str) else tuple(given)
    if len(texts) < fewest or not all(isinstance(text, str) and text for text in texts):
        raise TypeError(f"{name} takes text or a list of texts, not {given!r}.")
    return texts
