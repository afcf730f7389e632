"""Export a request as a program for OpenRouter's TypeScript package, `@openrouter/sdk`, whose names are in camel case."""

from __future__ import annotations

import json
import re
from typing import Any

from openrouter_nb.playground.export.program import SERVER, WIDTH, ExportRequest

# Source: @openrouter/sdk 1.3.19, models/chatrequest. The package drops unknown fields, so a hook adds all others to the
# body. Objects whose keys it translates are listed below with the keys that it knows; the rest are passed as maps.
_PLAIN = frozenset(
    [
        "frequency_penalty",
        "logit_bias",
        "logprobs",
        "max_completion_tokens",
        "max_tokens",
        "metadata",
        "min_p",
        "modalities",
        "model",
        "models",
        "parallel_tool_calls",
        "presence_penalty",
        "prompt_cache_key",
        "reasoning_effort",
        "repetition_penalty",
        "seed",
        "service_tier",
        "session_id",
        "stop",
        "temperature",
        "top_a",
        "top_k",
        "top_logprobs",
        "top_p",
        "user",
    ]
)
# A line of JSON that ends with a text, and an escape in it: a line break before more text, or another one.
_TEXT = re.compile(r'^( *)((?:"(?:[^"\\\n]++|\\.)*+": )?)"((?:[^"\\\n]++|\\.)*+)"(?=,?$)', re.MULTILINE)
_ESCAPE = re.compile(r"(\\n)(?=.)|\\.")
_MESSAGE = {"role", "content", "name", "tool_calls", "tool_call_id"}
_PARTS = {"text": "text", "image_url": "image_url", "input_audio": "input_audio"}
_REASONING = {"effort", "summary"}


def write(body: dict[str, Any], server: str) -> ExportRequest:
    """Return the program."""
    typed: dict[str, str] = {}
    further: dict[str, Any] = {}
    for name, value in body.items():
        if name == "stream":
            continue
        if name == "messages":
            simple = all(map(_is_simple, value))
            typed["messages"] = _script(_camel(value) if simple else [{"role": "user", "content": ""}], 6)
            if not simple:
                further[name] = value
        elif name in _PLAIN or (name == "reasoning" and isinstance(value, dict) and set(value) <= _REASONING):
            typed[_camel_name(name)] = _script(value, 6)
        elif name == "debug" and isinstance(value, dict) and set(value) <= {"echo_upstream_body"}:
            typed["debug"] = _script(_camel(value), 6)
        else:
            further[name] = value
    typed["stream"] = "true" if body.get("stream") else "false"
    fields = "".join(f"    {name}: {text},\n" for name, text in typed.items())
    made = "  apiKey: process.env.OPENROUTER_API_KEY,\n"
    if server != SERVER:
        made += f"  serverURL: {json.dumps(server)},\n"
    hook = ""
    if further:
        made += "  httpClient,\n"
        hook = (
            f"// Fields that the package does not know, or not under these names.\nconst further = {_script(further, 0)};\n"
            "const httpClient = new HTTPClient();\n"
            'httpClient.addHook("beforeRequest", async (request) =>\n'
            "  new Request(request, { body: JSON.stringify({ ...(await request.clone().json()), ...further }) }),\n);\n\n"
        )
    end = (
        "for await (const event of answer) {\n"
        '  for (const choice of event.choices) process.stdout.write(choice.delta.content ?? "");\n}\n'
        if body.get("stream")
        else "console.log(answer.choices[0]?.message.content);\n"
    )
    names = "HTTPClient, OpenRouter" if further else "OpenRouter"
    text = (
        f'import {{ {names} }} from "@openrouter/sdk";\n\n'
        f"{hook}const openRouter = new OpenRouter({{\n{made}}});\n"
        f"const answer = await openRouter.chat.send({{\n  chatRequest: {{\n{fields}  }},\n}});\n{end}"
    )
    return ExportRequest(text, "typescript")


def _split(line: re.Match[str]) -> str:
    """Return a line of JSON with its text as a sum of lines, if it is long."""
    indent, key, text = line.groups()
    if len(line[0]) <= WIDTH or r"\n" not in text:
        return line[0]
    return (
        f'{indent}{key}"'
        + _ESCAPE.sub(lambda found: found[0] + (f'" +\n{indent}  "' if found[1] else ""), text)
        + '"'
    )


def _is_simple(message: Any) -> bool:
    if not isinstance(message, dict) or not set(message) <= _MESSAGE:
        return False
    content = message.get("content")
    if not isinstance(content, list):
        return True
    return all(
        isinstance(part, dict) and set(part) == {"type", _PARTS.get(str(part.get("type")), "")}
        for part in content
    )


def _camel(value: Any) -> Any:
    if isinstance(value, dict):
        return {_camel_name(key): _camel(item) for key, item in value.items()}
    return [_camel(item) for item in value] if isinstance(value, list) else value


def _camel_name(name: str) -> str:
    return re.sub(r"_([a-z])", lambda match: match[1].upper(), name)


def _script(value: Any, indent: int) -> str:
    """Return a JSON value as JavaScript source, indented if it is long, each line of a long text on its own line."""
    text = json.dumps(value, ensure_ascii=False, indent=2)
    if len(text) < 70 or not isinstance(value, (dict, list)):
        text = json.dumps(value, ensure_ascii=False)
    text = _TEXT.sub(_split, text)
    return text.replace("\n", "\n" + " " * max(0, indent - 2))
