"""Heads of responses, without a transport."""

from dataclasses import dataclass, field

CHAT_REQUEST = ("POST", "https://openrouter.ai/api/v1/chat/completions")


@dataclass
class Head:
    """What errors take from a response."""

    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    request: tuple[str, str] = CHAT_REQUEST
