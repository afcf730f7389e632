"""Requests as an editor sees them: models, dicts and both together; checked by mypy, never run."""

from typing import Any, assert_type

from openrouter_nb import UNSET, ChatResult, OpenRouter, components
from openrouter_nb.components import (
    ChatAssistantMessage,
    ChatContentImage,
    ChatContentImageImageURL,
    ChatContentText,
    ChatFormatJSONSchemaConfig,
    ChatFunctionToolFunction,
    ChatFunctionToolFunctionFunction,
    ChatGenerationParams,
    ChatJSONSchemaConfig,
    ChatRequestReasoning,
    ChatRequestTypedDict,
    ChatStreamOptions,
    ChatSystemMessage,
    ChatToolMessage,
    ChatUserMessage,
    OpenRouterWebSearchServerTool,
    ProviderPreferences,
    ProviderSortConfig,
    StopServerToolsWhenMaxCost,
    SystemMessage,
    ToolDefinitionJSON,
    WebSearchConfig,
    WebSearchPlugin,
)


def models_and_dicts(client: OpenRouter, answer: ChatAssistantMessage) -> None:
    parts = [ChatContentText(text="x"), ChatContentImage(image_url=ChatContentImageImageURL(url="data:,"))]
    result = client.chat.send(
        messages=[
            ChatSystemMessage(content="Be kind."),
            {"role": "user", "content": [{"type": "text", "text": "Hi"}]},
            answer,
            ChatToolMessage(content="3", tool_call_id="1"),
            ChatUserMessage(content=parts, name=None),
            ChatUserMessage(content=[{"type": "novel"}, ChatContentText(text="x")]),
        ],
        provider=ProviderPreferences(
            sort=ProviderSortConfig(by="price"), order=["a"], max_price={"prompt": 1}
        ),
        plugins=[WebSearchPlugin(max_results=3), {"id": "novel"}],
        tools=[
            ChatFunctionToolFunction(function=ChatFunctionToolFunctionFunction(name="f", parameters={})),
            ToolDefinitionJSON(function={"name": "g"}),
            OpenRouterWebSearchServerTool(parameters=WebSearchConfig(engine="a newer word")),
            {"type": "openrouter:novel"},
        ],
        response_format=ChatFormatJSONSchemaConfig(json_schema=ChatJSONSchemaConfig(name="n", schema={})),
        reasoning=ChatRequestReasoning(effort="high"),
        stop_server_tools_when=[StopServerToolsWhenMaxCost(max_cost_in_dollars=1)],
        stream_options=ChatStreamOptions(include_usage=True),
        temperature=UNSET,
    )
    assert_type(result, ChatResult)
    for item in result:
        assert_type(item, ChatResult)


def lists(client: OpenRouter, answer: ChatAssistantMessage) -> None:
    users = [ChatUserMessage(content="x")]
    dicts: list[dict[str, Any]] = [{"role": "user", "content": "x"}]
    texts = [{"role": "user", "content": "x"}]
    client.chat.send(messages=users)
    client.chat.send(messages=dicts)
    client.chat.send(messages=texts)
    client.chat.send(messages=[*users, *dicts])
    client.chat.send(messages=[ChatSystemMessage(content="x"), ChatUserMessage(content="x"), answer])


def a_request_of_its_own(client: OpenRouter) -> None:
    request: ChatRequestTypedDict = {
        "messages": [ChatUserMessage(content="x")],
        "provider": {"sort": "price"},
    }
    seed = ChatGenerationParams(messages=[SystemMessage(content="x")], temperature=None)
    client.chat.send(**request)
    client.chat.send(**seed.model_dump(), stream=False)


def wrong() -> None:
    ChatUserMessage()  # type: ignore[call-arg]
    ChatUserMessage(content=5)  # type: ignore[arg-type]
    ChatUserMessage(content="x", role="system")  # type: ignore[arg-type]
    ProviderPreferences(order="openai", zdr="yes")  # type: ignore[arg-type]
    assert components.NoSuchName  # type: ignore[attr-defined]
