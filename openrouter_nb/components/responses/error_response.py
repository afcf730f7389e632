"""The body of an error response.

Source: OpenRouter's OpenAPI document of August 2026, schemas *ResponseErrorData; `param` and `type`: SDK of early 2026.
"""

from __future__ import annotations

import json
from typing import Any, Self

from openrouter_nb.components.lazy_view import LazyView, as_object


class ErrorDetail(LazyView):
    """What went wrong."""

    __slots__ = ()

    @property
    def code(self) -> int | None:
        """HTTP status."""
        return self._data.get("code")

    @property
    def message(self) -> str | None:
        """The reason."""
        return self._data.get("message")

    @property
    def metadata(self) -> dict[str, Any] | None:
        """Details, such as the provider's error."""
        return self._data.get("metadata")

    @property
    def param(self) -> str | None:
        """The parameter; not sent any more."""
        return self._data.get("param")

    @property
    def type(self) -> str | None:
        """The kind of error; not sent any more."""
        return self._data.get("type")


class ErrorResponse(LazyView):
    """The body of an error response."""

    __slots__ = ()

    @classmethod
    def of(cls, body: str) -> Self | None:
        """Return the view of a body, None if it does not have the documented format."""
        try:
            data = json.loads(body)
        except (ValueError, RecursionError):
            return None
        return cls(data) if isinstance(data, dict) and isinstance(data.get("error"), dict) else None

    @property
    def error(self) -> ErrorDetail:
        """What went wrong."""
        return ErrorDetail(as_object(self._data.get("error")))

    @property
    def user_id(self) -> str | None:
        """Id of the account."""
        return self._data.get("user_id")

    @property
    def openrouter_metadata(self) -> dict[str, Any] | None:
        """Routing metadata, if it was requested."""
        return self._data.get("openrouter_metadata")
