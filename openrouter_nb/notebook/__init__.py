"""IPython front end: `%load_ext openrouter_nb` and `%unload_ext openrouter_nb`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

_LINE_MAGICS = (
    "chat_config",
    "chat_cost",
    "chat_history",
    "chat_key",
    "chat_models",
    "chat_play",
    "chat_reset",
    "chat_retry",
    "chat_verify",
)
_OURS = "openrouter_nb"
_KEPT = "openrouter_nb kept"


def load(shell: Any, open_playground: Callable[..., Any]) -> None:
    """Register the magics, the completer and the input transformer. No input or output.

    Conversations, costs and settings of an extension that was unloaded before, as by `%reload_ext`, are continued.

    Args:
        shell: The IPython shell.
        open_playground: Returns a playground; takes the arguments of `Playground`. Injected because the two front ends do
            not import each other.
    """
    from openrouter_nb.live.ipython_frontend import IPythonFrontend
    from openrouter_nb.notebook.await_transformer import AwaitTransformer
    from openrouter_nb.notebook.commands.chat_config import settings
    from openrouter_nb.notebook.completion import completer
    from openrouter_nb.notebook.line_magics import ChatLineMagics
    from openrouter_nb.notebook.literal_lines import LiteralLines
    from openrouter_nb.notebook.magics import ChatMagics
    from openrouter_nb.notebook.scope import MagicClosures
    from openrouter_nb.notebook.session import NotebookSession
    from openrouter_nb.notebook.terminal_display import TerminalDisplay

    unload(shell)
    manager = shell.magics_manager
    session, kept = shell.meta.pop(_KEPT, None) or (NotebookSession(shell), {})
    magics = ChatMagics(shell, session, open_playground)
    for setting, value in kept.items():
        setattr(magics, setting, value)
    taken = manager.magics["cell"].get("chat") or manager.magics["line"].get("chat")
    names = ("openrouter",) if taken else ("chat", "openrouter")
    if taken:
        print(f"%%chat belongs to {taken.__module__}: use %%openrouter instead.")  # noqa: T201 - meant for the reader
    shell.register_magics(magics, ChatLineMagics(shell, session, magics))
    for name in names:
        manager.register_function(magics.chat, "line_cell", name)
    manager.register_function(magics.chat_retry, "line", "chat_retry")
    manager.register_function(magics.chat_play, "line", "chat_play")
    transformer = AwaitTransformer(shell, ChatMagics.__name__, (*names, "chat_retry"))
    display = TerminalDisplay(shell)
    if IPythonFrontend(shell).has_kernel:
        # A terminal's Ctrl-C leaves an awaited cell suspended with its request open; there the cell waits instead.
        transformer.install()
    else:
        display.install()
    lines = LiteralLines(shell, names)
    lines.install()
    closures = MagicClosures(shell, (*names, "chat_retry", "chat_play"))
    closures.install()
    session.cells.install()
    shell.events.register("pre_run_cell", session.note_cell)
    shell.events.register("post_run_cell", session.note_result)
    shell.events.register("post_run_cell", session.offer_budget)
    matcher = completer(shell, session, names, settings(magics))
    shell.Completer.custom_matchers.append(matcher)
    shell.meta[_OURS] = (transformer, display, lines, closures, names, session, matcher)


def unload(shell: Any) -> None:
    """Remove everything that `load` registered."""
    if _OURS not in shell.meta:
        return
    from openrouter_nb.live.session_budget import use_budget

    use_budget(None)
    transformer, display, lines, closures, names, session, matcher = shell.meta.pop(_OURS)
    session.forget_client()
    shell.meta[_KEPT] = (session, shell.magics_manager.registry["ChatMagics"].trait_values(config=True))
    transformer.remove()
    display.remove()
    lines.remove()
    closures.remove()
    session.cells.remove()
    shell.events.unregister("pre_run_cell", session.note_cell)
    shell.events.unregister("post_run_cell", session.note_result)
    shell.events.unregister("post_run_cell", session.offer_budget)
    shell.Completer.custom_matchers.remove(matcher)
    manager = shell.magics_manager
    for name in names:
        manager.magics["cell"].pop(name, None)
    for name in (*names, *_LINE_MAGICS):
        manager.magics["line"].pop(name, None)
    for owner in ("ChatMagics", "ChatLineMagics"):
        magics = manager.registry.pop(owner, None)
        if magics in shell.configurables:
            # Otherwise %config would set traits of the unloaded object.
            shell.configurables.remove(magics)
