"""`openrouter_metadata`: how a request was routed, sent with `x_open_router_metadata="enabled"`.

Source: OpenRouter's OpenAPI document of August 2026, schema OpenRouterMetadata.
"""

from openrouter_nb.components.views.json_view import JSONView


class EndpointInfo(JSONView):
    """An endpoint that could have answered."""

    __slots__ = ()

    model: str | None
    provider: str | None
    selected: bool | None


class EndpointsMetadata(JSONView):
    """The endpoints that could have answered, and their number."""

    __slots__ = ()

    available: list[EndpointInfo] | None
    total: int | None


class RouterAttempt(JSONView):
    """One attempt at a provider, with its HTTP status."""

    __slots__ = ()

    model: str | None
    provider: str | None
    status: int | None


class RouterParams(JSONView):
    """Parameters of the router."""

    __slots__ = ()

    quality_floor: float | None
    throughput_floor: float | None
    version_group: str | None


class PipelineStage(JSONView):
    """A stage that changed or checked the request or the answer, such as a plugin."""

    __slots__ = ()

    type: str | None
    name: str | None
    summary: str | None
    cost_usd: float | None
    data: JSONView | None
    guardrail_id: str | None
    guardrail_scope: str | None


class OpenRouterMetadata(JSONView):
    """How the request was routed."""

    __slots__ = ()

    requested: str | None
    strategy: str | None
    region: str | None
    summary: str | None
    attempt: int | None
    is_byok: bool | None
    endpoints: EndpointsMetadata | None
    attempts: list[RouterAttempt] | None
    params: RouterParams | None
    pipeline: list[PipelineStage] | None
    generation_time: int | None
