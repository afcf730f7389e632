"""`Playground`: the panel, and everything in it as Python values."""

from __future__ import annotations

import copy
import os
import sys
import threading
from typing import TYPE_CHECKING, Any

from openrouter_nb.conversation.agent.limits import Limits
from openrouter_nb.parameters import PARAMETERS, nearest
from openrouter_nb.playground import commands, queries, shutdown
from openrouter_nb.playground.commands.parameters import set_setting
from openrouter_nb.playground.commands.tools import add_tools
from openrouter_nb.playground.controller import PlaygroundController
from openrouter_nb.playground.state import presets
from openrouter_nb.playground.state.limit_settings import settings_of
from openrouter_nb.playground.state.messages import checked_messages
from openrouter_nb.playground.trait_sync import TraitSync, refused_as

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from openrouter_nb.client import OpenRouter
    from openrouter_nb.conversation import Answer
    from openrouter_nb.playground.display import OutputManager
    from openrouter_nb.playground.widget import PanelWidget

_STOP_S = 5.0


class Playground(TraitSync):
    """A panel to try models and parameters in, as the last expression of a cell or by `display`.

    Whatever is done in the panel is seen here, and whatever is set here is seen in the panel. `observe` tells of changes,
    on the playground's own thread where a click made them: `p.observe(print, "result")`.

    The saved notebook has the conversation to read below the panel, on GitHub as well. Only where the page was loaded again in
    between it knows nothing of what was said since then: `p` in a further cell brings both up to date.

    Args:
        model: What to ask: an id, or up to four to compare. None takes OPENROUTER_NB_MODEL, else openrouter/auto.
        messages: The conversation to begin with, as a request carries it.
        system: Instructions at its head; instead of a first message of that role.
        tools: Functions that the models may call, and names of OpenRouter's own tools, such as `"web_search"`.
        schema: The type that answers must have: a pydantic class, a dataclass, a TypedDict or a JSON Schema.
        limits: How far a question may go when tools are called: 8 rounds, 16 calls and any cost if left out. The rows
            under Settings show and change it.
        repairs: How often a model is asked by itself to put right an answer that is not of the type.
        client: What to send with; None makes an `OpenRouter()`.
        **params: Request parameters by their names on the wire, such as `temperature=0.2`. None is an explicit null.

    Attributes:
        model: What the first column asks.
        models: What all columns ask, one to four.
        messages: The conversation as the first column sees it. May be changed in place, at any depth.
        params: What is set, by wire name; what is absent is not sent. May be changed in place, at any depth.
        settings: What is ours and never sent: max_retries, first_wait_s, max_hint_s, retry_statuses, timeout_s, max_rounds,
            max_calls, max_identical, max_cost, repairs.
        result: The newest answer of the first column; None before it.
        results: The newest answers of all columns, None for one that has none.
        cost: US dollars that OpenRouter has reported for this playground.
        status: `idle`, `running`, `failed`.

    Raises:
        TypeError: an unknown keyword, with the nearest parameter; limits that are no `Limits`; a schema that is none.
        ValueError: messages or tools that cannot be sent, more than four models.

    Example:
        >>> from openrouter_nb import Playground
        >>> p = Playground(model="openai/gpt-5-mini", temperature=0.2)  # doctest: +SKIP
        >>> p  # doctest: +SKIP
        >>> p.result.text  # what the panel has answered  # doctest: +SKIP
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
            start = [*head, *copy.deepcopy([dict(message) for message in messages])]
            checked_messages(start)
            state.thread.replace_all(start)
            state.thread.clear_history()
            state.params = dict(params)
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
        """Ask, as the button Send does.

        Args:
            text: A message to add first; None takes what is written in the panel, if anything.
            wait: Wait for the answers of all columns. Ctrl-C stops them.

        Returns:
            The answer of the first column; None without `wait`, or where it was stopped before it said anything.

        Raises:
            ValueError: nothing can be sent, and why.
            OpenRouterError: every column failed; this is the first one's.
        """
        state = self._controller.state
        with refused_as(ValueError), state.loop.lock:
            self._idle.clear()
            try:
                self._controller.runner.submit(text, None, None)
            except BaseException:
                self._idle.set()
                raise
            self._controller.notify()
        if not wait:
            return None
        try:
            self._idle.wait()
        except BaseException:
            self.stop()
            self._idle.wait(_STOP_S)
            raise
        self._save_output()
        errors = [column.error for column in state.columns]
        if errors[0] is not None and all(errors):
            raise errors[0]
        found: Answer | None = self.result
        return found

    def stop(self) -> None:
        """Stop all answers; what has arrived is kept."""
        with self._controller.state.loop.lock:
            self._controller.runner.stop()
            self._controller.notify()

    def wait(self, timeout: float | None = None) -> bool:
        """Wait until nothing is being written.

        Args:
            timeout: Seconds; None for no limit.

        Returns:
            Whether that is so.
        """
        is_idle = self._idle.wait(timeout)
        self._save_output()
        return is_idle

    @property
    def request(self) -> dict[str, Any]:
        """The body that Send would send to the first column's model now, without the key, which is no part of it.

        Raises:
            OpenRouterError: it cannot be sent as it is.
        """
        state = self._controller.state
        with state.loop.lock:
            column = state.columns[0]
            return state.current_body(column)

    @property
    def history(self) -> list[dict[str, Any]]:
        """What was asked so far: time, model, tokens, cost and end of each request."""
        return [dict(row) for row in self._controller.state.usage.rows]

    def code(self, format: str = "openrouter_nb") -> str:  # noqa: A002 - as in the panel
        """Return the first column's request as a program that sends exactly the same.

        Args:
            format: `chat` for a cell, `openrouter_nb`, `openrouter`, `openai`, `httpx`, `typescript`, `curl`.

        Raises:
            ValueError: an unknown format, or a request that cannot be sent.
        """
        from openrouter_nb.playground.protocol import CODE_FORMATS

        if format not in CODE_FORMATS:
            known = ", ".join(CODE_FORMATS)
            raise ValueError(f"{format!r} is no format: {known}.{nearest(format, CODE_FORMATS)}")
        with refused_as(ValueError), self._controller.state.loop.lock:
            text: str = queries.code_for(self._controller, self._controller.state.columns[0], format).text
            return text

    @property
    def presets(self) -> list[str]:
        """Names of the presets that are kept, for `save_preset` and `load_preset`."""
        return presets.names()

    def save_preset(self, name: str) -> None:
        """Keep models, parameters and instructions under a name, as a JSON file.

        Raises:
            ValueError: the name cannot be a file's, or it cannot be written.
        """
        self._do("preset_save", name=name)

    def load_preset(self, name: str) -> None:
        """Take over what a preset keeps.

        Raises:
            ValueError: there is none of this name.
        """
        self._do("preset_load", name=name)

    def add_tool(self, tool: Any) -> None:
        """Offer a function to the models; it runs when it is allowed to in the panel.

        Raises:
            ValueError: it is no tool.
        """
        with refused_as(ValueError), self._controller.state.loop.lock:
            add_tools(self._controller, [tool])
            self._controller.notify()

    def close(self) -> None:
        """Close the panel. The conversation stays to read in the cells that showed it."""
        self.stop()
        self._idle.wait(_STOP_S)
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

    def _ipython_display_(self) -> None:
        from openrouter_nb.live.current_frontend import current_frontend
        from openrouter_nb.playground.display import OutputManager

        state = self._controller.state
        if self._outputs is None:
            self._outputs = OutputManager(state, current_frontend())
        if os.environ.get("OPENROUTER_NB_LIVE") == "0":
            # Such runs are compared with saved outputs: nothing in them may differ from one run to the next.
            with state.loop.lock:
                self._outputs.show_without_panel()
            return
        if self._panel is None:
            from openrouter_nb.playground.widget import PanelWidget

            self._panel = self._controller.panel = PanelWidget(
                self._controller.panel_traits, self._controller.receive
            )
            self._controller.load_catalog()
        with state.loop.lock:
            self._outputs.show(self._panel.model_id)

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
            commands.apply(self._controller, op, given)
            self._controller.notify()


def _namespace() -> Mapping[str, Any]:
    return vars(sys.modules["__main__"])
