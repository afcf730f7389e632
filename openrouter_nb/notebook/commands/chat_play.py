"""`%chat_play`: open a chat cell's request in the playground."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from openrouter_nb.notebook.cell.agent_options import agent_options
from openrouter_nb.notebook.cell.chat_cell import filler, read
from openrouter_nb.notebook.cell.request_options import build, next_turn
from openrouter_nb.notebook.options.parser import parse

if TYPE_CHECKING:
    from collections.abc import Callable

    from openrouter_nb.notebook.cell.chat_cell import ChatCell
    from openrouter_nb.notebook.session import NotebookSession
    from openrouter_nb.notebook.settings import MagicSettings


def play(
    line: str,
    session: NotebookSession,
    shell: Any,
    settings: MagicSettings,
    open_playground: Callable[..., Any],
) -> Any:
    """Open a playground with the request that a chat cell would send.

    Args:
        line: Options that change the last question, or a new question; without a last question, options only.
        session: Session with the conversations and the client.
        shell: The IPython shell.
        settings: Defaults for options that the line does not give.
        open_playground: Returns a playground; takes the arguments of `Playground`.

    Raises:
        OptionError: an option is not valid.
        PromptError: an expression or an attachment cannot be sent.
    """
    question = _question(line, session, shell)
    arguments = question.arguments if question else parse(line, filler(shell.user_ns))
    request = build(arguments, settings)
    model = arguments.models or request.pop("model")
    request.pop("model", None)
    cost = settings.max_cost if arguments.max_cost is None else arguments.max_cost
    options = agent_options(arguments, shell.user_ns, cost=cost)
    if question is not None:
        messages = next_turn(question, session, settings, {**request, "model": str(model)}).messages
    else:
        messages = session.conversations[arguments.chat].transcript
    panel = open_playground(
        model,
        messages,
        tools=[shell.user_ns.get(name, name) for name in arguments.tools] or None,
        schema=options.schema if options else None,
        limits=options.limits if options else None,
        repairs=arguments.repairs,
        client=session.client,
        **request,
    )
    retries = settings.retries if arguments.retries is None else arguments.retries
    timeout = settings.timeout if arguments.timeout is None else arguments.timeout
    given = {"max_retries": retries, "timeout_s": timeout}
    panel.settings = {
        **panel.settings,
        **{name: value for name, value in given.items() if value is not None},
    }
    return panel


def _question(line: str, session: NotebookSession, shell: Any) -> ChatCell | None:
    if parse(line, filler(shell.user_ns)).text:
        return read(line, "", shell, session)
    return session.last.again(line, shell.user_ns) if session.last else None
