"""The body of a chat request as a model."""

from __future__ import annotations

from typing import Any

from pydantic import create_model

from openrouter_nb.components.base import Nullable, RequestModel
from openrouter_nb.components.request import ChatRequestTypedDict

_Value = Nullable[Any]
# The fields are listed once, in the `TypedDict` of `chat.send`. None is sent as null, as it may be in the SDK's class.
_FIELDS: dict[str, Any] = {
    name: (_Value, None)
    for name in (*ChatRequestTypedDict.__annotations__, "stream")
    if name not in ("messages", "extra_body")
}

_Fields: Any = create_model("_Fields", __base__=RequestModel, __module__=__name__, **_FIELDS)


class ChatRequest(_Fields):  # type: ignore[misc]
    """The body of a chat request: `chat.send(**request.model_dump())` sends it."""

    messages: list[Any]
