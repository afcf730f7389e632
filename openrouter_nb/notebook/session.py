"""State that the chat cells of one kernel share: client, conversations, usage."""

from __future__ import annotations

import os
import threading
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from openrouter_nb.notebook.page_cells import PageCells

if TYPE_CHECKING:
    from concurrent.futures import Future

    from openrouter_nb.client import OpenRouter
    from openrouter_nb.client.resources.model_catalog import ModelCatalog
    from openrouter_nb.components import ChatResult
    from openrouter_nb.conversation import Conversations
    from openrouter_nb.notebook.cell.chat_cell import ChatCell


@dataclass(slots=True)
class UsageTotals:
    """Total usage of one conversation with one model.

    Attributes:
        requests: Number of answers, complete or partial.
        prompt_tokens: Tokens sent.
        completion_tokens: Tokens received.
        cost: Cost in US dollars, as reported by OpenRouter.
        unpriced: Number of answers without a reported cost, such as stopped ones.
    """

    requests: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    cost: float = 0.0
    unpriced: int = 0

    def add(self, result: ChatResult) -> None:
        """Add the usage of an answer."""
        usage = result.usage
        self.requests += 1
        if usage is None or usage.cost is None:
            self.unpriced += 1
        if usage is not None:
            self.prompt_tokens += usage.prompt_tokens or 0
            self.completion_tokens += usage.completion_tokens or 0
            self.cost += usage.cost or 0.0


@dataclass
class NotebookSession:
    """State of the magics. Created when the extension is loaded; expensive members are created on first use.

    Args:
        shell: The IPython shell.

    Attributes:
        cells: The cells that were run, and those that the page sends.
        unstored: Sources and values of cells that IPython's history does not have: nbval runs all cells like this.
    """

    shell: Any
    last: ChatCell | None = None
    last_error: BaseException | None = None  # of the user's code, for --context error
    unstored: list[tuple[str, Any]] = field(default_factory=list)
    cells: PageCells = field(init=False)
    asked: tuple[int, int] = (0, 0)  # number of the running execution, and of its questions so far
    running: dict[str, Future[Any]] = field(
        default_factory=dict
    )  # answers in the background, by conversation
    accounts: dict[tuple[str, str], UsageTotals] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock, init=False, repr=False)  # of `accounts`

    def __post_init__(self) -> None:
        self.cells = PageCells(self.shell)

    @cached_property
    def client(self) -> OpenRouter:
        """The client, created on first use."""
        from openrouter_nb.client import OpenRouter

        return OpenRouter()

    @cached_property
    def catalog(self) -> ModelCatalog:
        """The catalog of the client's models."""
        from openrouter_nb.client.resources.model_catalog import ModelCatalog

        return ModelCatalog(self.client)

    @cached_property
    def conversations(self) -> Conversations:
        """The conversations by name."""
        from openrouter_nb.conversation import Conversations

        return Conversations()

    def note_cell(self, info: Any) -> None:
        """Name the running cell. IPython calls this method before each cell."""
        from openrouter_nb.replay.running_cell import CELL, Cell

        source, cell_id = getattr(info, "raw_cell", None) or "", getattr(info, "cell_id", None)
        CELL.set(Cell(self.shell.execution_count, source, cell_id))

    def forget_client(self) -> None:
        """Let the next request create a client, with the key and the address of that time."""
        self.__dict__.pop("client", None)
        self.__dict__.pop("catalog", None)

    def note_result(self, result: Any) -> None:
        """Store the error of a cell, or the cell itself. IPython calls this method after each cell."""
        from openrouter_nb.notebook.cell.context import is_theirs

        error = getattr(result, "error_in_exec", None) or getattr(result, "error_before_exec", None)
        if isinstance(error, BaseException) and is_theirs(error):
            self.last_error = error
        else:
            error = None
        self.cells.note(result, error)
        # VS Code runs hidden code like this. It is not kept once the history has a cell.
        has_history = any(self.shell.history_manager.input_hist_raw)
        info = getattr(result, "info", None)
        if info is not None and not info.store_history and not has_history:
            self.unstored.append((info.raw_cell, result.result))

    def offer_budget(self, _result: Any) -> None:
        """Let widgets count their requests in this session. IPython calls this method after each cell."""
        from openrouter_nb.live.session_budget import use_budget  # not needed by `%load_ext`

        use_budget(self)

    def occurrence(self, execution: int) -> int:
        """Return the number of a question within one execution, from 1, so that each question has its own turn."""
        count = self.asked[1] + 1 if self.asked[0] == execution else 1
        self.asked = (execution, count)
        return count

    @property
    def spent(self) -> float:
        """Cost of the answers so far in US dollars, as reported by OpenRouter."""
        return sum(account.cost for account in list(self.accounts.values()))

    @property
    def limit(self) -> float | None:
        """Limit of `spent`, None for no limit: `%chat_config budget`."""
        limit: float | None = self.shell.magics_manager.registry["ChatMagics"].budget
        return limit

    @property
    def shows_total(self) -> bool:
        """Whether footers show the total cost: not for the first answer, nor if outputs are compared between runs."""
        return bool(self.accounts) and os.environ.get("OPENROUTER_NB_LIVE") != "0"

    def count(self, chat: str, asked_model: str, result: ChatResult) -> None:
        """Add an answer to the totals of its conversation and model. Repeated runs of a cell are added again."""
        key = (chat, result.model or asked_model)
        with self._lock:
            self.accounts.setdefault(key, UsageTotals()).add(result)
