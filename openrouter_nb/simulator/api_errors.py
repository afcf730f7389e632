"""Error responses in OpenRouter's JSON format.

Source: OpenRouter docs, api_reference/errors-and-debugging, August 2026.
"""

from typing import Any

# Real error bodies contain the account id. The simulator sends one too, to test that clients hide it.
USER_ID = "user_simulator00000000000000"


class ApiError(Exception):
    """A rejected request, raised before a model runs.

    Args:
        status: HTTP status, also sent as `error.code`.
        message: `error.message`.
        error_type: `error.metadata.error_type`; None omits it.
        metadata: Additional keys of `error.metadata`.
    """

    def __init__(
        self, status: int, message: str, error_type: str | None = None, metadata: dict[str, Any] | None = None
    ) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.metadata = {**({"error_type": error_type} if error_type else {}), **(metadata or {})}

    def body(self) -> dict[str, Any]:
        """Return the JSON body of the response."""
        return error_body(self.status, self.message, self.metadata)


def invalid(field: str, what: str) -> ApiError:
    """Return the 400 error for an invalid request field."""
    return ApiError(400, f"{field}: {what}", "invalid_request")


def error_body(code: Any, message: str, metadata: dict[str, Any] | None = None) -> dict[str, Any]:
    """Return `{"error": …, "user_id": …}`; empty metadata is omitted, as by the service."""
    error: dict[str, Any] = {"code": code, "message": message}
    if metadata:
        error["metadata"] = metadata
    return {"error": error, "user_id": USER_ID}
