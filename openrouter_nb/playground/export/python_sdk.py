"""As a program for OpenRouter's own Python package, `openrouter`."""

from __future__ import annotations

from typing import Any

from openrouter_nb.playground.export.exported import SERVER, Exported, keywords

# Source: package openrouter 1.3.84, `Chat.send` and the models of its arguments. It drops what it does not know.
_KNOWN = frozenset(
    [
        "messages",
        "cache_control",
        "debug",
        "deferred_tools",
        "frequency_penalty",
        "image_config",
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
        "plugins",
        "prediction",
        "presence_penalty",
        "prompt_cache_key",
        "prompt_cache_options",
        "provider",
        "reasoning",
        "reasoning_effort",
        "repetition_penalty",
        "response_format",
        "seed",
        "service_tier",
        "session_id",
        "stop",
        "stop_server_tools_when",
        "stream",
        "stream_options",
        "temperature",
        "tool_choice",
        "tools",
        "top_a",
        "top_k",
        "top_logprobs",
        "top_p",
        "trace",
        "user",
    ]
)
_INNER = {"reasoning": {"effort", "summary"}}


def write(body: dict[str, Any], server: str) -> Exported:
    """Return the program; what the package cannot send is in the note."""
    given = {name: value for name, value in body.items() if name in _KNOWN and name != "stream"}
    lost = [name for name in body if name not in _KNOWN]
    for name, keys in _INNER.items():
        if isinstance(value := body.get(name), dict):
            lost += [f"{name}.{key}" for key in value if key not in keys]
    remarks = []
    if lost:
        remarks.append(
            f"The package openrouter has no argument for {', '.join(lost)}: not sent by this program."
        )
    if _has_price_numbers(given.get("provider")):
        # It drops the whole of `provider` where a price is a number.
        prices = {key: str(price) for key, price in given["provider"]["max_price"].items()}
        given["provider"] = {**given["provider"], "max_price": prices}
        remarks.append("The package openrouter takes prices as text only: max_price is sent as text.")
    made = 'api_key=os.environ["OPENROUTER_API_KEY"]' + (
        "" if server == SERVER else f", server_url={server!r}"
    )
    remark = "".join(f"# {each}\n" for each in remarks)
    if body.get("stream"):
        end = (
            "    with answer as events:\n"
            "        for event in events:\n"
            "            for choice in event.choices:\n"
            '                print(choice.delta.content or "", end="", flush=True)\n'
        )
        given["stream"] = True
    else:
        end = "    print(answer.choices[0].message.content)\n"
    text = (
        f"import os\n\nfrom openrouter import OpenRouter\n\n{remark}with OpenRouter({made}) as open_router:\n"
        f"    answer = open_router.chat.send(\n{keywords(given, 8)}    )\n{end}"
    )
    return Exported(text, "python", " ".join(remarks))


def _has_price_numbers(provider: Any) -> bool:
    prices = provider.get("max_price") if isinstance(provider, dict) else None
    return isinstance(prices, dict) and any(not isinstance(price, str) for price in prices.values())
