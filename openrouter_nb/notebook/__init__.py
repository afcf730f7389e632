"""The notebook's door: what `%load_ext openrouter_nb` does."""

from __future__ import annotations

from typing import Any

_OURS = "openrouter_nb_transformer"


def load(shell: Any) -> None:
    """Register `%%chat` and its synonym `%%openrouter`. Opens nothing, reads nothing, sends nothing."""
    from openrouter_nb.notebook.frontend import Frontend
    from openrouter_nb.notebook.magics import ChatMagics
    from openrouter_nb.notebook.transformer import AwaitTransformer

    unload(shell)
    magics = ChatMagics(shell)
    names = ["openrouter"]
    taken = shell.magics_manager.magics["cell"].get("chat")
    if taken is None:
        names.insert(0, "chat")
    else:
        print(f"%%chat belongs to {taken.__module__}: use %%openrouter instead.")  # noqa: T201 - meant for the reader
    shell.register_magics(magics)
    for name in names:
        shell.magics_manager.register_function(magics.chat, "cell", name)
    transformer = AwaitTransformer(shell, ChatMagics.__name__, tuple(names))
    if Frontend(shell).has_kernel:
        # A terminal's Ctrl-C leaves an awaited cell suspended with its request open; there the cell waits instead.
        transformer.install()
    shell.meta[_OURS] = (transformer, names)


def unload(shell: Any) -> None:
    """Take away what `load` registered."""
    transformer, names = shell.meta.pop(_OURS, (None, ()))
    if transformer is not None:
        transformer.remove()
        for name in names:
            shell.magics_manager.magics["cell"].pop(name, None)
        shell.magics_manager.registry.pop("ChatMagics", None)
