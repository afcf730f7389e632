"""The page of OpenRouter's documentation about a parameter.

Source: the file names of OpenRouterTeam/docs, August 2026.
"""

from __future__ import annotations

from openrouter_nb.parameters import PARAMETERS

_DOCS = "https://openrouter.ai/docs/"
_GUIDE = "api/reference/parameters"
_PAGES = {
    "guides/best-practices/prompt-caching": "cache_control prompt_cache_key prompt_cache_options",
    "guides/best-practices/reasoning-tokens": "reasoning reasoning_effort include_reasoning",
    "guides/features/message-transforms": "transforms",
    "guides/features/plugins": "plugins",
    "guides/features/plugins/web-search": "web_search_options x_search_filter",
    "guides/features/presets": "preset",
    "guides/features/server-tools": "max_tool_calls stop_server_tools_when deferred_tools",
    "guides/features/service-tiers": "service_tier",
    "guides/features/structured-outputs": "response_format structured_outputs",
    "guides/features/tool-calling": "tools tool_choice parallel_tool_calls",
    "guides/overview/multimodal/audio": "audio",
    "guides/overview/multimodal/image-generation": "image_config modalities",
    "guides/routing/model-fallbacks": "models",
    "guides/routing/provider-selection": "provider route",
    "api/reference/streaming": "stream stream_options",
    "cookbook/administration/usage-accounting": "usage",
    "cookbook/administration/user-tracking": "user session_id",
    _GUIDE: """
        temperature top_p top_k min_p top_a frequency_penalty presence_penalty repetition_penalty seed stop
        max_tokens max_completion_tokens logit_bias logprobs top_logprobs verbosity
    """,
}
_PAGE_OF = {name: page for page, names in _PAGES.items() for name in names.split()}


def reference(name: str) -> str:
    """Return the address of the page about a parameter, `""` for a setting of the client."""
    top = name.partition(".")[0]
    if top not in PARAMETERS:
        return ""
    page = _PAGE_OF.get(top, "api/reference/overview")
    return _DOCS + page + (f"#{top.replace('_', '-')}" if page == _GUIDE else "")
