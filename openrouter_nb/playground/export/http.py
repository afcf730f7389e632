"""Export a request as a program that uses httpx only."""

from __future__ import annotations

from typing import Any

from openrouter_nb.playground.export.program import ExportRequest, python


def write(body: dict[str, Any], server: str) -> ExportRequest:
    """Return the program."""
    head = (
        "import os\n\nimport httpx\n\n"
        f"body = {python(body)}\n"
        'headers = {"Authorization": f"Bearer {os.environ[\'OPENROUTER_API_KEY\']}"}\n'
        f"url = {f'{server}/chat/completions'!r}\n\n"
    )
    if not body.get("stream"):
        text = (
            f"{head}answer = httpx.post(url, json=body, headers=headers, timeout=120)\n"
            'print(answer.json()["choices"][0]["message"]["content"])\n'
        )
        return ExportRequest(text, "python")
    # Bytes: httpx's iter_lines also splits at Unicode line separators, which JSON strings may contain.
    text = (
        f"import json\n{head}"
        'with httpx.stream("POST", url, json=body, headers=headers, timeout=120) as answer:\n'
        "    answer.raise_for_status()\n"
        '    rest = b""\n'
        "    for piece in answer.iter_bytes():\n"
        '        *lines, rest = (rest + piece).split(b"\\n")\n'
        "        for line in lines:\n"
        '            if line.startswith(b"data: {"):\n'
        '                for choice in json.loads(line[6:]).get("choices", []):\n'
        '                    print(choice["delta"].get("content") or "", end="", flush=True)\n'
    )
    return ExportRequest(text, "python")
