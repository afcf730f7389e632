"""Display an error banner and shorten the traceback to one line."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from IPython.core.error import UsageError
from IPython.core.getipython import get_ipython

from openrouter_nb._traceback import is_asked_for

if TYPE_CHECKING:
    from openrouter_nb.errors import OpenRouterError
    from openrouter_nb.live.views import LiveView
    from openrouter_nb.live.views.columns import Columns


def usage_error(
    message: str, *, view: LiveView | Columns | None = None, remedy: str = "%%chat?"
) -> UsageError:
    """Show a mistake in the cell as a banner and return the exception for it.

    Args:
        message: The mistake.
        view: The cell's output, if it is open.
        remedy: Code to run.
    """
    from openrouter_nb.live.ipython_frontend import publish
    from openrouter_nb.render.answer.text_bundle import answer_bundle
    from openrouter_nb.render.errors.banners import Banner

    lead = "Nothing was sent and nothing was charged."
    if remedy == "%%chat?":
        lead += " All options:"
    bundle = answer_bundle("", banner=Banner("The cell was not sent", message, lead, remedy, ""))
    if view is not None:
        view.end("failed", bundle, {}, message)
    else:
        publish(bundle)
    # IPython prints this class as one line and fails the cell; subclasses get a traceback.
    return UsageError(message)


def banner_and_line(error: OpenRouterError, again: str) -> None:
    """Show an error as a banner, and shorten its traceback to one line.

    Args:
        error: The error.
        again: The line that repeats what failed.
    """
    from openrouter_nb.live.ipython_frontend import publish
    from openrouter_nb.render.answer.text_bundle import answer_bundle
    from openrouter_nb.render.errors.banners import banner

    publish(answer_bundle("", banner=banner(error, again=again)))
    short_traceback(error)


def short_traceback(error: BaseException) -> BaseException:
    """Make IPython print an error as one line; the banner above it has the details."""
    from openrouter_nb.conversation.errors import WrongAnswerError
    from openrouter_nb.errors import OpenRouterError
    from openrouter_nb.render.html.control_characters import escape_control

    if isinstance(error, OpenRouterError):
        from openrouter_nb.render.errors.banners import banner
        from openrouter_nb.render.errors.error_facts import received_status

        code = received_status(error)
        status = f" (status {code})" if code else ""
        line = f"{type(error).__name__}: {banner(error).title}{status}. The box above says what to do."
    elif isinstance(error, WrongAnswerError):
        line = f"{type(error).__name__}: {escape_control(str(error))[:300]}"
    elif isinstance(error, KeyboardInterrupt):
        line = "KeyboardInterrupt: the request was closed."
    else:
        return error
    shown: Any = error
    shown._render_traceback_ = partial(_line, error, line)  # IPython's protocol for this
    return error


def _line(error: BaseException, line: str) -> list[str]:
    if not is_asked_for(error):
        return [line]
    shell = get_ipython()
    return list(shell.InteractiveTB.structured_traceback(type(error), error, error.__traceback__))
