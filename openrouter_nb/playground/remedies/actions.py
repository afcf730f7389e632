"""Actions of the banner buttons in the playground, and their conditions.

Each function below is the action of one `Remedy`: it changes the cause of the error and sends the request again. It receives
the value that the remedy's condition returned, such as a model id; without a value the remedy is not offered. Remedies with
a link, a snippet or a field to focus need no action.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from openrouter_nb.components.model_variants import base_id
from openrouter_nb.playground.remedies import content_parts, diagnosis
from openrouter_nb.playground.state import dotted_path
from openrouter_nb.playground.state.thread_items import PlaygroundError
from openrouter_nb.render.errors import remedies
from openrouter_nb.render.errors.error_facts import suggested_models

if TYPE_CHECKING:
    from collections.abc import Callable

    from openrouter_nb.playground.runs.runner import Runner
    from openrouter_nb.playground.state.state import Column, PlaygroundState
    from openrouter_nb.render.errors.remedies import Remedy

    Value = Callable[[PlaygroundState, Column], Any]
    Action = Callable[["RemedyActions", Column, Any], None]

_DEFAULT_TIMEOUT_S = 120.0
_MAX_OFFERED_WAIT_S = 3600.0


class RemedyActions:
    """Executes remedies. Call every method with the lock acquired.

    Args:
        state: Parameters, thread and columns, which remedies change.
        runner: Sends requests again.
    """

    def __init__(self, state: PlaygroundState, runner: Runner) -> None:
        self.state = state
        self.runner = runner

    def apply(self, column: Column, name: str) -> None:
        """Execute the remedy with an id.

        Raises:
            PlaygroundError: the remedy does not exist or does not apply now.
        """
        found = PANEL_REMEDIES.get(name)
        if found is None or found.action is None:
            raise PlaygroundError("There is no such remedy.")
        value = found.value(self.state, column)
        if not value:
            raise PlaygroundError("This remedy does not apply now.")
        found.action(self, column, value)

    def send_again(self, column: Column) -> None:
        """Send the last request of a column again."""
        if column.run is not None:
            # The run waits for its next attempt: end the wait.
            self.runner.retry_now(column)
            return
        last = next((item for item in self.state.thread if item.id == column.item), None)
        if last is not None and last.role == "assistant":
            self.runner.regenerate(last.id, column.id)
        else:
            self.runner.submit_thread([column.id])

    def switch_model(self, column: Column, model: str) -> None:
        """Send the last request to another model."""
        column.model = model
        self.send_again(column)

    def set(self, column: Column, name: str, value: Any) -> None:
        """Set a parameter where it is set now: in the column, otherwise for all columns."""
        if dotted_path.get(column.overrides, name) is not dotted_path.MISSING:
            column.overrides = dotted_path.put(column.overrides, name, value)
        else:
            self.state.params = dotted_path.put(self.state.params, name, value)

    def unset(self, column: Column, name: str) -> None:
        """Unset a parameter, in the column and for all columns."""
        column.overrides = dotted_path.drop(column.overrides, name)
        self.state.params = dotted_path.drop(self.state.params, name)


@dataclass(frozen=True, slots=True)
class PanelRemedy:
    """A remedy in the playground.

    Attributes:
        remedy: Its texts.
        value: Return the value for its label and its action; a false value if it does not apply.
        action: Called by its button; None if the page acts itself.
        target: Reaction of the page: send the remedy (`op`), focus a parameter or a message, show the raw request.
    """

    remedy: Remedy
    value: Value
    action: Action | None = None
    target: Literal["op", "field", "item", "raw"] = "op"

    def button(self, state: PlaygroundState, column: Column) -> dict[str, Any] | None:
        """Return the button for the page, or None where the remedy does not apply."""
        value = self.value(state, column)
        if not value:
            return None
        button = {"id": self.remedy.id, "label": self.remedy.label.format(value), "help": self.remedy.help}
        if self.target in ("field", "item"):
            return {**button, "action": "focus", self.target: value}
        return {**button, "action": self.target}


#: By the id of the remedy.
PANEL_REMEDIES: dict[str, PanelRemedy] = {}


def button(remedy: Remedy, state: PlaygroundState, column: Column) -> dict[str, Any] | None:
    """Return the button of a remedy for the page, or None where it has none or does not apply."""
    if found := PANEL_REMEDIES.get(remedy.id):
        return found.button(state, column)
    fixed = {"id": remedy.id, "label": remedy.label, "help": remedy.help}
    if remedy.link:
        return {**fixed, "action": "link", "href": remedy.link}
    if remedy.snippet:
        return {**fixed, "action": "copy", "code": remedy.snippet}
    return {**fixed, "action": "focus", "field": remedy.focus} if remedy.focus else None


def _always(_state: PlaygroundState, _column: Column) -> bool:
    return True


def _action(remedy: Remedy, value: Value = _always) -> Callable[[Action], Action]:
    """Register a function as the action of a remedy, offered where `value` is true."""

    def register(action: Action) -> Action:
        PANEL_REMEDIES[remedy.id] = PanelRemedy(remedy, value, action)
        return action

    return register


def _shown(remedy: Remedy, value: Value, target: Literal["field", "item", "raw"]) -> None:
    """Register a remedy on which the page acts itself."""
    PANEL_REMEDIES[remedy.id] = PanelRemedy(remedy, value, target=target)


# ------------------------------------------------------------------------------------------------------ waiting


@_action(remedies.RETRY)
def _retry(panel: RemedyActions, column: Column, _value: Any) -> None:
    panel.send_again(column)


def _wait_s(_state: PlaygroundState, column: Column) -> float | None:
    left = diagnosis.wait_s(column)
    if left is None or left > _MAX_OFFERED_WAIT_S or column.retry_at is not None:
        return None
    return left or 1e-3  # the wait is over: retry at once


@_action(remedies.WAIT, _wait_s)
def _wait(panel: RemedyActions, column: Column, wait_s: float) -> None:
    panel.runner.retries.begin(column, wait_s, lambda: panel.send_again(column))


@_action(remedies.CANCEL_RETRY)
def _cancel_retry(panel: RemedyActions, column: Column, _value: Any) -> None:
    panel.runner.retries.cancel(column)


@_action(remedies.RAISE_TIMEOUT)
def _raise_timeout(panel: RemedyActions, column: Column, _value: Any) -> None:
    settings = panel.state.settings
    settings["timeout_s"] = 2 * settings.get("timeout_s", _DEFAULT_TIMEOUT_S)
    panel.send_again(column)


# ------------------------------------------------------------------------------------------------------ parameters


def _named_field(_state: PlaygroundState, column: Column) -> str:
    return diagnosis.named_field(column.error)


_shown(remedies.SHOW_FIELD, _named_field, "field")
_shown(remedies.SHOW_REQUEST, _always, "raw")


def _set_field(state: PlaygroundState, column: Column) -> str:
    name = diagnosis.named_field(column.error)
    is_set = name and dotted_path.get(state.effective_params(column), name) is not dotted_path.MISSING
    return name if is_set else ""


@_action(remedies.UNSET_FIELD, _set_field)
@_action(remedies.RELAX_ROUTING, diagnosis.to_relax)
def _unset(panel: RemedyActions, column: Column, name: str) -> None:
    panel.unset(column, name)
    panel.send_again(column)


@_action(remedies.FEWER_TOKENS, diagnosis.fewer_tokens)
def _allow_fewer_tokens(panel: RemedyActions, column: Column, limit: int) -> None:
    panel.set(column, diagnosis.limit_name(panel.state, column), limit)
    panel.send_again(column)


def _doubled_limit(state: PlaygroundState, column: Column) -> int | None:
    limit = state.effective_params(column).get(diagnosis.limit_name(state, column))
    return 2 * limit if isinstance(limit, int) else None


@_action(remedies.RAISE_LIMIT, _doubled_limit)
def _raise_limit(panel: RemedyActions, column: Column, _value: int) -> None:
    given = panel.state.effective_params(column)
    for name in diagnosis.LIMITS:
        if isinstance(limit := given.get(name), int):
            panel.set(column, name, 2 * limit)
    panel.send_again(column)


@_action(remedies.SORT_LATENCY)
def _sort_by_latency(panel: RemedyActions, column: Column, _value: Any) -> None:
    panel.set(column, "provider.sort", "latency")
    panel.send_again(column)


def _forbids_fallbacks(state: PlaygroundState, column: Column) -> bool:
    return dotted_path.get(state.effective_params(column), "provider.allow_fallbacks") is False


@_action(remedies.ALLOW_FALLBACKS, _forbids_fallbacks)
def _allow_fallbacks(panel: RemedyActions, column: Column, _value: Any) -> None:
    panel.unset(column, "provider.allow_fallbacks")
    panel.send_again(column)


def _failed_provider(_state: PlaygroundState, column: Column) -> str | None:
    return column.error.provider if column.error else None


@_action(remedies.IGNORE_PROVIDER, _failed_provider)
def _ignore_provider(panel: RemedyActions, column: Column, provider: str) -> None:
    endpoints = panel.state.catalog.endpoints.get(column.model)
    tags = {e.provider_name: e.tag for e in (endpoints.endpoints if endpoints else None) or ()}
    name = tags.get(provider) or provider.lower().replace(" ", "-")
    ignored = dotted_path.get(panel.state.effective_params(column), "provider.ignore")
    ignored = [] if ignored is dotted_path.MISSING else list(ignored)
    panel.set(column, "provider.ignore", list(dict.fromkeys([*ignored, name])))
    panel.send_again(column)


# ------------------------------------------------------------------------------------------------------ models


def _similar_model(state: PlaygroundState, column: Column) -> str | None:
    if column.error is None or not diagnosis.is_about_model(column.error):
        return None
    similar = state.client.models.nearest(column.model)
    return next((model for model in similar if model != column.model), None)


def _suggested_model(_state: PlaygroundState, column: Column) -> str | None:
    models = suggested_models(column.error) if column.error else []
    return models[0] if models else None


def _free_model(state: PlaygroundState, column: Column) -> str | None:
    router = None if column.model.endswith("free") else "openrouter/free"
    free = state.catalog.free(column.model) or router
    return free if free != column.model else None


def _paid_model(_state: PlaygroundState, column: Column) -> str | None:
    return base_id(column.model) if ":free" in column.model else None


def _larger_model(state: PlaygroundState, column: Column) -> str | None:
    return state.catalog.larger(column.model)


@_action(remedies.SIMILAR_MODEL, _similar_model)
@_action(remedies.SUGGESTED_MODEL, _suggested_model)
@_action(remedies.FREE_MODEL, _free_model)
@_action(remedies.PAID_MODEL, _paid_model)
@_action(remedies.LARGER_MODEL, _larger_model)
def _switch_model(panel: RemedyActions, column: Column, model: str) -> None:
    panel.switch_model(column, model)


# ------------------------------------------------------------------------------------------------------ messages


def _last_user_message(state: PlaygroundState, _column: Column) -> str | None:
    return next((item.id for item in reversed(state.thread.items) if item.role == "user"), None)


_shown(remedies.EDIT_MESSAGE, _last_user_message, "item")


def _has_several_turns(state: PlaygroundState, _column: Column) -> bool:
    return sum(item.role not in ("system", "developer") for item in state.thread) > 2


@_action(remedies.DROP_OLDEST, _has_several_turns)
def _drop_oldest(panel: RemedyActions, column: Column, _value: Any) -> None:
    thread = panel.state.thread
    messages = [item for item in thread if item.role not in ("system", "developer")]
    # A turn is a user message with everything up to the next one.
    following = next((item for item in messages[1:] if item.role == "user"), messages[-1])
    oldest = messages[: messages.index(following)]
    thread.checkpoint("drop the oldest turn")
    thread.items = [item for item in thread.items if item not in oldest]
    panel.send_again(column)


@_action(remedies.COMPRESS)
def _compress(panel: RemedyActions, column: Column, _value: Any) -> None:
    plugins = list(panel.state.effective_params(column).get("plugins") or ())
    if not any(plugin.get("id") == "context-compression" for plugin in plugins):
        panel.set(column, "plugins", [*plugins, {"id": "context-compression"}])
    panel.send_again(column)


def _has_attachments(state: PlaygroundState, _column: Column) -> bool:
    return content_parts.has_attachments(state)


@_action(remedies.DETACH, _has_attachments)
def _detach(panel: RemedyActions, column: Column, _value: Any) -> None:
    content_parts.remove_attachments(panel.state)
    panel.send_again(column)


def _can_shrink(state: PlaygroundState, _column: Column) -> bool:
    return content_parts.can_downscale_images(state)


@_action(remedies.SHRINK_IMAGES, _can_shrink)
def _shrink(panel: RemedyActions, column: Column, _value: Any) -> None:
    content_parts.downscale_images(panel.state)
    panel.send_again(column)


def _has_text(state: PlaygroundState, column: Column) -> bool:
    item = next((item for item in state.thread if item.id == column.item), None)
    card = next((card for card in item.cards if card.column == column.id), None) if item else None
    return card is not None and isinstance(card.message.get("content"), str) and bool(card.message["content"])


@_action(remedies.CONTINUE, _has_text)
def _continue(panel: RemedyActions, column: Column, _value: Any) -> None:
    assert column.item is not None  # noqa: S101 - `_has_text` found it
    panel.runner.continue_(column.item, column.id)


@_action(remedies.KEEP)
def _keep(_panel: RemedyActions, column: Column, _value: Any) -> None:
    column.error, column.stats, column.status = None, None, "idle"
