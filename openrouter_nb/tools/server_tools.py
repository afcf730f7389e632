"""Server tools and plugins of OpenRouter, by name.

Source: OpenRouter's OpenAPI document of August 2026, schemas ChatFunctionTool and Plugin, and its guide
guides/features/server-tools.
"""

from __future__ import annotations

SERVER_TOOLS = frozenset(
    f"openrouter:{name}"
    for name in (
        "advisor",
        "bash",
        "datetime",
        "experimental__search_models",
        "files",
        "fusion",
        "image_generation",
        "subagent",
        "web_fetch",
        "web_search",
    )
)
PLUGINS = frozenset(
    (
        "auto-beta-router",
        "auto-router",
        "context-compression",
        "file-parser",
        "fusion",
        "moderation",
        "pareto-router",
        "response-healing",
        "web",
        "web-fetch",
    )
)
_PLUGIN = "plugin:"

#: All names that `server_tool` accepts without a prefix, and the full names of server tools.
NAMES = frozenset((*SERVER_TOOLS, *(name.partition(":")[2] for name in SERVER_TOOLS), *PLUGINS))


def server_tool(name: str) -> tuple[dict[str, str] | None, dict[str, str] | None]:
    """Return (server tool, plugin) for a name, as in a request; exactly one is set, or none if the name is unknown.

    Args:
        name: `openrouter:web_search` or `web_search`; `file-parser` or `plugin:fusion`. Names with a prefix are not
            checked: the service may support more than this list.
    """
    if name.startswith("openrouter:"):
        return {"type": name}, None
    if name.startswith(_PLUGIN):
        return None, {"id": name.removeprefix(_PLUGIN)}
    if f"openrouter:{name}" in SERVER_TOOLS:
        return {"type": f"openrouter:{name}"}, None
    if name in PLUGINS:
        return None, {"id": name}
    return None, None
