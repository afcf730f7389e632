"""`Playground`: the panel, and everything in it as Python values."""

from __future__ import annotations

import copy
import os
import sys
import threading
from typing import TYPE_CHECKING, Any

from openrouter_nb.client.kernel_interrupts import wait_for
from openrouter_nb.conversation.agent.limits import Limits
from openrouter_nb.conversation.defaults import check_client
from openrouter_nb.parameters import PARAMETERS, nearest
from openrouter_nb.playground import commands, queries, shutdown
from openrouter_nb.playground.commands.parameters import set_setting
from openrouter_nb.playground.commands.tools import add_tools
from openrouter_nb.playground.controller import PlaygroundController
from openrouter_nb.playground.history import user_history, writer
from openrouter_nb.playground.state import presets
from openrouter_nb.playground.state.limit_settings import settings_of
from openrouter_nb.playground.state.messages import checked_messages
from openrouter_nb.playground.trait_sync import TraitSync, refused_as
from openrouter_nb.surrogates import well_formed, well_formed_values

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from openrouter_nb.client import OpenRouter
    from openrouter_nb.conversation import Answer
    from openrouter_nb.playground.display import OutputManager
    from openrouter_nb.playground.widget import PanelWidget

_STOP_S = 5.0


class Playground(TraitSync):
    """A panel for models and parameters. Display it as the last expression of a cell or with `display`.

    The panel and these attributes show the same state, and both can change it. `observe` reports changes, such as
    `p.observe(print, "result")`; it is called on the playground's thread for changes made in the panel.

    The saved notebook contains the conversation below the panel, readable on GitHub as well. After a reload of the page the
    saved conversation is no longer updated: display `p` in another cell to update both.

    Args:
        model: A model id, or up to four to compare. None for OPENROUTER_NB_MODEL, or openrouter/auto.
        messages: The initial conversation, in the form of a request.
        system: The system prompt, in place of a first message with that role.
        tools: Functions that the models may call, and names of server tools, such as `"web_search"`.
        schema: The type of the answers: a pydantic class, a dataclass, a TypedDict or a JSON Schema.
        limits: Limits of a run with tool calls; the default is 8 rounds, 16 calls and any cost. The settings of the panel
            show and change them.
        repairs: Number of automatic repair requests for an answer that does not match the type.
        client: The client to send with; None for a new `OpenRouter()`.
        **params: Request parameters by their names on the wire, such as `temperature=0.2`. None is an explicit null.

    Attributes:
        model: The model of the first column.
        models: The models of all columns, one to four.
        messages: The conversation of the first column. It can be changed in place, at any depth.
        params: The parameters that are set, by wire name; others are not sent. They can be changed in place, at any depth.
        settings: Client settings, never sent: max_retries, first_wait_s, max_hint_s, retry_statuses, timeout_s, max_rounds,
            max_calls, max_identical, max_cost, repairs.
        result: The newest answer of the first column; None before it.
        results: The newest answers of all columns, None for one that has none.
        cost: US dollars that OpenRouter has reported for this playground.
        status: `idle`, `running`, `failed`.

    Raises:
        TypeError: an unknown keyword, with the nearest parameter; `limits` of another type than `Limits`; an invalid schema.
        ValueError: messages or tools that cannot be sent, more than four models.

    Example:
        >>> from openrouter_nb import Playground
        >>> p = Playground(model="openai/gpt-5-mini", temperature=0.2)  # doctest: +SKIP
        >>> p  # doctest: +SKIP
        >>> p.result.text  # doctest: +SKIP
    """

    def __init__(
        self,
        model: str | Sequence[str] | None = None,
        messages: Sequence[Mapping[str, Any]] = (),
        *,
        system: str | None = None,
        tools: Any = None,
        schema: Any = None,
        limits: Limits | None = None,
        repairs: int = 0,
        client: OpenRouter | None = None,
        **params: Any,
    ) -> None:
        super().__init__()
        for name in params:
            if name not in PARAMETERS and name != "extra_body":
                raise TypeError(f"Playground() has no parameter {name!r}.{nearest(name, PARAMETERS)}")
        if limits is not None and not isinstance(limits, Limits):
            raise TypeError(f"limits takes Limits(rounds=…, calls=…, cost=…), not {limits!r}.")
        self._owns_client = client is None
        if client is None:
            from openrouter_nb.client import OpenRouter

            client = OpenRouter()
        check_client(client)
        self._panel: PanelWidget | None = None
        self._outputs: OutputManager | None = None
        self._controller = PlaygroundController(client, _namespace, self._changed)
        self._idle = threading.Event()
        self._idle.set()
        self._controller.on_end = self._idle.set
        state = self._controller.state
        default = os.environ.get("OPENROUTER_NB_MODEL") or "openrouter/auto"
        given = [model] if isinstance(model, str) else list(model or [default])
        with refused_as(ValueError), state.loop.lock:
            for slug in given:
                state.add_column(slug)
            head = [{"role": "system", "content": system}] if system else []
            start = well_formed_values([*head, *copy.deepcopy([dict(message) for message in messages])])
            checked_messages(start)
            state.thread.replace_all(start)
            state.thread.clear_history()
            state.params = well_formed_values(params)
            if schema is not None:
                from openrouter_nb.output import OutputSchema

                state.schema = OutputSchema.of(schema)
                state.params["response_format"] = state.schema.response_format
            if limits is not None:
                state.settings |= settings_of(limits)
            if repairs:
                set_setting(self._controller, "repairs", repairs)
            if tools is not None:
                add_tools(self._controller, tools)
            self._sync_traits()
        shutdown.open_playgrounds.add(self)

    # -------------------------------------------------------------------------------------------------- actions

    def send(self, text: str | None = None, *, wait: bool = True) -> Answer | None:
        """Send, like the button Send.

        Args:
            text: A message to add first; None for the text in the panel, if any.
            wait: Wait for the answers of all columns. Ctrl-C stops them.

        Returns:
            The answer of the first column; None without `wait`, or if it was stopped before its first content.

        Raises:
            ValueError: nothing can be sent; the message gives the reason.
            OpenRouterError: every column failed; this is the first one's.
        """
        state = self._controller.state
        with refused_as(ValueError), state.loop.lock:
            self._idle.clear()
            try:
                self._controller.runner.submit_draft(text and well_formed(text), None, None)
            except BaseException:
                self._idle.set()
                raise
            self._controller.notify()
        if not wait:
            return None
        try:
            wait_for(self._idle.wait)
        except BaseException:
            self.stop()
            wait_for(self._idle.wait, _STOP_S)
            raise
        self._save_output()
        errors = [column.error for column in state.columns]
        if errors[0] is not None and all(errors):
            raise errors[0]
        found: Answer | None = self.result
        return found

    def stop(self) -> None:
        """Stop all answers and keep the partial text."""
        with self._controller.state.loop.lock:
            self._controller.runner.stop()
            self._controller.notify()

    def wait(self, timeout: float | None = None) -> bool:
        """Wait until all runs have ended.

        Args:
            timeout: Seconds; None for no limit.

        Returns:
            Whether they have.
        """
        is_idle = wait_for(self._idle.wait, timeout)
        self._save_output()
        return is_idle

    @property
    def request(self) -> dict[str, Any]:
        """The request body that Send would send for the first column. The key is not in it.

        Raises:
            OpenRouterError: it cannot be sent as it is.
        """
        state = self._controller.state
        with state.loop.lock:
            column = state.columns[0]
            return state.current_body(column)

    @property
    def history(self) -> list[dict[str, Any]]:
        """The requests so far: time, model, tokens, cost and finish reason of each."""
        return [dict(row) for row in self._controller.state.usage.rows]

    def code(self, format: str = "openrouter_nb") -> str:  # noqa: A002 - as in the panel
        """Return the first column's request as a program that sends the same body.

        Args:
            format: `chat` for a cell, `openrouter_nb`, `openrouter`, `openai`, `httpx`, `typescript`, `curl`.

        Raises:
            ValueError: an unknown format, or a request that cannot be sent.
        """
        from openrouter_nb.playground.protocol import CODE_FORMATS

        if format not in CODE_FORMATS:
            known = ", ".join(CODE_FORMATS)
            raise ValueError(f"{format!r} is not a format: {known}.{nearest(format, CODE_FORMATS)}")
        with refused_as(ValueError), self._controller.state.loop.lock:
            text: str = queries.code_for(self._controller, self._controller.state.columns[0], format).text
            return text

    @property
    def presets(self) -> list[str]:
        """Names of the stored presets, for `save_preset` and `load_preset`."""
        return presets.names()

    def save_preset(self, name: str) -> None:
        """Store models, parameters and the system prompt under a name, as a JSON file.

        Raises:
            ValueError: the name is not valid for a file, or the file cannot be written.
        """
        self._do("preset_save", name=name)

    def load_preset(self, name: str) -> None:
        """Load the models, parameters and system prompt of a preset.

        Raises:
            ValueError: no preset has this name.
        """
        self._do("preset_load", name=name)

    @property
    def conversation(self) -> str:
        """Id of this conversation in `openrouter_nb.history`; `""` before it is stored, which its first request does."""
        writer.flush()
        return self._controller.state.thread.identity.id

    def open_conversation(self, id: str, *, fork: bool = False) -> None:  # noqa: A002 - as in `history`
        """Replace messages, models and parameters by those of a stored conversation. The panel can undo it.

        Args:
            id: Its id, from `history.conversations()`.
            fork: Continue it as another conversation; the stored one stays as it is.

        Raises:
            ValueError: no conversation has this id, or an answer is being written.
        """
        self._do("history_open", stored=user_history.read(id), fork=fork)

    def add_tool(self, tool: Any) -> None:
        """Add a function that the models may call; each call needs approval in the panel.

        Raises:
            ValueError: it is not a tool.
        """
        with refused_as(ValueError), self._controller.state.loop.lock:
            add_tools(self._controller, [tool])
            self._controller.notify()

    def close(self) -> None:
        """Close the panel and leave the conversation as static output in the cells that displayed it."""
        self.stop()
        wait_for(self._idle.wait, _STOP_S)
        with self._controller.state.loop.lock:
            self._controller.recorder.save()
        writer.flush(_STOP_S)
        if self._outputs is not None:
            with self._controller.state.loop.lock:
                self._outputs.close()
        if self._panel is not None:
            self._panel.close()
            self._panel = self._controller.panel = None
        self._controller.state.loop.close()
        if self._owns_client:
            self._controller.state.client.close()
        shutdown.open_playgrounds.discard(self)

    # -------------------------------------------------------------------------------------------------- showing

    @property
    def widget(self) -> PanelWidget:
        """The panel as an anywidget model, for layouts and for other frontends: `mo.ui.anywidget(p.widget)`."""
        with self._controller.state.loop.lock:
            if self._panel is None:
                from openrouter_nb.playground.widget import PanelWidget

                self._panel = self._controller.panel = PanelWidget(
                    self._controller.panel_traits, self._controller.receive
                )
                self._controller.load_catalog()
            return self._panel

    def _display_(self) -> PanelWidget:
        """Return what marimo displays."""
        return self.widget

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        """Return the panel as a mime bundle, for hosts that display objects without IPython's `_ipython_display_`."""
        from openrouter_nb.playground.display import panel_bundle

        with self._controller.state.loop.lock:
            return panel_bundle(self._controller.state, self.widget.model_id)

    def _ipython_display_(self) -> None:
        from openrouter_nb.live.current_frontend import current_frontend
        from openrouter_nb.playground.display import OutputManager

        state, frontend = self._controller.state, current_frontend()
        if self._outputs is None:
            self._outputs = OutputManager(state, frontend)
        # With OPENROUTER_NB_LIVE=0, outputs are compared: nothing in them may differ from one run to the next.
        if frontend.view_kind == "terminal" or os.environ.get("OPENROUTER_NB_LIVE") == "0":
            with state.loop.lock:
                self._outputs.show_without_panel()
            return
        model_id = self.widget.model_id if frontend.has_page else None
        with state.loop.lock:
            self._outputs.show(model_id)

    def _changed(self) -> None:
        self._sync_traits()
        if self._outputs is not None:
            self._outputs.on_change()

    def _save_output(self) -> None:
        if self._outputs is not None:
            with self._controller.state.loop.lock:
                self._outputs.update(again=True)

    def __repr__(self) -> str:
        return f"<Playground of {', '.join(self.models)}: {len(self.messages)} messages, {self.status}>"

    def _do(self, op: str, **given: Any) -> None:
        with refused_as(ValueError), self._controller.state.loop.lock:
            commands.apply(self._controller, op, well_formed_values(given))
            self._controller.notify()


def _namespace() -> Mapping[str, Any]:
    return vars(sys.modules["__main__"])
