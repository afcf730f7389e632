"""Tools that OpenRouter runs: shell, files, time, pictures, and the ones of any name.

Source: OpenRouter's OpenAPI document of August 2026, schemas BashServerTool, FilesServerTool, DatetimeServerTool and
ImageGenerationServerTool_OpenRouter; `file_ids`, `network_policy` and ChatDynamicServerTool: SDK 1.3.84. Tools of the
web are in `web_tools.py`, tools that ask other models in `agent_tools.py`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from openrouter_nb.components.base import JSON, RequestModel
from openrouter_nb.components.tools.agent_tools import (
    AdvisorServerToolOpenRouter,
    ChatSearchModelsServerTool,
    FusionServerToolOpenRouter,
    SubagentServerToolOpenRouter,
)
from openrouter_nb.components.tools.web_tools import (
    ChatWebSearchShorthand,
    OpenRouterWebSearchServerTool,
    WebFetchServerTool,
)

BashServerToolEngine = str | Literal["auto", "native", "openrouter"]


class ContainerNetworkPolicyDisabled(RequestModel):
    """No network."""

    type: Literal["disabled"] = "disabled"


class ContainerNetworkPolicyAllowlist(RequestModel):
    """Network to these domains only."""

    type: Literal["allowlist"] = "allowlist"
    allowed_domains: Sequence[str]


ContainerNetworkPolicy = ContainerNetworkPolicyDisabled | ContainerNetworkPolicyAllowlist


class ContainerAutoEnvironment(RequestModel):
    """A new container, gone after use."""

    type: Literal["container_auto"] = "container_auto"
    file_ids: Sequence[str] | None = None
    network_policy: JSON | ContainerNetworkPolicy | None = None


class ContainerReferenceEnvironment(RequestModel):
    """A container made before; its id has 1 to 20 letters, digits, `_` and `-`."""

    type: Literal["container_reference"] = "container_reference"
    container_id: str
    file_ids: Sequence[str] | None = None
    network_policy: JSON | ContainerNetworkPolicy | None = None


class BashServerToolConfig(RequestModel):
    """Where the shell runs.

    Attributes:
        engine: `openrouter` runs commands there; `auto` and `native` hand the calls to the caller.
        environment: The container.
        sleep_after_seconds: Seconds that it stays warm after its last command, up to 2,592,000; 900 unless given.
    """

    engine: BashServerToolEngine | None = None
    environment: JSON | ContainerAutoEnvironment | ContainerReferenceEnvironment | None = None
    sleep_after_seconds: int | None = None


class BashServerTool(RequestModel):
    """Run shell commands."""

    type: Literal["openrouter:bash"] = "openrouter:bash"
    parameters: JSON | BashServerToolConfig | None = None


class FilesServerToolConfig(RequestModel):
    """Nothing to set yet."""


class FilesServerTool(RequestModel):
    """Read and write files of the key's workspace."""

    type: Literal["openrouter:files"] = "openrouter:files"
    parameters: JSON | FilesServerToolConfig | None = None


class DatetimeServerToolConfig(RequestModel):
    """The time zone by its IANA name, such as `Europe/Berlin`; UTC unless given."""

    timezone: str | None = None


class DatetimeServerTool(RequestModel):
    """Tell date and time."""

    type: Literal["openrouter:datetime"] = "openrouter:datetime"
    parameters: JSON | DatetimeServerToolConfig | None = None


class ImageGenerationServerToolConfig(RequestModel):
    """The model that draws, `openai/gpt-5-image` unless given, and anything of `image_config` beside it."""

    model: str | None = None


class ImageGenerationServerToolOpenRouter(RequestModel):
    """Draw a picture."""

    type: Literal["openrouter:image_generation"] = "openrouter:image_generation"
    parameters: JSON | ImageGenerationServerToolConfig | None = None


class ChatDynamicServerTool(RequestModel):
    """A server tool that has no class here, by its type."""

    type: str
    parameters: Mapping[str, Any] | None = None


ServerTool = (
    OpenRouterWebSearchServerTool
    | ChatWebSearchShorthand
    | WebFetchServerTool
    | AdvisorServerToolOpenRouter
    | SubagentServerToolOpenRouter
    | FusionServerToolOpenRouter
    | ChatSearchModelsServerTool
    | BashServerTool
    | FilesServerTool
    | DatetimeServerTool
    | ImageGenerationServerToolOpenRouter
    | ChatDynamicServerTool
)
