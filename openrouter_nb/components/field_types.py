"""Types of fields under the names that the generator of OpenRouter's Python SDK gives to them.

The SDK has a name for the type of a field, made of class and field, and one for each class as a `TypedDict`. They are used in
annotations. Here they are resolved from the class: `ChatUserMessageRole`, `ProviderPreferencesSort`, `ChatMessagesTypedDict`.
"""

from __future__ import annotations

import importlib
from typing import Any

_TYPED_DICT = "TypedDict"


def field_type(name: str) -> Any:
    """Return the type that a name of the SDK stands for.

    Raises:
        LookupError: no class has such a field.
    """
    exports = importlib.import_module("openrouter_nb.components._exports")
    if name.endswith(_TYPED_DICT):
        base = name.removesuffix(_TYPED_DICT)
        if base not in exports.__all__:
            field_type(base)
        return dict[str, Any]
    for end in range(len(name) - 1, 0, -1):
        fields = getattr(getattr(exports, name[:end], None), "model_fields", {})
        for field, definition in fields.items():
            if field.replace("_", "") == name[end:].lower():
                return getattr(definition, "annotation", Any)
    raise LookupError(name)
