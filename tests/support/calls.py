"""Generate equal calls of `chat.send` for two clients, with dicts for one and models for the other."""

from dataclasses import dataclass, field

from openrouter_nb import UNSET, components


class LeftOut:
    """None of a field that is not nullable: OpenRouter's SDK leaves it out, and so do our models."""


@dataclass
class Thing:
    """An object of the request: the name of its class, and all its fields, constants included."""

    name: str
    fields: dict = field(default_factory=dict)


@dataclass
class Several:
    """A list of some of these values, in any order."""

    values: list
    fewest: int = 0


def thing(name, /, **fields):
    return Thing(name, fields)


def write(value, module, random):
    """Write a value for a client whose models are in `module`, each object at random as a dict or as a model."""
    if isinstance(value, list):
        return [write(item, module, random) for item in value]
    if isinstance(value, dict):
        return {key: write(item, module, random) for key, item in value.items()}
    if not isinstance(value, Thing):
        return None if value is LeftOut else value
    ours = module is components
    if random.random() < 0.5:
        fields = {key: write(item, module, random) for key, item in value.fields.items()}
        model = getattr(module, value.name)
        if ours and random.random() < 0.5:
            # Constant fields of our models can be omitted.
            said = {name: model.model_fields[name].default for name in getattr(model, "_constants", ())}
            fields = {key: item for key, item in fields.items() if key not in said or item != said[key]}
        return model(**fields)
    fields = {key.rstrip("_"): item for key, item in value.fields.items() if item is not LeftOut}
    return {key: write(item, module, random) for key, item in fields.items()}


def things(value):
    """Name every object in a value."""
    value = value.values if isinstance(value, Several) else value
    if isinstance(value, Thing):
        yield value.name
        yield from things(value.fields)
    elif isinstance(value, dict):
        for item in value.values():
            yield from things(item)
    elif isinstance(value, list):
        for item in value:
            yield from things(item)


PIXEL = "data:image/png;base64,iVBORw0KGgo="
CACHE = thing("ChatContentCacheControl", type="ephemeral")
LOCATION = {"type": "approximate", "city": "Lyon", "country": None}
EFFORT = thing("ConfigurationUpdateReasoning", effort="high")
PARTS = [
    thing("ChatContentText", type="text", text="Hi ☃ \u2028", cache_control=LeftOut),
    thing("ChatContentText", type="text", text="", cache_control=CACHE, prompt_cache_breakpoint=None),
    thing(
        "ChatContentText",
        type="text",
        text="x",
        cache_control=thing("ChatContentCacheControl", type="ephemeral", ttl="1h"),
        prompt_cache_breakpoint=thing("PromptCacheBreakpoint", mode="explicit", ttl="30m"),
    ),
    thing("ChatContentImage", type="image_url", image_url=thing("ChatContentImageImageURL", url=PIXEL)),
    thing(
        "ChatContentImage",
        type="image_url",
        image_url=thing("ChatContentImageImageURL", url=PIXEL, detail="a newer word"),
    ),
    thing(
        "ChatContentAudio",
        type="input_audio",
        input_audio=thing("ChatContentAudioInputAudio", data="UklGRg==", format_="wav"),
    ),
    thing(
        "ChatContentVideo",
        type="video_url",
        video_url=thing("ChatContentVideoInput", url="https://example.org/a.mp4", processing="static"),
    ),
    thing(
        "LegacyChatContentVideo",
        type="input_video",
        video_url=thing("LegacyChatContentVideoInput", url="https://example.org/a.mp4", processing=LeftOut),
    ),
    thing(
        "ChatContentFile",
        type="file",
        file=thing("ChatContentFileFile", filename="a.pdf", file_data="data:,x"),
    ),
    thing("ChatContentFile", type="file", file=thing("ChatContentFileFile", file_id="f", filename=LeftOut)),
]
TEXT_PARTS = PARTS[:3]
DETAILS = [
    thing(
        "ReasoningDetailText",
        type="reasoning.text",
        text="t",
        signature="s",
        format_="anthropic-claude-v1",
        index=0,
    ),
    thing("ReasoningDetailText", type="reasoning.text", text=None, signature=None, id=None, format_=None),
    thing("ReasoningDetailSummary", type="reasoning.summary", summary="s", format_="unknown"),
    thing("ReasoningDetailEncrypted", type="reasoning.encrypted", data="ZQ==", id="rs_1", index=LeftOut),
    thing(
        "ReasoningDetailServerToolCall",
        type="reasoning.server_tool_call",
        tool_name="openrouter:fusion",
        arguments="{}",
        result="r",
        tool_call_id=None,
    ),
]
CALLS = [
    thing(
        "ChatToolCall",
        id="1",
        type="function",
        function=thing("ChatToolCallFunction", name="f", arguments='{"a": 1}'),
    ),
    thing(
        "ChatToolCall",
        id="2",
        type="function",
        function=thing("ChatToolCallFunction", name="g", arguments=""),
    ),
]
IMAGE = thing("ChatAssistantImages", image_url=thing("ChatAssistantImagesImageURL", url=PIXEL))
MESSAGES = [
    thing("ChatSystemMessage", role="system", content="Be kind."),
    thing("ChatSystemMessage", role="system", content=TEXT_PARTS, name="s", configuration_update=None),
    thing(
        "ChatSystemMessage",
        role="system",
        content="",
        configuration_update=thing("ChatSystemMessageConfigurationUpdate", reasoning=EFFORT),
    ),
    thing(
        "ChatDeveloperMessage",
        role="developer",
        content=TEXT_PARTS[:1],
        name=LeftOut,
        configuration_update=thing("ChatDeveloperMessageConfigurationUpdate", reasoning=EFFORT),
    ),
    thing("ChatUserMessage", role="user", content="Hi"),
    thing("ChatUserMessage", role="user", content=PARTS, name="Ann"),
    thing("ChatUserMessage", role="user", content=[], name=LeftOut),
    thing("ChatAssistantMessage", role="assistant", content="Yes."),
    thing(
        "ChatAssistantMessage", role="assistant", content=None, tool_calls=CALLS, refusal=None, reasoning=None
    ),
    thing(
        "ChatAssistantMessage",
        role="assistant",
        content=PARTS[:1],
        name="Bob",
        model="a/b",
        reasoning="t",
        reasoning_details=DETAILS,
        images=[IMAGE],
        audio=thing("ChatAudioOutput", id="a", data="AA==", transcript="t", expires_at=1790000000),
        refusal="no",
    ),
    thing("ChatAssistantMessage", role="assistant", reasoning_details=[]),
    thing("ChatToolMessage", role="tool", content="3", tool_call_id="1"),
    thing("ChatToolMessage", role="tool", content=PARTS[:4], tool_call_id="2"),
]
SCHEMA = {
    "type": "object",
    "properties": {"a": {"type": ["string", "null"], "default": None}},
    "required": ["a"],
}
SEARCH = {
    "engine": "exa",
    "mode": "fast",
    "max_results": 3,
    "max_total_results": 9,
    "max_uses": 2,
    "max_characters": 900,
    "search_context_size": "low",
    "allowed_domains": ["example.org"],
    "user_location": thing("WebSearchUserLocationServerTool", **LOCATION),
    "x_search": thing("XSearchOptions", allowed_x_handles=["a"], enable_image_understanding=False),
}
POLICIES = [
    thing("ContainerNetworkPolicyDisabled", type="disabled"),
    thing("ContainerNetworkPolicyAllowlist", type="allowlist", allowed_domains=["example.org"]),
]
TOOLS = [
    thing(
        "ChatFunctionToolFunction",
        type="function",
        function=thing("ChatFunctionToolFunctionFunction", name="f"),
    ),
    thing(
        "ChatFunctionToolFunction",
        type="function",
        function=thing(
            "ChatFunctionToolFunctionFunction",
            name="look-up_2",
            description="d",
            parameters=SCHEMA,
            strict=None,
            defer_loading=True,
        ),
        cache_control=CACHE,
        defer_loading=False,
    ),
    thing(
        "OpenRouterWebSearchServerTool",
        type="openrouter:web_search",
        parameters=thing("WebSearchConfig", **SEARCH),
    ),
    thing("ChatWebSearchShorthand", type="web_search", **SEARCH),
    thing(
        "ChatWebSearchShorthand",
        type="web_search_preview",
        parameters=thing("WebSearchConfig", engine="newer"),
    ),
    thing(
        "WebFetchServerTool",
        type="openrouter:web_fetch",
        parameters=thing(
            "WebFetchServerToolConfig", engine="auto", max_uses=1, blocked_domains=["example.org"]
        ),
    ),
    thing("DatetimeServerTool", type="openrouter:datetime"),
    thing(
        "DatetimeServerTool",
        type="openrouter:datetime",
        parameters=thing("DatetimeServerToolConfig", timezone="Europe/Berlin"),
    ),
    thing(
        "ImageGenerationServerToolOpenRouter",
        type="openrouter:image_generation",
        parameters=thing("ImageGenerationServerToolConfig", model="a/b", quality="high", size=[1, 2]),
    ),
    thing(
        "AdvisorServerToolOpenRouter",
        type="openrouter:advisor",
        parameters=thing(
            "AdvisorServerToolConfig",
            name="a b",
            model="a/b",
            reasoning=thing("AdvisorReasoning", effort="low", max_tokens=LeftOut),
            temperature=0,
            stream=True,
            forward_transcript=True,
        ),
    ),
    thing(
        "SubagentServerToolOpenRouter",
        type="openrouter:subagent",
        parameters=thing(
            "SubagentServerToolConfig",
            max_tool_calls=25,
            reasoning=thing("SubagentReasoning", max_tokens=99),
            tools=[
                thing(
                    "SubagentNestedTool", type="openrouter:web_search", parameters={"max_results": 2}, novel=1
                )
            ],
        ),
    ),
    thing(
        "FusionServerToolOpenRouter",
        type="openrouter:fusion",
        parameters=thing(
            "FusionServerToolConfig",
            analysis_models=["a/b"],
            max_tool_calls=16,
            reasoning=thing("FusionServerToolConfigReasoning", effort="max"),
            tools=[thing("FusionServerToolConfigTool", type="openrouter:web_fetch", parameters=LeftOut)],
            cache_control=thing("AnthropicCacheControlDirective", type="ephemeral", ttl="5m"),
        ),
    ),
    thing(
        "ChatSearchModelsServerTool",
        type="openrouter:experimental__search_models",
        parameters=thing("SearchModelsServerToolConfig", max_results=20),
    ),
    thing("FilesServerTool", type="openrouter:files", parameters=thing("FilesServerToolConfig")),
    thing(
        "BashServerTool",
        type="openrouter:bash",
        parameters=thing(
            "BashServerToolConfig",
            engine="openrouter",
            environment=thing(
                "ContainerAutoEnvironment", type="container_auto", file_ids=["f"], network_policy=POLICIES[0]
            ),
        ),
    ),
    thing(
        "BashServerTool",
        type="openrouter:bash",
        parameters=thing(
            "BashServerToolConfig",
            environment=thing(
                "ContainerReferenceEnvironment",
                type="container_reference",
                container_id="c_1",
                network_policy=POLICIES[1],
            ),
        ),
    ),
    thing("ChatDynamicServerTool", type="openrouter:novel", parameters={"a": [None, 1]}),
]
PLUGINS = [
    thing(
        "AlignmentPlugin",
        id="alignment",
        rules=[thing("AlignmentRule", rule="r", watch=["content", "newer"])],
        mode="audit",
        threshold=0.5,
    ),
    thing(
        "ArmorPlugin",
        id="armor",
        enabled=True,
        classifier_context=thing(
            "ArmorContext",
            v=1,
            auto_mode=thing(
                "ArmorAutoMode",
                allow=["a", thing("ArmorRule", id="i", instructions="x", threshold=0.1)],
                environment=[thing("ArmorEnvironmentEntry", name="n", value="v")],
            ),
        ),
    ),
    thing("AutoBetaRouterPlugin", id="auto-beta-router", cost_tier="low", excluded_models=["a/*"]),
    thing(
        "AutoRouterPlugin", id="auto-router", cost_quality_tradeoff=10, pin_model=True, allowed_models=LeftOut
    ),
    thing("ContextCompressionPlugin", id="context-compression", engine="middle-out"),
    thing("FileParserPlugin", id="file-parser", pdf=thing("PDFParserOptions", engine="mistral-ocr")),
    thing(
        "FusionPlugin",
        id="fusion",
        preset="general-fast",
        tools=[
            thing("FusionPluginTool", type="openrouter:web_search", parameters={"a": None, "b": [1, "c"]})
        ],
    ),
    thing("JevRouterPlugin", id="jev-router", models=["a/b"]),
    thing("ModerationPlugin", id="moderation"),
    thing("ParetoRouterPlugin", id="pareto-router", min_coding_score=1, max_price=0.5, price_source="prompt"),
    thing("ResponseHealingPlugin", id="response-healing", enabled=False),
    thing("SwitchyardRouterPlugin", id="switchyard-router", algorithm="auto", judge_model="a/b"),
    thing("WebFetchPlugin", id="web-fetch", max_uses=2, max_content_tokens=10, allowed_domains=[]),
    thing("WebSearchPlugin", id="web", user_location=None, search_prompt="p", enabled=LeftOut),
    thing(
        "WebSearchPlugin",
        id="web",
        engine="newer",
        include_domains=["example.org"],
        user_location=thing("UserLocation", **LOCATION),
    ),
]
PROVIDERS = [
    thing("ProviderPreferences", order=["deepinfra/turbo", "Anthropic"], allow_fallbacks=False, zdr=True),
    thing("ProviderPreferences", order=None, only=None, ignore=None, sort=None, quantizations=None, zdr=None),
    thing(
        "ProviderPreferences",
        sort=thing("ProviderSortConfig", by="exacto", partition=None),
        max_price=thing("MaxPrice", prompt="0.8", completion="2", image=LeftOut),
        preferred_max_latency=thing("PercentileLatencyCutoffs", p50=1.5, p99=None),
        preferred_min_throughput=thing("PercentileThroughputCutoffs", p90=20),
        quantizations=["fp8", "unknown"],
    ),
    thing(
        "ProviderPreferences",
        sort="price",
        preferred_max_latency=2,
        preferred_min_throughput=None,
        data_collection="deny",
    ),
]
FORMATS = [
    thing("ChatFormatTextConfig", type="text"),
    thing("ChatFormatJSONObjectConfig", type="json_object"),
    thing("ChatFormatPythonConfig", type="python"),
    thing("ChatFormatGrammarConfig", type="grammar", grammar='root ::= "a"'),
    thing(
        "ChatFormatJSONSchemaConfig",
        type="json_schema",
        json_schema=thing("ChatJSONSchemaConfig", name="n", schema_=SCHEMA, strict=None, description=LeftOut),
    ),
]
STOPS = [
    thing("StopServerToolsWhenStepCountIs", type="step_count_is", step_count=3),
    thing("StopServerToolsWhenHasToolCall", type="has_tool_call", tool_name="f"),
    thing("StopServerToolsWhenMaxTokensUsed", type="max_tokens_used", max_tokens=100),
    thing("StopServerToolsWhenMaxCost", type="max_cost", max_cost_in_dollars=0.5),
    thing("StopServerToolsWhenFinishReasonIs", type="finish_reason_is", reason="length"),
]
DEFERRED = [
    thing("DeferredBm25Search", type="bm25", max_results=3),
    thing("DeferredRegexSearch", type="regex"),
    thing("DeferredCustomSearch", type="custom", tool_id="t", result_key="k"),
]
NUMBERS = {
    "temperature": [0, 0.7, 2],
    "top_p": [0, 0.5, 1],
    "top_k": [0, 40],
    "min_p": [0, 0.05],
    "top_a": [0.2],
    "frequency_penalty": [-2, 0.1],
    "presence_penalty": [2],
    "repetition_penalty": [1.1],
    "max_tokens": [1, 16],
    "max_completion_tokens": [4096],
    "seed": [0, -(2**53)],
}

# Values of each parameter.

VALUES = {
    "messages": [Several(MESSAGES, 1)],
    "cache_control": [thing("AnthropicCacheControlDirective", type="ephemeral", ttl=LeftOut)],
    "debug": [thing("ChatDebugOptions", echo_upstream_body=True), thing("ChatDebugOptions")],
    "deferred_tools": [
        thing("DeferredToolsControl", protocol="v1", profile="portable", search=search, validation="runtime")
        for search in DEFERRED
    ],
    **NUMBERS,
    "image_config": [{"aspect_ratio": "16:9", "quality": 3, "areas": [1, "a", None]}, {}],
    "logit_bias": [{"50256": -100, "11": 0.5}, {}],
    "logprobs": [True],
    "top_logprobs": [0, 20],
    "metadata": [{"k": "v"}, {}],
    "modalities": [["text"], ["text", "image", "newer"]],
    "model": ["demo/parrot"],
    "models": [["demo/parrot"], ["a/b", "c/d", "demo/parrot"]],
    "parallel_tool_calls": [True, False],
    "plugins": [Several(PLUGINS)],
    "prediction": [
        thing("Prediction", type="content", content="x"),
        thing("Prediction", type="content", content=[thing("PredictionContentText", type="text", text="x")]),
    ],
    "prompt_cache_key": ["k"],
    "prompt_cache_options": [
        thing("PromptCacheOptions", mode="explicit"),
        thing("PromptCacheOptions", mode="explicit", ttl=None),
    ],
    "provider": PROVIDERS,
    "reasoning": [
        thing("ChatRequestReasoning", effort="high", summary=None),
        thing("ChatRequestReasoning", effort=None, summary="auto"),
        thing("ChatRequestReasoning"),
    ],
    "reasoning_effort": ["high"],
    "response_format": FORMATS,
    "service_tier": ["flex", "ultrafast"],
    "session_id": ["s" * 256],
    "stop": ["\n", ["a", "b", "c", "d"], []],
    "stop_server_tools_when": [Several(STOPS, 1)],
    "stream": [True, False],
    "stream_options": [thing("ChatStreamOptions", include_usage=True), thing("ChatStreamOptions")],
    "tool_choice": [
        "none",
        "auto",
        "required",
        thing(
            "ChatNamedToolChoice", type="function", function=thing("ChatNamedToolChoiceFunction", name="f")
        ),
        thing("ChatServerToolChoice", type="openrouter:web_search"),
    ],
    "tools": [Several(TOOLS)],
    "trace": [thing("TraceConfig", trace_id="t", novel={"a": None}), thing("TraceConfig", span_name=LeftOut)],
    "user": ["u"],
}


def draw(random, nullable):
    """Draw a call: parameters that are absent, UNSET or None where they may be, or one of their values."""
    call = {}
    wanted = random.sample(sorted(VALUES), random.randint(0, len(VALUES)))
    for name in dict.fromkeys(["messages", *wanted]):
        value = random.choice(VALUES[name])
        if name not in {"messages", "stream"}:
            kind = random.random()
            if kind < 0.1:
                value = None
            elif kind < 0.2 and name in nullable:
                value = UNSET
        if isinstance(value, Several):
            many = random.randint(value.fewest, min(len(value.values), 6))
            value = random.sample(value.values, many)
        call[name] = value
    if call.get("top_logprobs") not in (None, UNSET):
        call["logprobs"] = True
    return call
