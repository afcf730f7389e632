"""Display values in a terminal: without an empty `Out[n]:`, and in any encoding."""

from __future__ import annotations

import sys
from typing import Any


class TerminalDisplay:
    r"""A display hook for the values of this package that display themselves, such as an answer in its own cell.

    IPython writes `Out[n]:` before it asks a value to display itself. Characters that the encoding of the terminal lacks are
    written as escapes, such as `\xf4`: the error of a text that cannot be written would end the answer.

    Args:
        shell: The IPython shell of a terminal.
    """

    def __init__(self, shell: Any) -> None:
        self._trap = shell.display_trap
        self._hook = shell.displayhook
        self._errors: str | None = None

    def install(self) -> None:
        """Start displaying values, from the next cell on."""
        self._trap.hook = self
        stdout: Any = sys.stdout
        if hasattr(stdout, "reconfigure") and stdout.encoding.lower() != "utf-8":
            self._errors = stdout.errors
            stdout.reconfigure(errors="backslashreplace")

    def remove(self) -> None:
        """Stop displaying values."""
        if self._trap.hook is self:
            self._trap.hook = self._hook
        if self._errors is not None:
            stdout: Any = sys.stdout
            stdout.reconfigure(errors=self._errors)
            self._errors = None

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
