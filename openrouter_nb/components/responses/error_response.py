"""The body of an error response.

Source: OpenRouter's OpenAPI document of August 2026, schemas *ResponseErrorData; `param` and `type`: SDK of early 2026.
"""

import json
from typing import Self

from openrouter_nb.components.responses.router_metadata import OpenRouterMetadata
from openrouter_nb.components.views.json_view import JSONView


class ErrorDetail(JSONView):
    """What went wrong. `code` is the HTTP status; `param` and `type` are not sent any more."""

    __slots__ = ()

    code: int | None
    message: str | None
    metadata: JSONView | None
    param: str | None
    type: str | None


class ErrorResponse(JSONView):
    """The body of an error response."""

    __slots__ = ()

    error: ErrorDetail
    user_id: str | None
    openrouter_metadata: OpenRouterMetadata | None

    @classmethod
    def of(cls, body: str) -> Self | None:
        """Return the view of a body, None if it does not have the documented format."""
        try:
            data = json.loads(body)
        except (ValueError, RecursionError):
            return None
        return cls(data) if isinstance(data, dict) and isinstance(data.get("error"), dict) else None
