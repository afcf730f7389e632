"""The magics `%%chat`, `%chat_retry` and `%chat_play`, and their settings."""

from __future__ import annotations

import asyncio
import os
from typing import TYPE_CHECKING, Any, TypeAlias

from IPython.core.magic import Magics, magics_class, no_var_expand
from traitlets import Bool, Enum, Float, Int, Unicode

from openrouter_nb.live.ipython_frontend import IPythonFrontend
from openrouter_nb.notebook.cell.chat_cell import ChatCell, read
from openrouter_nb.notebook.cell.error_output import short_traceback, usage_error
from openrouter_nb.notebook.cell.run_cell import run_cell
from openrouter_nb.notebook.help import help_text
from openrouter_nb.notebook.options.values import OptionError
from openrouter_nb.notebook.scope import caller_variables
from openrouter_nb.notebook.settings import MagicSettings
from openrouter_nb.prompt import PromptError
from openrouter_nb.render.answer.display_formats import FORMATS
from openrouter_nb.replay.mode import MODES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from openrouter_nb.notebook.cell.background import PendingAnswer
    from openrouter_nb.notebook.cell.displayed_answer import DisplayedAnswer
    from openrouter_nb.notebook.cell.displayed_comparison import DisplayedComparison
    from openrouter_nb.notebook.session import NotebookSession

    Value: TypeAlias = DisplayedAnswer | DisplayedComparison | PendingAnswer | None

_HELP = f"""Send the cell to a model on OpenRouter; the answer streams into the output.

    %%chat [options] [words …]
    the prompt

    %chat [options] prompt

Words on the line are placed before the prompt. The cells of a notebook are one conversation: each sends the previous turns,
and running a cell again replaces its turn. The answer is `_`, with `.text`, `.usage` and `.cost`.

In the prompt {{{{double braces}}}} contain Python: `{{{{df}}}}` is a table of at most 50 rows and 30 columns, `{{{{fig}}}}` an image,
`{{{{error}}}}` the traceback of the last error. Options accept them, too: `-m {{{{model}}}}`. They are evaluated once; everything else,
such as single braces, dollars and quotes, is sent unchanged.
Stop or interrupt closes the request and displays the partial answer; an incomplete turn is not added to the conversation.
The partial answer is a value: `_` and the variable of -o, with `.complete` False, also after an error in the middle of an
answer. An answer that does not fit --schema is `_`. Calls of `chat()` have a partial answer in `error.partial`, in a notebook
`sys.last_value.partial`.

Examples:

    %%chat -m openai/gpt-5-mini -t 0.2
    Why is the sky blue?

    %%chat Summarise in three points:
    {{{{df.describe()}}}}

    %%chat -m openai/gpt-5-mini --fallback anthropic/claude-sonnet-4.5 --max-cost 0.05 -s "Answer in French."
    What is a monad?

    %%chat -i fig
    What does this plot show?

    %%chat --context error --code
    Fix it.

    %%chat -f json -o city --once
    Lyon as JSON with the keys name and population.

    %%chat --bg -c research -r high
    Prove that there are infinitely many primes.

    x = %chat -q --once Say hello.

    %%chat --dry-run -n 500 -p provider.sort='"price"'
    What would this cost?

Options. Only the given ones are sent:

{help_text()}

Without -m, the model is that of %chat_config, otherwise OPENROUTER_NB_MODEL, otherwise openrouter/auto.
The key is read from OPENROUTER_API_KEY or the system's keyring; %chat_key asks for it.

    %chat_config    settings of all cells: model, budget, format, …
    %chat_models    find a model: words, --free, --tools, --input image, --sort price
    %chat_retry     ask the last question again: after an error, or of another model with -m
    %chat_play      open the last question in the playground
    %chat_history   show a conversation, or save it as .md, .json or .py
    %chat_reset     delete a conversation
    %chat_cost      show the cost of the cells
    %chat_verify    list the cells that a replay file answers, and what is different in the others
    %chat_key       set, store or delete the key
"""


def _amount(text: str) -> Any:
    return Float(None, allow_none=True, min=0, help=text).tag(config=True)


@magics_class
class ChatMagics(Magics):  # type: ignore[misc]
    """Chat with any model on OpenRouter. `%config ChatMagics` shows these settings."""

    model = Unicode(
        help="Model id of cells without -m. Empty: OPENROUTER_NB_MODEL, otherwise openrouter/auto."
    ).tag(config=True)
    format = Enum(FORMATS, "md", help="Display format of answers of cells without -f.").tag(config=True)
    show_reasoning = Bool(help="Show the reasoning of all answers expanded.").tag(config=True)
    max_cost = _amount("Maximum cost in US dollars of a cell without --max-cost; None for no limit.")
    budget = _amount("Maximum cost in US dollars of all chat cells of this kernel; None for no limit.")
    history_tokens = Int(
        None,
        allow_none=True,
        min=0,
        help="Maximum number of tokens of earlier turns to send; None for the limit of the model's context.",
    ).tag(config=True)
    on_error = Enum(
        ("raise", "banner"),
        "raise",
        help="Whether a failed request fails its cell, or only displays its banner.",
    ).tag(config=True)
    timeout = Float(
        None, allow_none=True, min=0.1, help="Seconds to wait for the next part of an answer; None for 120."
    ).tag(config=True)
    retries = Int(
        None,
        allow_none=True,
        min=0,
        max=10,
        help="Number of retries of a request that fails before any answer; None for 2.",
    ).tag(config=True)
    replay = Enum(
        ("", *MODES),
        "",
        help="Whether repeated requests are answered from the replay file; empty for OPENROUTER_NB_REPLAY.",
    ).tag(config=True)

    def __init__(self, shell: Any, session: NotebookSession, open_playground: Callable[..., Any]) -> None:
        super().__init__(shell)
        self._session = session
        self._open_playground = open_playground

    @no_var_expand  # type: ignore[untyped-decorator]
    def chat(self, line: str, cell: str | None = None) -> Value:
        """Run a cell and block until it ends, if it is not awaited: under `%%time`, from a program, in a terminal."""
        return self._wait(line, cell, caller_variables(self.shell.user_ns))

    chat.__doc__ = _HELP

    @no_var_expand  # type: ignore[untyped-decorator]
    def chat_retry(self, line: str) -> Value:
        """Ask the last question again, in its place in the conversation: after an error, or of another model.

        %chat_retry [options of %%chat]
        """
        return self._wait(line, None, caller_variables(self.shell.user_ns), again=True)

    @no_var_expand  # type: ignore[untyped-decorator]
    def chat_play(self, line: str) -> Any:
        """Open the playground with what a chat cell would send: the last question in its conversation, or another one.

            %chat_play [options of %%chat] [prompt]

        No request is sent before Send is pressed. The playground does not change the conversation of the cells.
        """
        from openrouter_nb.notebook.commands.chat_play import play

        try:
            return play(
                line,
                self._session,
                self.shell,
                self._settings(),
                self._open_playground,
                variables=caller_variables(self.shell.user_ns),
            )
        except (OptionError, PromptError) as error:
            raise usage_error(str(error)) from None

    async def awaited(self, name: str, line: str, cell: str | None) -> Value:
        """Run a cell that the input transformer has rewritten."""
        question = self._read(line, cell, None, again=name == "chat_retry")
        partial: list[DisplayedAnswer | DisplayedComparison] = []
        try:
            if question.arguments.background and IPythonFrontend(self.shell).can_display_later:
                pending = self._start(question)
                await pending.displayed()
                return pending
            return self._deliver(question, await self._ask(question, partial.append))
        except asyncio.CancelledError:
            # An interrupt cancels an awaited cell. Raise KeyboardInterrupt, otherwise "Run All" would run the next cell.
            if (task := asyncio.current_task()) is not None:
                task.uncancel()
            interrupt = KeyboardInterrupt()
            self._keep(question, partial, interrupt)
            raise short_traceback(interrupt) from None
        except BaseException as error:
            self._keep(question, partial, error)
            short_traceback(error)
            raise

    def _wait(
        self, line: str, cell: str | None, variables: Mapping[str, Any] | None, *, again: bool = False
    ) -> Value:
        from openrouter_nb.client import background_loop

        question = self._read(line, cell, variables, again=again)
        partial: list[DisplayedAnswer | DisplayedComparison] = []
        try:
            if question.arguments.background and IPythonFrontend(self.shell).can_display_later:
                return self._start(question)
            return self._deliver(question, background_loop.run_sync(self._ask, question, partial.append))
        except BaseException as error:
            self._keep(question, partial, error)
            short_traceback(error)
            raise

    def _read(
        self, line: str, cell: str | None, variables: Mapping[str, Any] | None, *, again: bool
    ) -> ChatCell:
        try:
            if not again:
                return read(line, cell or "", self.shell, self._session, variables)
            if cell and cell.strip():
                raise OptionError("%chat_retry asks the last question again: write a new one below %%chat.")
            if self._session.last is None:
                raise OptionError("There is no question to ask again.")
            return self._session.last.again(line, self.shell.user_ns, variables)
        except (OptionError, PromptError) as error:
            raise usage_error(str(error)) from None

    async def _ask(
        self, question: ChatCell, on_partial: Callable[[DisplayedAnswer | DisplayedComparison], object]
    ) -> DisplayedAnswer | DisplayedComparison | None:
        before = self._session.running.get(question.arguments.chat)
        return await run_cell(
            question, self._session, self.shell, self._settings(), after=before, on_partial=on_partial
        )

    def _start(self, question: ChatCell) -> PendingAnswer:
        """Run in the background, where the output can arrive after the end of the cell."""
        from openrouter_nb.notebook.cell.background import pending_for

        running, arguments, settings = self._session.running, question.arguments, self._settings()
        before = running.get(arguments.chat)
        value = pending_for(arguments.models).start(
            lambda opened: run_cell(
                question, self._session, self.shell, settings, after=before, opened=opened
            )
        )
        # A comparison is not part of the conversation, so later cells do not wait for it.
        if not arguments.once and not arguments.models:
            running[arguments.chat] = value.future
        self._store(question, value)
        self._keep_in_out(value)
        return value

    def _deliver(self, question: ChatCell, answer: DisplayedAnswer | DisplayedComparison | None) -> Value:
        if question.arguments.dry_run:
            return None
        value: Value = answer
        if question.arguments.background:
            from openrouter_nb.notebook.cell.background import pending_for

            value = pending_for(question.arguments.models).there(answer)
        self._store(question, value)
        self._keep_in_out(value)
        return value

    def _keep_in_out(self, value: Value) -> None:
        """Keep an answer as `Out[n]` of its cell, where a view whose output is lost says it is, also if it was assigned."""
        self.shell.user_ns["_oh"][self.shell.displayhook.prompt_count] = value

    def _keep(
        self,
        question: ChatCell,
        partial: Sequence[DisplayedAnswer | DisplayedComparison],
        error: BaseException,
    ) -> None:
        """Keep what had arrived before an exception, if anything had: in `_`, in `Out`, with -o, and as `error.partial`.

        An answer that does not fit its schema is not assigned with -o, which names an object.
        """
        for value in partial:
            if not getattr(value, "problems", ()):
                self._store(question, value)
            self.shell.displayhook.update_user_ns(value)
            if isinstance(error, KeyboardInterrupt):
                from openrouter_nb.client.streaming.partial import attach_partial

                attach_partial(error, getattr(value, "result", value))

    def _store(self, question: ChatCell, value: Value) -> None:
        arguments = question.arguments
        if not arguments.out:
            return
        # With a schema, the variable gets the parsed object; the answer is `_`. An incomplete answer has no object.
        is_object = bool(arguments.schema) and not arguments.background and getattr(value, "complete", False)
        self.shell.user_ns[arguments.out] = getattr(value, "parsed", None) if is_object else value

    def _settings(self) -> MagicSettings:
        return MagicSettings(
            model=self.model or os.environ.get("OPENROUTER_NB_MODEL") or "openrouter/auto",
            form=self.format,
            show_reasoning=self.show_reasoning,
            max_cost=self.max_cost,
            budget=self.budget,
            history_tokens=self.history_tokens,
            raises=self.on_error == "raise",
            timeout=self.timeout,
            retries=self.retries,
            replay=self.replay,
        )
