"""Export a request as a shell command with curl."""

from __future__ import annotations

import json
from typing import Any

from openrouter_nb.playground.export.program import ExportRequest


def write(body: dict[str, Any], server: str) -> ExportRequest:
    """Return the shell command."""
    data = json.dumps(body, ensure_ascii=False, indent=2)
    # No line of JSON consists of a bare word, so message text cannot terminate the here-document.
    text = (
        f"curl --no-buffer --silent --show-error '{server}/chat/completions' \\\n"
        '  --header "Authorization: Bearer $OPENROUTER_API_KEY" \\\n'
        "  --header 'Content-Type: application/json' \\\n"
        "  --data-binary @- <<'BODY'\n"
        f"{data}\n"
        "BODY\n"
    )
    return ExportRequest(text, "bash")
