"""The model catalog of a simulator, as listed by `/models`.

Source of the shapes: OpenRouter's OpenAPI document, schemas Model and PublicEndpoint, August 2026.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from openrouter_nb.components.model_variants import catalog_id
from openrouter_nb.simulator.api_errors import ApiError
from openrouter_nb.simulator.scripted_model import ScriptedModel

CREATED = 1_785_000_000
SAMPLING = (
    "temperature",
    "top_p",
    "top_k",
    "frequency_penalty",
    "presence_penalty",
    "repetition_penalty",
)


class Catalog:
    """Models by slug, in order.

    Args:
        scripts: The models.
        missing: For known slugs that are not available, the error message.
    """

    def __init__(self, scripts: Iterable[ScriptedModel], missing: Mapping[str, str]) -> None:
        self._scripts: dict[str, ScriptedModel] = {script.slug: script for script in scripts}
        self._missing = missing

    def __getitem__(self, slug: str) -> ScriptedModel:
        """Return the script of a slug, with or without suffixes.

        Raises:
            ApiError: 400 for an unknown slug, as by the service; 404 for a model that is not installed.
        """
        if slug in self._missing:
            raise ApiError(404, self._missing[slug], "not_found")
        name = catalog_id(slug)
        # Every simulated model has a free variant, listed or not, so that `--free` works with all of them.
        script = self._scripts.get(name) or self._scripts.get(name.removesuffix(":free"))
        if script is None:
            raise ApiError(400, f"{slug} is not a valid model ID", "invalid_request")
        return script

    def models(self, query: Mapping[str, str]) -> dict[str, Any]:
        """Return the body of `GET /models`.

        Args:
            query: `q`, `supported_parameters`, `output_modalities`, `offset` and `limit` filter as by the service.
        """
        found = [model(script) for script in self._scripts.values() if _matches(script, query)]
        total = len(found)
        if "offset" in query or "limit" in query:
            offset = _integer(query, "offset", 0, low=0, high=10**9)
            found = found[offset : offset + _integer(query, "limit", 500, low=1, high=1000)]
        return {"data": found, "total_count": total, "links": {"next": None}}


def model(script: ScriptedModel) -> dict[str, Any]:
    """Return the Model object of a script."""
    parameters = sorted(script.supported)
    entry = {
        "id": script.slug,
        "canonical_slug": script.slug,
        "hugging_face_id": script.hugging_face_id,
        "name": script.name,
        "description": script.summary,
        "created": CREATED,
        "context_length": script.context_length,
        "architecture": _architecture(script),
        "pricing": _pricing(script),
        "top_provider": _limits(script) | {"is_moderated": False},
        "per_request_limits": None,
        "supported_parameters": parameters,
        "default_parameters": {**dict.fromkeys(SAMPLING), **script.defaults},
        "supported_voices": None,
        "knowledge_cutoff": None,
        "expiration_date": None,
        "links": {"details": f"/api/v1/models/{script.slug}/endpoints"},
    }
    if "reasoning" in parameters:
        entry["reasoning"] = {
            "mandatory": False,
            "supported_efforts": ["high", "medium", "low"],
            "default_effort": "medium",
            "default_enabled": True,
            "supports_max_tokens": True,
        }
    return entry


def endpoints(script: ScriptedModel) -> dict[str, Any]:
    """Return the body of `GET /models/{author}/{slug}/endpoints`."""
    entry = model(script)
    percentiles = {"p50": 12, "p75": 15, "p90": 20, "p99": 60}
    endpoint = {
        "name": f"{script.provider} | {script.slug}",
        "model_id": script.slug,
        "model_name": script.name,
        "provider_name": script.provider,
        "tag": script.provider.lower(),
        "quantization": None,
        **_limits(script),
        "max_prompt_tokens": None,
        "pricing": entry["pricing"],
        "supported_parameters": entry["supported_parameters"],
        "status": 0,
        "supports_implicit_caching": False,
        "uptime_last_5m": 100,
        "uptime_last_30m": 100,
        "uptime_last_1d": 100,
        "latency_last_30m": percentiles,
        "throughput_last_30m": None,
    }
    copied = ("id", "name", "created", "description", "architecture")
    return {"data": {**{key: entry[key] for key in copied}, "endpoints": [endpoint]}}


def _matches(script: ScriptedModel, query: Mapping[str, str]) -> bool:
    text = f"{script.slug} {script.name} {script.summary}".lower()
    wanted = {word for word in query.get("supported_parameters", "").split(",") if word}
    outputs = query.get("output_modalities", "text").split(",")
    return (
        query.get("q", "").lower() in text
        and wanted <= script.supported
        and ("all" in outputs or bool({*outputs} & {*script.outputs}))
    )


def _architecture(script: ScriptedModel) -> dict[str, Any]:
    return {
        "modality": f"{'+'.join(script.inputs)}->{'+'.join(script.outputs)}",
        "input_modalities": list(script.inputs),
        "output_modalities": list(script.outputs),
        "tokenizer": "Other",
        "instruct_type": None,
    }


def _pricing(script: ScriptedModel) -> dict[str, Any]:
    return {
        "prompt": script.prices.prompt,
        "completion": script.prices.completion,
        "request": "0",
        "image": "0",
        "web_search": "0",
        "internal_reasoning": script.prices.completion,
    }


def _limits(script: ScriptedModel) -> dict[str, Any]:
    return {"context_length": script.context_length, "max_completion_tokens": script.context_length}


def _integer(query: Mapping[str, str], name: str, default: int, *, low: int, high: int) -> int:
    word = query.get(name, str(default))
    if not word.isdecimal() or not low <= int(word) <= high:
        raise ApiError(400, f"{name}: Expected an integer from {low} to {high}", "invalid_request")
    return int(word)
