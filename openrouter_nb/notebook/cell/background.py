"""`--bg`: the cell is over at once, and its answer streams on."""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import Future
from typing import TYPE_CHECKING, Any, Self, cast

from openrouter_nb.client import background_loop
from openrouter_nb.client.loop_wakeup import LoopWakeup
from openrouter_nb.notebook.cell.displayed_answer import execution_count

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Generator, Iterator, Sequence

    from openrouter_nb.live.views import LiveView
    from openrouter_nb.live.views.columns import Columns
    from openrouter_nb.notebook.cell.displayed_answer import DisplayedAnswer
    from openrouter_nb.notebook.cell.displayed_comparison import DisplayedComparison

_SIGN_S = 5.0
_NOT_YET = "the answer is still arriving. `await` it first, or call .wait()."


async def wait_interruptibly(future: Future[Any]) -> None:
    """Wait until a background task ends, also with an error. Cancelling the wait does not cancel the task."""
    over = asyncio.wrap_future(future)
    over.add_done_callback(lambda ended: ended.cancelled() or ended.exception())
    with LoopWakeup(ipykernel_only=False):
        await asyncio.wait([over])


class PendingAnswer:
    """An answer that may still be arriving: `_` after a cell with `--bg`.

    `await _` or `_.wait()` waits for it and returns it, or raises what it failed with; `_.stop()` closes its request. What
    an answer has, such as `.text` and `.cost`, it has once it is there.

    Args:
        future: Is done when the answer is there.
        view: The output of the cell, None where the answer is there.
    """

    _what = "Answer"

    def __init__(
        self,
        future: Future[DisplayedAnswer | DisplayedComparison | None],
        view: LiveView | Columns | None = None,
    ) -> None:
        self.future = future
        self._view = view
        self._shown_in = execution_count()

    @classmethod
    def start(
        cls,
        ask: Callable[
            [Callable[[LiveView | Columns], None]], Awaitable[DisplayedAnswer | DisplayedComparison | None]
        ],
    ) -> Self:
        """Start asking on the background loop, and return when the cell shows a first sign.

        Args:
            ask: Asks; it is given a function to call with the view when that is open.
        """
        views: list[LiveView | Columns] = []
        begun = threading.Event()

        def opened(view: LiveView | Columns) -> None:
            views.append(view)
            begun.set()

        count = execution_count()

        async def asked() -> DisplayedAnswer | DisplayedComparison | None:
            answer = await ask(opened)
            if answer is not None:
                answer.shown_in = count  # and not the one that runs when it ends
            return answer

        future = background_loop.submit(asked)
        future.add_done_callback(lambda _: begun.set())
        # The sign belongs into this cell's output, before the frontend takes the cell for finished.
        begun.wait(_SIGN_S)
        return cls(future, views[0] if views else None)

    @classmethod
    def there(cls, answer: DisplayedAnswer | DisplayedComparison | None) -> Self:
        """Return one that waits no more."""
        future: Future[DisplayedAnswer | DisplayedComparison | None] = Future()
        future.set_result(answer)
        return cls(future)

    @property
    def done(self) -> bool:
        """Whether it is there, was stopped, or has failed."""
        return self.future.done()

    def stop(self) -> None:
        """Close the request. What has arrived stays in the cell."""
        if self._view is not None:
            self._view.on_stop()
        else:
            self.future.cancel()

    def wait(self, timeout: float | None = None) -> DisplayedAnswer | DisplayedComparison | None:
        """Wait for the answer and return it.

        Args:
            timeout: Seconds to wait, None for as long as it takes.

        Raises:
            TimeoutError: it is not there yet.
            OpenRouterError: the request failed.
            CancelledError: it was stopped.
        """
        return self.future.result(timeout)

    def __await__(self) -> Generator[Any, None, DisplayedAnswer | DisplayedComparison | None]:
        return self._awaited().__await__()

    async def _awaited(self) -> DisplayedAnswer | DisplayedComparison | None:
        await wait_interruptibly(self.future)
        return self.future.result()

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        if not self.done:
            raise AttributeError(f"{name}: {_NOT_YET}")
        return getattr(self.future.result(), name)

    def __str__(self) -> str:
        return str(self.future.result()) if self.done else repr(self)

    def __repr__(self) -> str:
        if not self.done:
            return f"<{self._what}, still arriving: await it, or .stop() it>"
        if self.future.cancelled():
            return f"<{self._what}, stopped>"
        error = self.future.exception()
        return f"<no {self._what}: {type(error).__name__}>" if error else repr(self.future.result())

    def _ipython_display_(self) -> None:
        from openrouter_nb.live.ipython_frontend import publish

        if self._shown_in == execution_count():
            return  # the cell shows it as it arrives
        is_there = self.done and not self.future.cancelled() and self.future.exception() is None
        if is_there and (answer := self.future.result()) is not None:
            shown = answer._repr_mimebundle_()
            publish(*(shown if isinstance(shown, tuple) else (shown,)))
        else:
            publish({"text/plain": repr(self)})


class PendingComparison(PendingAnswer):
    """The answers of several models that may still be arriving. `_[model]`, `_.keep(model)` and the rest are there with them.

    `.stop()` stops all of them; the Stop button of a column stops that one.
    """

    _what = "Comparison"

    def __getitem__(self, model: str) -> Any:
        return self._there[model]

    def __iter__(self) -> Iterator[str]:
        return iter(self._there)

    def __len__(self) -> int:
        return len(self._there)

    def __contains__(self, model: object) -> bool:
        return model in self._there

    @property
    def _there(self) -> DisplayedComparison:
        if not self.done:
            raise RuntimeError(_NOT_YET.capitalize())
        comparison: Any = self.future.result()
        if comparison is None:
            raise RuntimeError("None of the models has answered.")
        return cast("DisplayedComparison", comparison)


def pending_for(models: Sequence[str]) -> type[PendingAnswer]:
    """Return what stands for the answer of one model, or for those of `models`."""
    return PendingComparison if models else PendingAnswer
