"""Show an answer that a cell of marimo waits for in the output of that cell.

marimo has no magics, and its cells can change their output while they run, from their own thread.
"""

from __future__ import annotations

import sys
import time
import weakref
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

# Each update sends the whole text: 1 MB of it at most every 10 s.
_INTERVAL_S = 0.1
_CHARACTERS_PER_S = 100_000

# By the outputs of a running cell, the position of its answer: the next answer takes its place.
_positions: weakref.WeakKeyDictionary[Any, int] = weakref.WeakKeyDictionary()
# Of answers that a cell awaits together, the first one is shown.
_in_use: weakref.WeakSet[Any] = weakref.WeakSet()


class MarimoOutput:
    """The place of an answer in the outputs of the running cell.

    Args:
        marimo: The module.
        outputs: The outputs of the running cell.
    """

    def __init__(self, marimo: Any, outputs: Any) -> None:
        self._marimo = marimo
        self._outputs = outputs
        self._position = _positions.setdefault(outputs, len(outputs))
        self._due = 0.0
        _in_use.add(outputs)

    @property
    def is_due(self) -> bool:
        """Whether the last update is long enough ago."""
        return time.monotonic() >= self._due

    def update(self, bundle: Mapping[str, str], size: int) -> None:
        """Show what has arrived.

        Args:
            bundle: Mime bundle of the answer.
            size: Characters of its text.
        """
        self._show(bundle)
        self._due = time.monotonic() + _INTERVAL_S + size / _CHARACTERS_PER_S

    def close(self, bundle: Mapping[str, str] | None) -> None:
        """Show the answer as it is at its end; None if nothing has arrived. The value of the cell replaces it."""
        _in_use.discard(self._outputs)
        self._show(bundle or {"text/html": ""})

    def _show(self, bundle: Mapping[str, str]) -> None:
        # The cell may have cleared its outputs.
        position = min(self._position, len(self._outputs))
        self._marimo.output.replace_at_index(marimo_html(bundle), position)


def marimo_html(bundle: Mapping[str, str]) -> Any:
    """Return the `mo.Html` of a mime bundle, with the classes of `mo.md`: marimo resets the styles of headings and lists."""
    html = f'<div class="markdown prose dark:prose-invert">{bundle["text/html"]}</div>'
    return sys.modules["marimo"].Html(html)


def marimo_output() -> MarimoOutput | None:
    """Return a place in the outputs of the running cell; None outside of marimo, and while another answer is shown there."""
    marimo = sys.modules.get("marimo")
    if marimo is None or not marimo.running_in_notebook():
        return None
    try:
        # No public function of marimo returns the outputs of a cell. Read in marimo 0.25.2.
        context = sys.modules["marimo._runtime.context"].get_context().execution_context
        return None if context is None or context.output in _in_use else MarimoOutput(marimo, context.output)
    except (KeyError, AttributeError, TypeError):  # another version: the answer is shown at its end
        return None
