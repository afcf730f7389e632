"""`%%chat`: a prompt in a cell, the answer under it."""

from __future__ import annotations

import asyncio
import os
from typing import TYPE_CHECKING, Any

from IPython.core.magic import Magics, magics_class, no_var_expand
from traitlets import Unicode

from openrouter_nb.conversation.prompt import PromptError
from openrouter_nb.notebook.arguments import OptionError
from openrouter_nb.notebook.ask import ask
from openrouter_nb.notebook.failed import in_one_line, usage_error
from openrouter_nb.notebook.options import help_text
from openrouter_nb.notebook.question import Question, read

if TYPE_CHECKING:
    from openrouter_nb.notebook.answer import Answer
    from openrouter_nb.notebook.session import Session

_HELP = f"""Send the cell to a model on OpenRouter; the answer streams into the output.

    %%chat [options] [words …]
    the prompt

    %chat [options] prompt

The words on the line, if any, go before the prompt. The cells of a notebook are one conversation: each sends what was
said before, and running a cell again replaces its own turn. The answer is `_`, with `.text`, `.usage` and `.cost`.

Options (none is sent unless given):

{help_text()}

The model, if -m is left out, is `%config ChatMagics.model`, else OPENROUTER_NB_MODEL, else openrouter/auto.
The key is read from OPENROUTER_API_KEY; %chat_key asks for it. %chat_history, %chat_reset and %chat_cost show, forget and
price what was said, and %chat_retry asks the last question again, of another model with -m.

Examples:

    %%chat -m openai/gpt-5-mini -t 0.2
    Why is the sky blue?
"""


@magics_class
class ChatMagics(Magics):  # type: ignore[misc]
    """Chat with any model on OpenRouter. `%config ChatMagics` shows these settings."""

    model = Unicode(
        help="Model id when a cell gives no -m. Empty: OPENROUTER_NB_MODEL, else openrouter/auto."
    ).tag(config=True)

    def __init__(self, shell: Any, session: Session) -> None:
        super().__init__(shell)
        self._session = session

    @no_var_expand  # type: ignore[untyped-decorator]
    def chat(self, line: str, cell: str | None = None) -> Answer | None:
        """Run a cell and wait, where nobody awaits it: under `%%time`, from a program, in a terminal."""
        return self._wait(line, cell)

    chat.__doc__ = _HELP

    @no_var_expand  # type: ignore[untyped-decorator]
    def chat_retry(self, line: str) -> Answer | None:
        """Ask the last question again, in its place in the conversation: after an error, or of another model.

        %chat_retry [options of %%chat]
        """
        return self._wait(line, None, again=True)

    async def awaited(self, name: str, line: str, cell: str | None) -> Answer | None:
        """Run a cell that the input transformer has made awaitable."""
        question = self._read(line, cell, again=name == "chat_retry")
        try:
            return await self._ask(question)
        except asyncio.CancelledError:
            # An interrupt reaches an awaited cell as cancellation. It must go on as KeyboardInterrupt, or "Run All"
            # would run the next cell.
            if (task := asyncio.current_task()) is not None:
                task.uncancel()
            raise in_one_line(KeyboardInterrupt()) from None
        except BaseException as error:  # noqa: BLE001 - raised again, only its traceback is shorter
            raise in_one_line(error) from None

    def _wait(self, line: str, cell: str | None, *, again: bool = False) -> Answer | None:
        from openrouter_nb.client import blocking

        question = self._read(line, cell, again=again)
        try:
            return blocking.run(self._ask, question)
        except BaseException as error:  # noqa: BLE001 - raised again, only its traceback is shorter
            raise in_one_line(error) from None

    def _read(self, line: str, cell: str | None, *, again: bool) -> Question:
        try:
            if not again:
                return read(line, cell or "", self.shell)
            if self._session.last is None:
                raise OptionError("There is no question to ask again.")
            return self._session.last.again(line)
        except (OptionError, PromptError) as error:
            raise usage_error(str(error)) from None

    async def _ask(self, question: Question) -> Answer | None:
        return await ask(question, self._session, self.shell, default_model=self._model())

    def _model(self) -> str:
        return self.model or os.environ.get("OPENROUTER_NB_MODEL") or "openrouter/auto"
