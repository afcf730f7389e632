"""`%chat_play`: open a chat cell's request in the playground."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from openrouter_nb.notebook.cell.agent_options import agent_options, find_tool
from openrouter_nb.notebook.cell.chat_cell import filler, read
from openrouter_nb.notebook.cell.request_options import build, next_turn
from openrouter_nb.notebook.options.parser import parse
from openrouter_nb.notebook.scope import with_variables

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from openrouter_nb.notebook.cell.chat_cell import ChatCell
    from openrouter_nb.notebook.session import NotebookSession
    from openrouter_nb.notebook.settings import MagicSettings


def play(
    line: str,
    session: NotebookSession,
    shell: Any,
    settings: MagicSettings,
    open_playground: Callable[..., Any],
    *,
    variables: Mapping[str, Any] | None = None,
) -> Any:
    """Open a playground with the request that a chat cell would send.

    Args:
        line: Options that change the last question, or a new question; without a last question, options only.
        session: Session with the conversations and the client.
        shell: The IPython shell.
        settings: Defaults for options that the line does not give.
        open_playground: Returns a playground; takes the arguments of `Playground`.
        variables: Variables of the function that the magic is in.

    Raises:
        OptionError: an option is not valid.
        PromptError: an expression or an attachment cannot be sent.
    """
    question = _question(line, session, shell, variables)
    local = with_variables(shell.user_ns, variables)
    namespace = question.namespace(shell.user_ns) if question else local
    arguments = question.arguments if question else parse(line, filler(local))
    request = build(arguments, settings)
    model = arguments.models or request.pop("model")
    request.pop("model", None)
    cost = settings.max_cost if arguments.max_cost is None else arguments.max_cost
    options = agent_options(arguments, namespace, cost=cost)
    if question is not None:
        messages = next_turn(question, session, settings, {**request, "model": str(model)}).messages
    else:
        messages = session.conversations[arguments.chat].transcript
    panel = open_playground(
        model,
        messages,
        tools=[find_tool(name, namespace) for name in arguments.tools] or None,
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


def _question(
    line: str, session: NotebookSession, shell: Any, variables: Mapping[str, Any] | None
) -> ChatCell | None:
    if parse(line, filler({**shell.user_ns, **(variables or {})})).text:
        return read(line, "", shell, session, variables)
    return session.last.again(line, shell.user_ns, variables) if session.last else None
