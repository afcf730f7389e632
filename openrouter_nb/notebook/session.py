"""What the chat cells of one kernel share: the client, the conversations, and what they have cost."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from concurrent.futures import Future

    from openrouter_nb.client import OpenRouter
    from openrouter_nb.client.resources.model_catalog import ModelCatalog
    from openrouter_nb.components import ChatResult
    from openrouter_nb.conversation import Conversations
    from openrouter_nb.notebook.cell.chat_cell import ChatCell


@dataclass(slots=True)
class UsageTotals:
    """What was used under one name.

    Attributes:
        requests: Answers, whole or in part.
        prompt_tokens: Tokens sent.
        completion_tokens: Tokens received.
        cost: US dollars, as OpenRouter reports them.
        unpriced: Answers whose price was not reported, such as stopped ones.
    """

    requests: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    cost: float = 0.0
    unpriced: int = 0

    def add(self, result: ChatResult) -> None:
        """Count an answer."""
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
    """State of the magics. Made when the extension is loaded; holds nothing that is costly before the first request."""

    last: ChatCell | None = None
    last_error: BaseException | None = None  # of the user's own code, for --context error
    asked: tuple[int, int] = (0, 0)  # the running execution, and how many questions it has asked
    running: dict[str, Future[Any]] = field(
        default_factory=dict
    )  # what is asked in the background, by conversation
    accounts: dict[tuple[str, str], UsageTotals] = field(default_factory=dict)

    @cached_property
    def client(self) -> OpenRouter:
        """The client, made on first use."""
        from openrouter_nb.client import OpenRouter

        return OpenRouter()

    @cached_property
    def catalog(self) -> ModelCatalog:
        """The models of the client's server."""
        from openrouter_nb.client.resources.model_catalog import ModelCatalog

        return ModelCatalog(self.client)

    @cached_property
    def conversations(self) -> Conversations:
        """The conversations by name."""
        from openrouter_nb.conversation import Conversations

        return Conversations()

    def note_error(self, result: Any) -> None:
        """Remember how a cell failed. IPython calls it after each cell."""
        from openrouter_nb.notebook.cell.context import is_theirs

        error = getattr(result, "error_in_exec", None) or getattr(result, "error_before_exec", None)
        if isinstance(error, BaseException) and is_theirs(error):
            self.last_error = error

    def occurrence(self, execution: int) -> int:
        """Count the questions of one execution: 1 for the first, so that each has a place of its own."""
        count = self.asked[1] + 1 if self.asked[0] == execution else 1
        self.asked = (execution, count)
        return count

    @property
    def spent(self) -> float:
        """US dollars that the answers so far have cost, as OpenRouter reported them."""
        return sum(account.cost for account in self.accounts.values())

    @property
    def shows_total(self) -> bool:
        """Whether a footer says what was spent so far: not under the first answer, nor where outputs are compared."""
        return bool(self.accounts) and os.environ.get("OPENROUTER_NB_LIVE") != "0"

    def count(self, chat: str, asked_model: str, result: ChatResult) -> None:
        """Note what an answer has cost, under its conversation and model. Running a cell again costs again."""
        key = (chat, result.model or asked_model)
        self.accounts.setdefault(key, UsageTotals()).add(result)
