# ruff: noqa: F403
"""Models of wire objects, named as in OpenRouter's SDKs: the current one, and that of early 2026.

The first access to a name imports `_exports.py`, which loads all of them. Requests of plain dicts never import it.
"""

import contextlib
import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from openrouter_nb.components._exports import *
else:  # hidden from type checkers, which would accept any name otherwise

    def __getattr__(name: str) -> Any:
        # The import system looks up dunder names on every module, and `_exports` while it is being imported.
        if name != "_exports" and (name == "__all__" or not name.startswith("__")):
            names = importlib.import_module(f"{__name__}._exports")
            if name == "__all__" or name in names.__all__:
                return getattr(names, name)
            if name[0].isupper():
                with contextlib.suppress(LookupError):
                    return importlib.import_module(f"{__name__}.field_types").field_type(name)
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

    def __dir__() -> list[str]:
        return importlib.import_module(f"{__name__}._exports").__all__
