# ruff: noqa: F403
"""What goes over the wire, under the names of OpenRouter's SDKs: the current ones, and those of early 2026.

They are listed in `_exports.py`, which is loaded with the first of them: a request may be made of plain dicts just as well.
"""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from openrouter_nb.components._exports import *
else:  # an editor sees the names themselves, and which there are not

    def __getattr__(name: str) -> Any:
        # What the import system asks of every module, and the list itself while it is being loaded.
        if name != "_exports" and (name == "__all__" or not name.startswith("__")):
            names = importlib.import_module(f"{__name__}._exports")
            if name == "__all__" or name in names.__all__:
                return getattr(names, name)
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

    def __dir__() -> list[str]:
        return importlib.import_module(f"{__name__}._exports").__all__
