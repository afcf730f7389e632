"""Export a request as a program that sends the same body. Programs read the key from OPENROUTER_API_KEY."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from openrouter_nb.playground.export import (
    chat_cell as cell,
)
from openrouter_nb.playground.export import (
    curl,
    http,
    openai_sdk,
    python_sdk,
    typescript_sdk,
)
from openrouter_nb.playground.export import (
    openrouter_nb_client as openrouter_nb_client,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from openrouter_nb.playground.export.program import ExportRequest

_WRITERS: dict[str, Callable[[dict[str, Any], str], ExportRequest]] = {
    "chat": cell.write,
    "openrouter_nb": openrouter_nb_client.write,
    "openrouter": python_sdk.write,
    "openai": openai_sdk.write,
    "httpx": http.write,
    "typescript": typescript_sdk.write,
    "curl": curl.write,
}


def code(format_: str, body: dict[str, Any], server: str) -> ExportRequest:
    """Return a request as a program.

    Args:
        format_: A key of `protocol.CODE_FORMATS`.
        body: Request body.
        server: Base URL of the service, with `/api/v1`.
    """
    return _WRITERS[format_](body, server)
