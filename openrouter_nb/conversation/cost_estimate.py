"""Estimate what a request will cost: for `--dry-run` and the limits of cells, the panel, and `chat_map`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from openrouter_nb.client.request_body import plain
from openrouter_nb.conversation.token_estimate import (
    TOKENS_PER_MEDIA_ITEM,
    estimate_request_tokens,
    media_items,
)
from openrouter_nb.render.answer.footer import cost as format_cost

if TYPE_CHECKING:
    from collections.abc import Sequence

    from openrouter_nb.client.resources.model_catalog import ModelCatalog
    from openrouter_nb.components.catalog import PublicPricing

# Tokens of an answer that the request does not bound: a page of text. The model's own limit, the only certain bound, is
# a hundred times what answers take.
_USUAL_TOKENS_OUT = 1_000
# US dollars of a web search by engine, in its most expensive mode, with ten results; and of each further result.
# Source: OpenRouter docs, guides/features/plugins/web-search, August 2026. `native` is priced by the model.
_SEARCH_USD = {"exa": 0.015, "parallel": 0.005, "perplexity": 0.005}
_FURTHER_RESULT_USD = {"exa": 0.001, "parallel": 0.001}
_INCLUDED_RESULTS = 10
_PRICE_NAMES = frozenset(("prompt", "completion", "request", "image", "image_token", "audio", "web_search"))
_SEARCH_TOOLS = ("openrouter:web_search", "web_search", "web_search_preview")


@dataclass(frozen=True, slots=True)
class CostEstimate:
    """Estimated tokens and cost of one request, or of several together.

    Attributes:
        tokens_in: Prompt tokens.
        tokens_out: Output tokens: the bound that the request sets, else what answers usually take.
        is_bounded: Whether the request sets a bound.
        usd: US dollars by the list of prices, for the most expensive of the models that may answer; None if a price is
            unknown.
        usd_in: The part of `usd` that the prompt costs.
        unknown: The model whose price is not known, or None.
    """

    tokens_in: int
    tokens_out: int
    is_bounded: bool
    usd: float | None
    usd_in: float | None = None
    unknown: str | None = None

    def scaled(self, factor: float) -> CostEstimate:
        """Return the estimate of `factor` times as many requests."""
        return CostEstimate(
            round(self.tokens_in * factor),
            round(self.tokens_out * factor),
            self.is_bounded,
            None if self.usd is None else self.usd * factor,
            None if self.usd_in is None else self.usd_in * factor,
            self.unknown,
        )

    @property
    def tokens(self) -> str:
        """The tokens in words, which need no price list."""
        out = f"at most {self.tokens_out:,}" if self.is_bounded else f"some {self.tokens_out:,}"
        hint = "" if self.is_bounded else " (-n bounds them)"
        return f"About {self.tokens_in:,} tokens in and {out} out{hint}"

    def __str__(self) -> str:
        if self.usd is None:
            price = f"the price of {self.unknown} is not known"
        else:
            price = f"about {format_cost(self.usd)}"
        return f"{self.tokens}: {price}."


def estimate_cost(request: Mapping[str, Any], catalog: ModelCatalog) -> CostEstimate:
    """Estimate what a request costs.

    It counts messages with their media, tool definitions, the response format, reasoning, the price of a request, and web
    searches: one, unless the request allows more. Of fallback models the most expensive counts. Not counted: media in the
    answer, pages that are parsed or fetched, requests that follow tool calls, and discounts for cached tokens.

    Args:
        request: As `chat.send` takes it.
        catalog: The prices.
    """
    extra = request.get("extra_body")
    # While it is typed in the panel, it may be of any type.
    body: dict[str, Any] = plain({**request, **(extra if isinstance(extra, Mapping) else {})})
    tokens_in = estimate_request_tokens(body)
    bound = _whole(body.get("max_completion_tokens")) or _whole(body.get("max_tokens"))
    tokens_out = bound or _USUAL_TOKENS_OUT + _reasoning_budget(body)
    most = (0.0, 0.0)
    names = [str(name) for name in (body.get("model"), *_items(body, "models")) if name]
    for name in names or ["the account's default model"]:
        model = catalog.find(name)
        prices = _prices_for(model.pricing, tokens_in) if model else None
        if prices is None or prices.prompt is None or prices.completion is None:
            return CostEstimate(tokens_in, tokens_out, bool(bound), None, None, name)
        usd_in = _prompt_usd(prices, tokens_in, media_items(body.get("messages")))
        usd_in += float(prices.request or 0) + _search_usd(body, name, prices)
        usd = usd_in + float(prices.completion * tokens_out)
        most = max(most, (usd, usd_in))
    return CostEstimate(tokens_in, tokens_out, bool(bound), most[0], most[1])


def total(estimates: Sequence[CostEstimate]) -> CostEstimate:
    """Return the estimate of several requests together."""
    unknown = next((each.unknown for each in estimates if each.usd is None), None)
    is_known = all(each.usd is not None for each in estimates)
    return CostEstimate(
        sum(each.tokens_in for each in estimates),
        sum(each.tokens_out for each in estimates),
        all(each.is_bounded for each in estimates),
        sum(each.usd or 0.0 for each in estimates) if is_known else None,
        sum(each.usd_in or 0.0 for each in estimates) if is_known else None,
        unknown,
    )


def _reasoning_budget(body: Mapping[str, Any]) -> int:
    """Return `reasoning.max_tokens`; reasoning tokens are billed as output."""
    reasoning = body.get("reasoning")
    if not isinstance(reasoning, dict) or reasoning.get("enabled") is False:
        return 0
    return _whole(reasoning.get("max_tokens"))


def _prices_for(prices: PublicPricing, tokens_in: int) -> PublicPricing:
    """Return the prices for a prompt of this length; those of a time of day are not applied."""
    for override in prices.overrides:
        least, is_timed = override.min_prompt_tokens, override.utc_start is not None
        if least is not None and tokens_in > least and not is_timed:
            changed = {name: getattr(override, name) for name in override.model_fields_set & _PRICE_NAMES}
            prices = prices.model_copy(update=changed)
    return prices


def _prompt_usd(prices: PublicPricing, tokens_in: int, media: Mapping[str, int]) -> float:
    """Return the cost of the prompt tokens; images and audio may have prices that differ from those of text."""
    assert prices.prompt is not None  # noqa: S101 - checked by the caller
    text = float(prices.prompt)
    images, audio = media.get("image_url", 0), media.get("input_audio", 0)
    image_usd = max(
        TOKENS_PER_MEDIA_ITEM * float(prices.image_token or prices.prompt), float(prices.image or 0)
    )
    audio_usd = TOKENS_PER_MEDIA_ITEM * float(prices.audio or prices.prompt)
    rest = tokens_in - TOKENS_PER_MEDIA_ITEM * (images + audio)
    return rest * text + images * image_usd + audio * audio_usd


def _search_usd(body: Mapping[str, Any], model: str, prices: PublicPricing) -> float:
    """Return the cost of web searches: of the plugin `web`, the suffix `:online`, the server tool and native search."""
    native = None if prices.web_search is None else float(prices.web_search)
    searches = [
        plugin
        for plugin in _items(body, "plugins")
        if isinstance(plugin, dict) and plugin.get("id") == "web" and plugin.get("enabled") is not False
    ]
    if "online" in model.split(":")[1:] and not searches:
        searches.append({})
    searches += [
        tool.get("parameters") or {}
        for tool in _items(body, "tools")
        if isinstance(tool, dict) and str(tool.get("type")).startswith(_SEARCH_TOOLS)
    ]
    if not searches and body.get("web_search_options"):
        return native or 0.0
    return sum(_one_search_usd(search, native) * (_whole(search.get("max_uses")) or 1) for search in searches)


def _one_search_usd(search: Mapping[str, Any], native: float | None) -> float:
    engine = str(search.get("engine") or "auto")
    if engine in ("auto", "native") and native:
        return native
    # Without native search the service uses Exa.
    engine = "exa" if engine == "auto" else engine
    further = max(0, _whole(search.get("max_results")) - _INCLUDED_RESULTS)
    return _SEARCH_USD.get(engine, 0.0) + further * _FURTHER_RESULT_USD.get(engine, 0.0)


def _whole(value: Any) -> int:
    """Return a positive whole number, else 0: the panel estimates requests that are not validated yet."""
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else 0


def _items(body: Mapping[str, Any], name: str) -> list[Any]:
    value = body.get(name)
    return value if isinstance(value, list) else []
