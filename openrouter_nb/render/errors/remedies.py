"""The remedies for failed requests: the code under a banner in a cell, and the button in the playground.

What a button does in the playground, and when it is offered, is registered in `openrouter_nb.playground.remedies`.
"""

from __future__ import annotations

from dataclasses import dataclass

#: The line that sends the last prompt of a chat cell again.
AGAIN = "%chat_retry"

_SENDS = "and sends again"


@dataclass(frozen=True, slots=True, kw_only=True)
class Remedy:
    """One way to solve the problem behind an error.

    Attributes:
        id: Its name on the wire.
        label: Of its button; `{}` is the value that the playground finds, such as a model id. `""` without a button.
        help: The tooltip of its button.
        command: Code for a cell, or `""`. It may contain `{name}` from the condition that was found.
        lead: The sentence that introduces the code.
        link: Page that its button opens.
        snippet: Code that its button copies.
        focus: Parameter that its button moves the focus to.
    """

    id: str
    label: str = ""
    help: str = ""
    command: str = ""
    lead: str = ""
    link: str = ""
    snippet: str = ""
    focus: str = ""


RETRY = Remedy(id="retry", label="Retry now", command=AGAIN, lead="Retry:")
WAIT = Remedy(id="wait", label="Wait and retry", help="sends again when the time is over")
CANCEL_RETRY = Remedy(id="cancel_retry", label="Cancel", help="stops waiting, and sends nothing")
RECORD = Remedy(id="record", command=f"{AGAIN} --replay auto", lead="Send the request and record its answer:")

# Parameters.
SHOW_FIELD = Remedy(id="field", label="Show {}")
UNSET_FIELD = Remedy(id="unset", label="Unset {}", help=_SENDS)
RELAX_ROUTING = Remedy(id="relax", label="Relax {}", help=_SENDS)
SHOW_REQUEST = Remedy(
    id="raw",
    label="Show the request",
    command=f"{AGAIN} --dry-run",
    lead="Show the request without sending it:",
)
FEWER_TOKENS = Remedy(
    id="fewer_tokens",
    label="At most {:,} tokens",
    help=_SENDS,
    command=f"{AGAIN} -n 4096",
    lead="Allow fewer output tokens:",
)
RAISE_LIMIT = Remedy(
    id="raise_limit", label="At most {:,} tokens", help="doubles the limit and writes the answer again"
)
RAISE_TIMEOUT = Remedy(
    id="raise_timeout",
    label="Wait longer",
    help=f"doubles the timeout {_SENDS}",
    command=f"{AGAIN} --timeout 300",
    lead="Retry with a longer timeout:",
)
SORT_LATENCY = Remedy(id="sort_latency", label="Fastest providers first", help=f"sorts by latency {_SENDS}")
ALLOW_FALLBACKS = Remedy(id="fallbacks", label="Allow other providers", help=_SENDS)
IGNORE_PROVIDER = Remedy(
    id="ignore_provider", label="Without {}", help="ignores this provider and sends again"
)

# Models.
OTHER_MODEL = Remedy(
    id="other_model",
    label="Pick another model",
    command=f"{AGAIN} -m openrouter/auto",
    lead="Switch models:",
    focus="model",
)
SIMILAR_MODEL = Remedy(
    id="models", label="Use {}", help=_SENDS, command="%chat_models", lead="List the models:"
)
SUGGESTED_MODEL = Remedy(id="fallback", label="Use {}", help=_SENDS)
FREE_MODEL = Remedy(
    id="free_model",
    label="Use {}",
    help=_SENDS,
    command=f"{AGAIN} -m openrouter/free",
    lead="Switch to a free model:",
)
PAID_MODEL = Remedy(id="paid", label="Use {}", help="the paid variant")
LARGER_MODEL = Remedy(id="larger_model", label="Use {}", help="a larger context")
ADD_FALLBACK = Remedy(id="add_fallback", label="Add a fallback model", focus="models")

# Messages.
EDIT_MESSAGE = Remedy(id="edit_message", label="Edit the message")
DROP_OLDEST = Remedy(
    id="drop_oldest",
    label="Drop the oldest turn",
    help=_SENDS,
    command=f"{AGAIN} --new",
    lead="Start a new conversation:",
)
COMPRESS = Remedy(
    id="compress", label="Compress the middle", help=f"adds the plugin context-compression {_SENDS}"
)
SHRINK_IMAGES = Remedy(id="shrink", label="Downscale the images", help=f"to 1,024 pixels, {_SENDS}")
DETACH = Remedy(id="detach", label="Remove the attachments", help=_SENDS)
CONTINUE = Remedy(id="continue", label="Continue from here")
KEEP = Remedy(id="keep", label="Keep what arrived")

# Account and network.
SET_KEY = Remedy(
    id="set_key",
    label="Copy %chat_key",
    help="asks for the key, without showing it or saving it in the notebook",
    command=f"%chat_key\n{AGAIN}",
    lead="Set another key:",
    snippet="%load_ext openrouter_nb\n%chat_key",
)
KEY_PAGE = Remedy(id="key_page", label="Keys", link="https://openrouter.ai/settings/keys")
PRIVACY_PAGE = Remedy(
    id="privacy_page", label="Privacy settings", link="https://openrouter.ai/settings/privacy"
)
CREDITS_PAGE = Remedy(id="credits", label="Add credits", link="https://openrouter.ai/settings/credits")
SHOW_PROXY = Remedy(
    id="proxy",
    label="Copy: show the settings",
    snippet="import os, urllib.request\nprint(urllib.request.getproxies(), os.environ.get('OPENROUTER_BASE_URL'))",
)

#: All remedies by their ids.
REMEDIES = {value.id: value for value in list(globals().values()) if isinstance(value, Remedy)}


def with_model(model: str) -> str:
    """Return the line that sends the last prompt to another model."""
    return f"{AGAIN} -m {model}"


def replace_again(command: str, again: str) -> str:
    """Return a command with `again` in place of `AGAIN`.

    Args:
        command: Code of a remedy.
        again: The line that repeats what failed; `""` where no line can repeat it, and then the result is `""`.
    """
    first, found, change = command.rpartition(AGAIN)
    if not again:
        return ""
    if not found or again == AGAIN or (again.startswith(AGAIN) and " -m " in change):
        return command
    return f"{first}{again}{change}" if again.startswith(AGAIN) else f"{first}{again}"
