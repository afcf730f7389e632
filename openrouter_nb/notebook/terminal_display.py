"""Display values in a terminal without an empty `Out[n]:`."""

from __future__ import annotations

from typing import Any


class TerminalDisplay:
    """A display hook for the values of this package that display themselves, such as an answer in its own cell.

    IPython writes `Out[n]:` before it asks a value to display itself.

    Args:
        shell: The IPython shell of a terminal.
    """

    def __init__(self, shell: Any) -> None:
        self._trap = shell.display_trap
        self._hook = shell.displayhook

    def install(self) -> None:
        """Start displaying values, from the next cell on."""
        self._trap.hook = self

    def remove(self) -> None:
        """Stop displaying values."""
        if self._trap.hook is self:
            self._trap.hook = self._hook

    def __call__(self, value: Any = None) -> None:
        """Store a value as IPython does, and display it."""
        hook = self._hook
        is_ours = type(value).__module__.partition(".")[0] == "openrouter_nb"
        if not (is_ours and hasattr(type(value), "_ipython_display_")):
            hook(value)
            return
        hook.check_for_underscore()
        if hook.quiet():
            return
        hook.update_user_ns(value)
        hook.fill_exec_result(value)
        value._ipython_display_()
