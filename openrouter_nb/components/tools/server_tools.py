"""Server tools, which OpenRouter runs: shell, files, time, images, and tools without a class here.

Source: OpenRouter's OpenAPI document of August 2026, schemas BashServerTool, FilesServerTool, DatetimeServerTool and
ImageGenerationServerTool_OpenRouter; `file_ids`, `network_policy` and ChatDynamicServerTool: SDK 1.3.84. Web
tools are in `web_tools.py`, tools that send requests to other models in `agent_tools.py`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from openrouter_nb.components.base import JSON, RequestModel, optional
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
    """No network access."""

    type: Literal["disabled"] = "disabled"


class ContainerNetworkPolicyAllowlist(RequestModel):
    """Network access to these domains only."""

    type: Literal["allowlist"] = "allowlist"
    allowed_domains: Sequence[str]


ContainerNetworkPolicy = ContainerNetworkPolicyDisabled | ContainerNetworkPolicyAllowlist


class ContainerAutoEnvironment(RequestModel):
    """A new container, removed after use."""

    type: Literal["container_auto"] = "container_auto"
    file_ids: Sequence[str] | None = None
    network_policy: JSON | ContainerNetworkPolicy | None = None


class ContainerReferenceEnvironment(RequestModel):
    """An existing container. Its id has 1 to 20 letters, digits, `_` and `-`."""

    type: Literal["container_reference"] = "container_reference"
    container_id: str
    file_ids: Sequence[str] | None = None
    network_policy: JSON | ContainerNetworkPolicy | None = None


class BashServerToolConfig(RequestModel):
    """Settings of the shell."""

    engine: BashServerToolEngine | None = optional(
        "`openrouter` runs the commands in a container; `auto` and `native` return the calls to the caller."
    )
    environment: JSON | ContainerAutoEnvironment | ContainerReferenceEnvironment | None = optional(
        "Container in which the commands run.", examples=[{"type": "container_auto"}]
    )
    sleep_after_seconds: int | None = optional(
        "Time in seconds until an idle container stops, at most 2,592,000. Default: 900.",
        maximum=2_592_000,
        default=900,
    )


class BashServerTool(RequestModel):
    """Run shell commands."""

    type: Literal["openrouter:bash"] = "openrouter:bash"
    parameters: JSON | BashServerToolConfig | None = None


class FilesServerToolConfig(RequestModel):
    """Settings of the file tool. There are none yet."""


class FilesServerTool(RequestModel):
    """Read and write files in the workspace of the API key."""

    type: Literal["openrouter:files"] = "openrouter:files"
    parameters: JSON | FilesServerToolConfig | None = None


class DatetimeServerToolConfig(RequestModel):
    """Settings of the date and time tool."""

    timezone: str | None = optional("IANA time zone, such as `Europe/Berlin`. Default: UTC.", default="UTC")


class DatetimeServerTool(RequestModel):
    """Return the current date and time."""

    type: Literal["openrouter:datetime"] = "openrouter:datetime"
    parameters: JSON | DatetimeServerToolConfig | None = None


class ImageGenerationServerToolConfig(RequestModel):
    """Settings of image generation. Fields of `image_config` are accepted as well."""

    model: str | None = optional("Image model. Default: `openai/gpt-5-image`.", default="openai/gpt-5-image")


class ImageGenerationServerToolOpenRouter(RequestModel):
    """Generate an image."""

    type: Literal["openrouter:image_generation"] = "openrouter:image_generation"
    parameters: JSON | ImageGenerationServerToolConfig | None = None


class ChatDynamicServerTool(RequestModel):
    """A server tool without a class here, given by its type."""

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
