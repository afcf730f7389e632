"""As a command for a shell, with curl."""

from __future__ import annotations

import json
from typing import Any

from openrouter_nb.playground.export.program import ExportRequest


def write(body: dict[str, Any], server: str) -> ExportRequest:
    """Return the command."""
    data = json.dumps(body, ensure_ascii=False, indent=2)
    # A line of JSON text is never bare, so no text of the conversation can end the document.
    text = (
        f"curl --no-buffer --silent --show-error '{server}/chat/completions' \\\n"
        '  --header "Authorization: Bearer $OPENROUTER_API_KEY" \\\n'
        "  --header 'Content-Type: application/json' \\\n"
        "  --data-binary @- <<'BODY'\n"
        f"{data}\n"
        "BODY\n"
    )
    return ExportRequest(text, "bash")
