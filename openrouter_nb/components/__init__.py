"""What goes over the wire, under the names of OpenRouter's SDKs."""

from openrouter_nb.components.request import ChatRequest
from openrouter_nb.components.result import (
    ChatAssistantMessage,
    ChatChoice,
    ChatResult,
    FunctionCall,
    ToolCall,
)
from openrouter_nb.components.stream import (
    ChatStreamChoice,
    ChatStreamChunk,
    ChatStreamDelta,
    ChatStreamToolCall,
)
from openrouter_nb.components.usage import (
    ChatUsage,
    CompletionTokensDetails,
    CostDetails,
    PromptTokensDetails,
)

__all__ = [
    "ChatAssistantMessage",
    "ChatChoice",
    "ChatRequest",
    "ChatResult",
    "ChatStreamChoice",
    "ChatStreamChunk",
    "ChatStreamDelta",
    "ChatStreamToolCall",
    "ChatUsage",
    "CompletionTokensDetails",
    "CostDetails",
    "FunctionCall",
    "PromptTokensDetails",
    "ToolCall",
]
