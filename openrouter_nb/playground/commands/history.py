"""Open, run again, delete, restore and import stored conversations.

The file is read and written before the command, outside of the loop and of the lock: `prepare`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from openrouter_nb.playground.commands.messages import reset_results
from openrouter_nb.playground.commands.presets import apply_setup
from openrouter_nb.playground.history import user_history
from openrouter_nb.playground.history.contents import displayed_cards, items_of, setup_of
from openrouter_nb.playground.history.history_errors import HistoryError
from openrouter_nb.playground.state.thread import ConversationIdentity
from openrouter_nb.playground.state.thread_items import PlaygroundError

if TYPE_CHECKING:
    from openrouter_nb.playground.commands.context import PanelContext
    from openrouter_nb.playground.history.summary import StoredConversation


#: Commands of which `prepare` does a part.
PREPARED = ("history_open", "history_delete", "history_restore", "history_import")


def prepare(panel: PanelContext, word: str, given: dict[str, Any]) -> dict[str, Any]:
    """Do the part of a command that uses the file, and return the arguments of its function. It blocks.

    Raises:
        PlaygroundError: it cannot be done; the message says why.
    """
    try:
        match word:
            case "history_open":
                return {"stored": user_history.read(given.pop("conversation")), **given}
            case "history_delete":
                return {"deleted": user_history.delete(given["conversation"])}
            case "history_import":
                user_history.add(panel.state.uploads.take(given["upload"]))
            case "history_restore":
                if (deleted := panel.state.deleted_conversation) is not None:
                    user_history.restore(deleted)
    except HistoryError as error:
        raise PlaygroundError(str(error)) from None
    return {}


def history_open(
    panel: PanelContext, stored: StoredConversation, fork: bool = False, run: bool = False
) -> None:
    """Replace messages, models and parameters by those of a stored conversation.

    Args:
        panel: The playground.
        stored: The conversation.
        fork: Continue it as another conversation; the stored one stays as it is.
        run: Send its last question again, as another conversation.
    """
    state = panel.state
    contents = stored.contents
    state.thread.refuse_while_busy()
    if run and not any(role == "user" for role, _ in displayed_cards(contents)):
        raise PlaygroundError("That conversation has no question to send again.")
    before = setup_of(state)
    apply_setup(panel, {**contents, "models": contents["models"] or before["models"]})
    items = items_of(contents, [column.id for column in state.columns], state.thread.new_item)
    if run:
        last = max(index for index, item in enumerate(items) if item.role == "user")
        del items[last + 1 :]
    identity = (
        ConversationIdentity()
        if fork or run
        else ConversationIdentity(stored.summary.id, stored.revision, has_begun=True)
    )
    state.thread.replace_items(items, "open conversation", identity, before)
    reset_results(panel)
    if run:
        panel.runner.submit_thread(None)
    elif not fork:
        panel.recorder.set_stored()


def history_delete(panel: PanelContext, deleted: StoredConversation) -> None:
    """Keep a deleted conversation, so that it can be restored."""
    panel.state.deleted_conversation = deleted
    panel.state.history_changes += 1


def history_restore(panel: PanelContext) -> None:
    """Forget the deleted conversation, which is stored again."""
    panel.state.deleted_conversation = None
    panel.state.history_changes += 1


def history_import(panel: PanelContext) -> None:
    """Show the imported conversation in the list."""
    panel.state.history_changes += 1
