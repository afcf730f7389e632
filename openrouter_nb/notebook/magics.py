"""`%%chat`: a prompt in a cell, the answer under it."""

from __future__ import annotations

import asyncio
import os
from typing import TYPE_CHECKING, Any

from IPython.core.error import UsageError
from IPython.core.magic import Magics, magics_class, no_var_expand
from traitlets import Unicode

from openrouter_nb.notebook.arguments import Arguments, OptionError, help_text, parse
from openrouter_nb.notebook.frontend import Frontend
from openrouter_nb.notebook.prompt import Prompt, PromptError, attach, interpolate

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from openrouter_nb.conversation import NextTurn
    from openrouter_nb.notebook.answer import Answer
    from openrouter_nb.notebook.session import Session

_HELP = f"""Send the cell to a model on OpenRouter; the answer streams into the output.

    %%chat [options] [words …]
    the prompt

The words on the line, if any, go before the prompt. The cells of a notebook are one conversation: each sends what was
said before, and running a cell again replaces its own turn. The answer is `_`, with `.text`, `.usage` and `.cost`.

Options (none is sent unless given):

{help_text()}

The model, if -m is left out, is `%config ChatMagics.model`, else OPENROUTER_NB_MODEL, else openrouter/auto.
The key is read from OPENROUTER_API_KEY; %chat_key asks for it. %chat_history, %chat_reset and %chat_cost show, forget and
price what was said.

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
        """Run a cell and wait, where nobody awaits it: under `%%time`, from a program, in an old kernel."""
        from openrouter_nb.client import blocking

        run = self._begin(line, cell or "")
        try:
            return blocking.run(run)
        except BaseException as error:  # noqa: BLE001 - raised again, only its traceback is shorter
            raise _in_one_line(error) from None

    chat.__doc__ = _HELP

    async def awaited(self, _name: str, line: str, cell: str) -> Answer | None:
        """Run a cell that the input transformer has made awaitable."""
        run = self._begin(line, cell)
        try:
            return await run()
        except asyncio.CancelledError:
            # An interrupt reaches an awaited cell as cancellation. It must go on as KeyboardInterrupt, or "Run All"
            # would run the next cell.
            if (task := asyncio.current_task()) is not None:
                task.uncancel()
            raise _in_one_line(KeyboardInterrupt()) from None
        except BaseException as error:  # noqa: BLE001 - raised again, only its traceback is shorter
            raise _in_one_line(error) from None

    def _begin(self, line: str, cell: str) -> Callable[[], Coroutine[Any, Any, Answer | None]]:
        """Check the cell; return the coroutine function that runs it."""
        try:
            arguments = parse(line)
            prompt = "\n\n".join(part for part in (arguments.text, cell.strip("\n")) if part.strip())
            if not prompt:
                raise OptionError("There is no prompt: write it below %%chat.")
            filled = self._fill(prompt, raw=arguments.raw)
            for specs, image in ((arguments.images, True), (arguments.files, False)):
                for spec in specs:
                    part, note = attach(spec, self.shell.user_ns, image=image)
                    filled.add(part)
                    filled.notes.append(note)
            if arguments.system:
                arguments.system = str(self._fill(arguments.system, raw=arguments.raw).content)
        except (OptionError, PromptError) as error:
            raise _usage_error(str(error)) from None

        def run() -> Coroutine[Any, Any, Answer | None]:
            return self._run(arguments, filled)

        return run

    def _fill(self, template: str, *, raw: bool) -> Prompt:
        return (
            Prompt([{"type": "text", "text": template}]) if raw else interpolate(template, self.shell.user_ns)
        )

    async def _run(self, arguments: Arguments, prompt: Prompt) -> Answer | None:
        model = str(arguments.parameters.get("model") or self._model())
        request = {**arguments.parameters, "model": model}
        if arguments.dry_run:
            return self._show_request(arguments, prompt, request)

        # A first sign before anything else is imported: the client costs a fresh kernel some 200 ms.
        from openrouter_nb.notebook.views import open_view

        view = open_view(self.shell, model)

        from openrouter_nb.errors import OpenRouterError
        from openrouter_nb.notebook.exchange import Exchange

        if arguments.new:
            self._session.conversations.pop(arguments.chat, None)
        turn = self._turn(arguments, prompt)
        request["messages"] = turn.messages
        try:
            answer = await Exchange(self._session.client, request, view, turn.label).run()
        except OpenRouterError as error:
            if error.partial is not None:
                self._session.count(arguments.chat, model, error.partial)
            raise
        self._session.count(arguments.chat, model, answer.result)
        if answer.complete:
            turn.record(answer.result)
        if arguments.out:
            self.shell.user_ns[arguments.out] = answer
        return answer

    def _turn(self, arguments: Arguments, prompt: Prompt) -> NextTurn:
        from openrouter_nb.conversation import Conversation, NextTurn

        conversation = Conversation() if arguments.once else self._session.conversations[arguments.chat]
        system = conversation.system if arguments.system is None else arguments.system
        question = {"role": "user", "content": prompt.content}
        turn = NextTurn(conversation, question, system, Frontend(self.shell).cell_id)
        place = [] if arguments.once else [f"{arguments.chat}, turn {turn.number}"]
        turn.label = " · ".join(place + prompt.notes)
        return turn

    def _show_request(self, arguments: Arguments, prompt: Prompt, request: dict[str, Any]) -> None:
        from openrouter_nb.notebook.render import request as page
        from openrouter_nb.notebook.views.publish import publish

        if arguments.new:
            arguments.once = True  # what a new conversation would send, without forgetting the old one
        turn = self._turn(arguments, prompt)
        request["messages"] = turn.messages
        publish(page.bundle(request))

    def _model(self) -> str:
        return self.model or os.environ.get("OPENROUTER_NB_MODEL") or "openrouter/auto"


def _usage_error(message: str) -> UsageError:
    from openrouter_nb.notebook.banners import Banner
    from openrouter_nb.notebook.render.bundle import answer_bundle
    from openrouter_nb.notebook.views.publish import publish

    words = Banner(
        "The cell was not sent",
        message,
        "Nothing was sent and nothing was charged. All options:",
        "%%chat?",
        "",
    )
    publish(answer_bundle("", banner=words))
    # IPython prints this class as one line and fails the cell; it knows no subclass of it.
    return UsageError(message)


def _in_one_line(error: BaseException) -> BaseException:
    """Make IPython print an error as one line: the banner above it has said the rest."""
    from openrouter_nb.errors import OpenRouterError

    if isinstance(error, OpenRouterError):
        from openrouter_nb.notebook.banners import banner

        status = f" (status {error.status_code})" if error.status_code else ""
        line = f"{type(error).__name__}: {banner(error).title}{status}. The box above says what to do."
    elif isinstance(error, KeyboardInterrupt):
        line = "KeyboardInterrupt: the request was closed."
    else:
        return error
    shown: Any = error
    shown._render_traceback_ = lambda: [line]  # IPython's protocol for this
    return error
