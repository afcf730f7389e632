"""Names of OpenRouter's Python SDK of early 2026, and of this package's first release, for what has others now.

Source: package openrouter 0.1.3, module components.
"""

from __future__ import annotations

from openrouter_nb.components.caching import ChatContentCacheControl
from openrouter_nb.components.content import (
    ChatContentAudio,
    ChatContentAudioInputAudio,
    ChatContentImage,
    ChatContentImageImageURL,
    ChatContentItems,
    ChatContentText,
    ChatContentVideo,
    ChatContentVideoInput,
)
from openrouter_nb.components.guard_plugins import ModerationPlugin
from openrouter_nb.components.messages import (
    ChatDeveloperMessage,
    ChatMessages,
    ChatSystemMessage,
    ChatToolMessage,
    ChatUserMessage,
)
from openrouter_nb.components.plugins import FileParserPlugin, ResponseHealingPlugin, WebSearchPlugin
from openrouter_nb.components.provider import MaxPrice, ProviderPreferences
from openrouter_nb.components.reasoning import ChatRequestReasoning
from openrouter_nb.components.request import ChatRequest
from openrouter_nb.components.response_format import (
    ChatFormatGrammarConfig,
    ChatFormatJSONObjectConfig,
    ChatFormatJSONSchemaConfig,
    ChatFormatPythonConfig,
    ChatFormatTextConfig,
    ChatJSONSchemaConfig,
)
from openrouter_nb.components.result import (
    ChatAssistantMessage,
    ChatChoice,
    ChatResult,
    ChatToolCall,
    ChatToolCallFunction,
)
from openrouter_nb.components.router_plugins import AutoRouterPlugin
from openrouter_nb.components.stream import (
    ChatStreamChoice,
    ChatStreamChunk,
    ChatStreamDelta,
    ChatStreamToolCall,
)
from openrouter_nb.components.tools import (
    ChatFunctionToolFunction,
    ChatFunctionToolFunctionFunction,
    ChatNamedToolChoice,
    ChatNamedToolChoiceFunction,
)
from openrouter_nb.components.usage import (
    ChatUsage,
    ChatUsageCompletionTokensDetails,
    ChatUsagePromptTokensDetails,
)

Message = ChatMessages
SystemMessage = ChatSystemMessage
UserMessage = ChatUserMessage
AssistantMessage = ChatAssistantMessage
MessageDeveloper = ChatDeveloperMessage
ToolResponseMessage = ChatToolMessage

ChatMessageContentItem = ChatContentItems
ChatMessageContentItemText = ChatContentText
ChatMessageContentItemImage = ChatContentImage
ChatMessageContentItemImageImageURL = ChatContentImageImageURL
ChatMessageContentItemAudio = ChatContentAudio
ChatMessageContentItemAudioInputAudio = ChatContentAudioInputAudio
ChatMessageContentItemVideo = ChatContentVideo
ChatMessageContentItemVideoVideoURL = ChatContentVideoInput
ChatMessageContentItemCacheControl = ChatContentCacheControl
ChatMessageToolCall = ChatToolCall
ChatMessageToolCallFunction = ChatToolCallFunction

ToolDefinitionJSON = ChatFunctionToolFunction
ToolDefinitionJSONFunction = ChatFunctionToolFunctionFunction
NamedToolChoice = ChatNamedToolChoice
NamedToolChoiceFunction = ChatNamedToolChoiceFunction

ResponseFormatJSONSchema = ChatFormatJSONSchemaConfig
ResponseFormatTextGrammar = ChatFormatGrammarConfig
JSONSchemaConfig = ChatJSONSchemaConfig

ChatGenerationParams = ChatRequest
ChatGenerationParamsProvider = ProviderPreferences
ChatGenerationParamsMaxPrice = MaxPrice
ChatGenerationParamsPluginAutoRouter = AutoRouterPlugin
ChatGenerationParamsPluginFileParser = FileParserPlugin
ChatGenerationParamsPluginModeration = ModerationPlugin
ChatGenerationParamsPluginResponseHealing = ResponseHealingPlugin
ChatGenerationParamsPluginWeb = WebSearchPlugin
ChatGenerationParamsResponseFormatJSONObject = ChatFormatJSONObjectConfig
ChatGenerationParamsResponseFormatPython = ChatFormatPythonConfig
ChatGenerationParamsResponseFormatText = ChatFormatTextConfig
Reasoning = ChatRequestReasoning

ChatResponse = ChatResult
ChatResponseChoice = ChatChoice
ChatStreamingResponseChunk = ChatStreamChunk
ChatStreamingResponseChunkData = ChatStreamChunk
ChatStreamingChoice = ChatStreamChoice
ChatStreamingMessageChunk = ChatStreamDelta
ChatStreamingMessageToolCall = ChatStreamToolCall
ChatGenerationTokenUsage = ChatUsage

# Earlier names of this package.
ToolCall = ChatToolCall
FunctionCall = ChatToolCallFunction
PromptTokensDetails = ChatUsagePromptTokensDetails
CompletionTokensDetails = ChatUsageCompletionTokensDetails
