"""Request fields that OpenRouter's Python package drops silently, because its models do not have them.

Source: package openrouter 1.3.84, `Chat.send` and the models of its arguments. A test sends each field.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping


def _fields(names: str) -> frozenset[str]:
    return frozenset(names.split())


_REQUEST = _fields(
    """
    messages cache_control debug deferred_tools frequency_penalty image_config logit_bias logprobs
    max_completion_tokens max_tokens metadata min_p modalities model models parallel_tool_calls
    plugins prediction presence_penalty prompt_cache_key prompt_cache_options provider reasoning
    reasoning_effort repetition_penalty response_format seed service_tier session_id stop
    stop_server_tools_when stream stream_options temperature tool_choice tools top_a top_k
    top_logprobs top_p trace user
    """
)
_REASONING = _fields("effort summary")
_INSTRUCTIONS = _fields("role content name")
_MESSAGES = {
    "system": _INSTRUCTIONS,
    "developer": _INSTRUCTIONS,
    "user": _INSTRUCTIONS,
    "assistant": _INSTRUCTIONS | _fields("audio images model reasoning reasoning_details refusal tool_calls"),
    "tool": _fields("role content tool_call_id"),
}
_PARTS = {
    "text": _fields("type text cache_control prompt_cache_breakpoint"),
    "image_url": _fields("type image_url"),
    "file": _fields("type file"),
    "input_audio": _fields("type input_audio"),
    "video_url": _fields("type video_url"),
}
_CALLS = {"function": _fields("id type function")}
_PICTURES = {"image_url": _fields("image_url")}
_ROUTER = _fields("id enabled allowed_models cost_quality_tradeoff cost_tier excluded_models")
_PLUGINS = {
    "alignment": _fields("id instruct max_retries mode rules threshold"),
    "armor": _fields(
        "id enabled classifier_context evaluate_native_tools mode on_error output_mode"
        " use_cc_style_default_rules"
    ),
    "auto-beta-router": _ROUTER,
    "auto-router": _ROUTER | _fields("pin_model"),
    "context-compression": _fields("id enabled engine"),
    "file-parser": _fields("id enabled pdf"),
    "fusion": _fields("id enabled analysis_models max_tool_calls model preset tools"),
    "jev-router": _fields("id allowed_models cost_tier excluded_models models"),
    "moderation": _fields("id"),
    "pareto-router": _fields("id enabled max_price min_coding_score price_source"),
    "response-healing": _fields("id enabled"),
    "switchyard-router": _fields("id algorithm judge_model"),
    "web-fetch": _fields("id allowed_domains blocked_domains max_content_tokens max_uses"),
    "web": _fields(
        "id enabled engine exclude_domains include_domains max_results max_uses mode search_prompt"
        " user_location x_search"
    ),
}


def losses(body: Mapping[str, Any]) -> list[str]:
    """Return the fields of a request that the package does not send, without duplicates.

    `reasoning.exclude` is a field of an object, `messages[tool].name` a field of messages with this role. Content parts and
    images are named by type in the same way, plugins by id; `plugins[new-one]` is a whole plugin.
    """
    return list(dict.fromkeys(_of_request(body)))


def _of_request(body: Mapping[str, Any]) -> Iterator[str]:
    yield from (name for name in body if name not in _REQUEST)
    if isinstance(reasoning := body.get("reasoning"), dict):
        yield from (f"reasoning.{key}" for key in reasoning if key not in _REASONING)
    for message in body.get("messages") or ():
        here = f"messages[{message.get('role')}]"
        yield from _of_each([message], "messages", _MESSAGES, "role")
        content = message.get("content")
        yield from _of_each(content if isinstance(content, list) else (), f"{here}.content", _PARTS, "type")
        yield from _of_each(message.get("tool_calls") or (), f"{here}.tool_calls", _CALLS, "type")
        yield from _of_each(message.get("images") or (), f"{here}.images", _PICTURES, "type")
    for plugin in body.get("plugins") or ():
        if plugin.get("id") in _PLUGINS:
            yield from _of_each([plugin], "plugins", _PLUGINS, "id")
        else:
            yield f"plugins[{plugin.get('id')}]"


def _of_each(
    items: Iterable[Mapping[str, Any]], path: str, known: Mapping[str, frozenset[str]], kind: str
) -> Iterator[str]:
    for item in items:
        name = str(item.get(kind))
        for key in item:
            if name in known and key not in known[name]:
                yield f"{path}[{name}].{key}"
