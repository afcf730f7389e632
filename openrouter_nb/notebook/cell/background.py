"""`--bg`: the cell ends at once, and its answer continues to stream in the background."""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import Future
from typing import TYPE_CHECKING, Any, Self, cast

from openrouter_nb.client import background_loop
from openrouter_nb.client.kernel_interrupts import LoopWakeup, interruptible, wait_for, wait_for_result
from openrouter_nb.replay.running_cell import CELL

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Generator, Iterator, Sequence

    from openrouter_nb.live.views import LiveView
    from openrouter_nb.live.views.columns import Columns
    from openrouter_nb.notebook.cell.displayed_answer import DisplayedAnswer
    from openrouter_nb.notebook.cell.displayed_comparison import DisplayedComparison

_FIRST_OUTPUT_S = 5.0
_NOT_YET = "the answer is still arriving. `await` it first, or call .wait()."


async def wait_interruptibly(future: Future[Any]) -> None:
    """Wait until a background task ends, also with an error. Canceling the wait does not cancel the task."""
    over = asyncio.wrap_future(future)
    over.add_done_callback(lambda ended: ended.cancelled() or ended.exception())
    with LoopWakeup(ipykernel_only=False):
        await asyncio.wait([over])


class PendingAnswer:
    """An answer that may still be arriving: `_` after a cell with `--bg`.

    `await _` or `_.wait()` waits for the answer and returns it, or raises its error; `_.stop()` closes the request. The
    attributes of the answer, such as `.text` and `.cost`, are available once it has arrived.

    Args:
        future: Future of the answer.
        views: Output of the cell, once it has one; empty if the answer has arrived.
    """

    _what = "Answer"

    def __init__(
        self,
        future: Future[DisplayedAnswer | DisplayedComparison | None],
        views: Sequence[LiveView | Columns] = (),
    ) -> None:
        self.future = future
        self._views = views
        self._shown_in = CELL.get()

    @classmethod
    def start(
        cls,
        ask: Callable[
            [Callable[[LiveView | Columns], None]], Awaitable[DisplayedAnswer | DisplayedComparison | None]
        ],
    ) -> Self:
        """Start the request on the background loop, and return when the cell displays its first output.

        Args:
            ask: Sends the request. Its argument is a function to call with the view when that is open.
        """
        views: list[LiveView | Columns] = []
        begun = threading.Event()

        def opened(view: LiveView | Columns) -> None:
            views.append(view)
            begun.set()

        cell = CELL.get()

        async def asked() -> DisplayedAnswer | DisplayedComparison | None:
            answer = await ask(opened)
            if answer is not None:
                answer.shown_in = cell  # not the one that is running when the answer ends
            return answer

        future = background_loop.submit(asked)
        future.add_done_callback(lambda _: begun.set())
        # The first output must be in this cell before the frontend marks the cell as finished.
        if background_loop.has_thread():
            wait_for(begun.wait, _FIRST_OUTPUT_S)
        return cls(future, views)

    async def displayed(self) -> None:
        """Wait for the first output where the request runs on the loop of the cell, which `start` must not block."""
        while not (background_loop.has_thread() or self._views or self.done):  # noqa: ASYNC110 - a few turns of the loop
            await asyncio.sleep(0)

    @classmethod
    def there(cls, answer: DisplayedAnswer | DisplayedComparison | None) -> Self:
        """Return an answer that has arrived already."""
        future: Future[DisplayedAnswer | DisplayedComparison | None] = Future()
        future.set_result(answer)
        return cls(future)

    @property
    def done(self) -> bool:
        """Whether the answer has arrived, was stopped, or has failed."""
        return self.future.done()

    def stop(self) -> None:
        """Close the request. The text that has arrived remains in the cell."""
        if self._views:
            self._views[0].on_stop()
        else:
            self.future.cancel()

    def wait(self, timeout: float | None = None) -> DisplayedAnswer | DisplayedComparison | None:
        """Wait for the answer and return it.

        Args:
            timeout: Seconds to wait, None for no limit.

        Raises:
            TimeoutError: the answer has not arrived in time.
            OpenRouterError: the request failed.
            CancelledError: the answer was stopped.
        """
        with interruptible():
            return wait_for_result(self.future, timeout)

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

        if self._shown_in == CELL.get():
            return  # the cell already displays the stream
        is_there = self.done and not self.future.cancelled() and self.future.exception() is None
        if is_there and (answer := self.future.result()) is not None:
            shown = answer._repr_mimebundle_()
            publish(*(shown if isinstance(shown, tuple) else (shown,)))
        else:
            publish({"text/plain": repr(self)})


class PendingComparison(PendingAnswer):
    """The answers of several models that may still be arriving.

    `_[model]`, `_.keep(model)` and other attributes are available once all have arrived. `.stop()` stops all of them; the
    Stop button of a column stops that one.
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
    """Return the class for the answer of one model, or for the answers of `models`."""
    return PendingComparison if models else PendingAnswer
