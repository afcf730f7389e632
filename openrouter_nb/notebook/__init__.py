"""The notebook's door: what `%load_ext openrouter_nb` does."""

from __future__ import annotations

from typing import Any

_LINE_MAGICS = ("chat_cost", "chat_history", "chat_key", "chat_reset")
_OURS = "openrouter_nb_transformer"


def load(shell: Any) -> None:
    """Register `%%chat` and its synonym `%%openrouter`. Opens nothing, reads nothing, sends nothing."""
    from openrouter_nb.notebook.frontend import Frontend
    from openrouter_nb.notebook.line_magics import ChatLineMagics
    from openrouter_nb.notebook.magics import ChatMagics
    from openrouter_nb.notebook.session import Session
    from openrouter_nb.notebook.transformer import AwaitTransformer

    unload(shell)
    session = Session()
    magics = ChatMagics(shell, session)
    names = ["openrouter"]
    taken = shell.magics_manager.magics["cell"].get("chat")
    if taken is None:
        names.insert(0, "chat")
    else:
        print(f"%%chat belongs to {taken.__module__}: use %%openrouter instead.")  # noqa: T201 - meant for the reader
    shell.register_magics(magics, ChatLineMagics(shell, session))
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
        for name in _LINE_MAGICS:
            shell.magics_manager.magics["line"].pop(name, None)
        for owner in ("ChatMagics", "ChatLineMagics"):
            shell.magics_manager.registry.pop(owner, None)
