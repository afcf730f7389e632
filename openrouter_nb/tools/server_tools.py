"""Tools that OpenRouter runs itself, and plugins, by their names.

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

#: Every name that `by_name` knows in its shortest form.
NAMES = frozenset((*SERVER_TOOLS, *(name.partition(":")[2] for name in SERVER_TOOLS), *PLUGINS))


def server_tool(name: str) -> tuple[dict[str, str] | None, dict[str, str] | None]:
    """Return the server tool or else the plugin of a name, as a request carries it; None for both if there is none.

    Args:
        name: `openrouter:web_search` or `web_search`; `file-parser` or `plugin:fusion`. Any other name after
            `openrouter:` or `plugin:` is taken as it is: the service may know more than this list.
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
