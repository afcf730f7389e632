"""Aliases: former names in OpenRouter's Python SDK of early 2026, and in the first release of this package.

Source: package openrouter 0.1.3, module components.
"""

from __future__ import annotations

from typing import Any, Literal

from openrouter_nb.components.chat_request import ChatRequest
from openrouter_nb.components.messages.caching import ChatContentCacheControl
from openrouter_nb.components.messages.content import (
    ChatContentAudio,
    ChatContentAudioInputAudio,
    ChatContentImage,
    ChatContentImageImageURL,
    ChatContentItems,
    ChatContentText,
    ChatContentVideo,
    ChatContentVideoInput,
)
from openrouter_nb.components.messages.messages import (
    ChatDeveloperMessage,
    ChatMessages,
    ChatSystemMessage,
    ChatToolMessage,
    ChatUserMessage,
)
from openrouter_nb.components.plugins.guardrail_plugins import (
    ArmorEnvironmentEntry,
    ArmorRule,
    ModerationPlugin,
)
from openrouter_nb.components.plugins.plugins import FileParserPlugin, ResponseHealingPlugin, WebSearchPlugin
from openrouter_nb.components.plugins.router_plugins import AutoRouterPlugin
from openrouter_nb.components.provider import MaxPrice, ProviderPreferences
from openrouter_nb.components.reasoning import ChatRequestReasoning, ReasoningSummary
from openrouter_nb.components.response_format import (
    ChatFormatGrammarConfig,
    ChatFormatJSONObjectConfig,
    ChatFormatJSONSchemaConfig,
    ChatFormatPythonConfig,
    ChatFormatTextConfig,
    ChatJSONSchemaConfig,
)
from openrouter_nb.components.responses.result import (
    ChatAssistantMessage,
    ChatChoice,
    ChatResult,
    ChatToolCall,
    ChatToolCallFunction,
    FinishReason,
)
from openrouter_nb.components.responses.stream import (
    ChatStreamChoice,
    ChatStreamChunk,
    ChatStreamDelta,
    ChatStreamToolCall,
)
from openrouter_nb.components.responses.usage import (
    ChatUsage,
    ChatUsageCompletionTokensDetails,
    ChatUsagePromptTokensDetails,
)
from openrouter_nb.components.tools.function_tools import (
    ChatFunctionToolFunction,
    ChatFunctionToolFunctionFunction,
    ChatNamedToolChoice,
    ChatNamedToolChoiceFunction,
)
from openrouter_nb.components.views.json_view import JSONView

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

# Former names in this package.
ToolCall = ChatToolCall
FunctionCall = ChatToolCallFunction
PromptTokensDetails = ChatUsagePromptTokensDetails
CompletionTokensDetails = ChatUsageCompletionTokensDetails

# Types of fields, under their names in the current SDK (1.3.84), beside those that `field_types.py` finds. A text may be any.
Allow = ArmorRule | str
Environment = ArmorEnvironmentEntry | str
HardDeny = ArmorRule | str
SoftDeny = ArmorRule | str
Parameters1 = Parameters2 = Parameters3 = str | float | bool
ProviderOptions = dict[str, Any]
Algorithm = By = ChatContentImageDetail = ChatFunctionToolType = ChatRequestEffort = str
ContainerNetworkPolicyTypeDisabled = Effort = FusionServerToolConfigEffort = MetadataLevel = Modality = str
OnError = OutputMode = Partition = PresetEnum = PriceSource = Profile = Protocol = TypeAllowlist = str
Validation = Watch = WebSearchPluginType = str

ChatToolChoiceAuto = Literal["auto"]
ChatToolChoiceNone = Literal["none"]
ChatToolChoiceRequired = Literal["required"]
ChatFinishReasonEnum = FinishReason
ChatReasoningSummaryVerbosityEnum = ReasoningSummary

# Parts of `openrouter_metadata` in the current SDK, of which none has a class here.
Alignment = AlignmentAllowedCallRecord = AlignmentBlockedCallRecord = AlignmentCallRecord = JSONView
AlignmentRuleRecord = AlignmentUnavailableCallRecord = JSONView
ArmorSafeguardResult = ArmorSafeguardResultStatus = JSONView
ToolUses = ToolUsesEvaluated = ToolUsesSkipped = ToolUsesUnavailable = JSONView
AlignmentAllowedCallRecordOutcome = AlignmentBlockedCallRecordOutcome = str
AlignmentUnavailableCallRecordOutcome = AlignmentUnavailableCallRecordReason = str
ArmorSafeguardResultOutcome = str
TypeAvailable = TypeDangerousToolUse = TypeEvaluated = TypeSkipped = TypeUnavailable = str
