"""Keep the Python traits of a playground in sync with its state, both ways."""

from __future__ import annotations

import contextlib
import copy
import weakref
from typing import TYPE_CHECKING, Any

import traitlets

from openrouter_nb.parameters import PARAMETERS, nearest
from openrouter_nb.playground.commands.columns import set_model, set_models
from openrouter_nb.playground.commands.messages import replace_thread
from openrouter_nb.playground.commands.parameters import set_setting
from openrouter_nb.playground.observable import ObservableDict, ObservableList, plain
from openrouter_nb.playground.state.messages import checked_messages
from openrouter_nb.playground.state.thread_items import PlaygroundError

if TYPE_CHECKING:
    import threading
    from collections.abc import Iterator

    from openrouter_nb.conversation import Answer
    from openrouter_nb.playground.controller import PlaygroundController


class TraitSync(traitlets.HasTraits):  # type: ignore[misc]
    """Traits in sync with the state of a `PlaygroundController`, both ways."""

    model = traitlets.Unicode(help="Model of the first column.")
    models = traitlets.List(help="Models of all columns.")
    messages = traitlets.List(help="The conversation as the first column sees it.")
    params = traitlets.Dict(help="Request parameters by wire name.")
    settings = traitlets.Dict(help="Client settings, which are never sent.")
    result = traitlets.Any(
        None, allow_none=True, read_only=True, help="The newest answer of the first column."
    )
    results = traitlets.List(read_only=True, help="The newest answers of all columns.")
    cost = traitlets.Float(0.0, read_only=True, help="US dollars so far.")
    status = traitlets.Unicode("idle", read_only=True, help="idle, running or failed.")

    _controller: PlaygroundController
    #: Set while no column is running.
    _idle: threading.Event
    _is_syncing = False

    def _sync_traits(self) -> None:
        """Copy the state to the traits. Call it with the lock acquired."""
        state = self._controller.state
        answers = [self._answer(column.id) for column in state.columns]
        running = any(column.is_busy for column in state.columns)
        if running:
            self._idle.clear()
        failed = any(column.error for column in state.columns)
        was, self._is_syncing = self._is_syncing, True
        try:
            self.models = ObservableList([column.model for column in state.columns], self._setter("models"))
            self.model = state.columns[0].model
            self.messages = ObservableList(
                copy.deepcopy(state.thread.messages(state.columns[0].id)), self._setter("messages")
            )
            self.params = ObservableDict(copy.deepcopy(state.params), self._setter("params"))
            self.settings = ObservableDict(dict(state.settings), self._setter("settings"))
            self.set_trait("cost", state.usage.totals["cost"])
            self.set_trait("status", "running" if running else "failed" if failed else "idle")
            self.set_trait("results", answers)
            self.set_trait("result", answers[0])
        finally:
            self._is_syncing = was

    def _answer(self, column: str) -> Answer | None:
        for item in reversed(self._controller.state.thread.items):
            for card in item.cards:
                # A chosen answer belongs to all columns.
                if card.column in (column, None) and card.answer is not None:
                    found: Answer = card.answer.answer
                    return found
        return None

    def _setter(self, name: str) -> Any:
        # Weak: the containers are handed out, and must not keep the playground alive.
        owner = weakref.ref(self)

        def notify(value: Any) -> None:
            playground = owner()
            if playground is not None:
                setattr(playground, name, value)

        return notify

    @traitlets.validate("models", "messages", "params", "settings")  # type: ignore[untyped-decorator]
    def _validate(self, proposal: Any) -> Any:
        value = proposal["value"]
        if self._is_syncing:
            return value
        name = proposal["trait"].name
        with refused_as(traitlets.TraitError):
            if name == "messages":
                checked_messages([dict(message) for message in value])
            elif name == "params":
                for key in value:
                    if key not in PARAMETERS and key != "extra_body":
                        raise PlaygroundError(f"There is no parameter {key!r}.{nearest(key, PARAMETERS)}")
            elif name == "models" and not (1 <= len(value) <= 4 and all(isinstance(m, str) for m in value)):
                raise PlaygroundError("models takes one to four ids.")
        return value

    @traitlets.observe("model", "models", "messages", "params", "settings")  # type: ignore[untyped-decorator]
    def _apply(self, change: Any) -> None:
        if self._is_syncing:
            return
        state = self._controller.state
        name, value = change["name"], change["new"]
        with refused_as(traitlets.TraitError), state.loop.lock:
            try:
                if name == "model":
                    set_model(self._controller, state.columns[0].id, value)
                elif name == "models":
                    set_models(self._controller, list(value))
                elif name == "messages":
                    replace_thread(self._controller, [dict(message) for message in value])
                elif name == "params":
                    state.params = copy.deepcopy(dict(value))
                    state.turned_on.clear()
                else:
                    self._apply_settings(plain(value))
            finally:
                self._controller.notify()

    def _apply_settings(self, value: dict[str, Any]) -> None:
        for name in [name for name in self._controller.state.settings if name not in value]:
            del self._controller.state.settings[name]
        for name, each in value.items():
            set_setting(self._controller, name, each)


@contextlib.contextmanager
def refused_as(kind: type[Exception]) -> Iterator[None]:
    """Raise a `PlaygroundError` as another exception, for callers in Python."""
    try:
        yield
    except PlaygroundError as error:
        raise kind(str(error)) from None
