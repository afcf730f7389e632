"""`ChatBridge`: the base class of widgets whose page sends chat requests."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import anywidget
import traitlets

from openrouter_nb.chat_bridge.esm import widget_esm
from openrouter_nb.chat_bridge.page_bridge import bridge

if TYPE_CHECKING:
    from collections.abc import Collection

    from openrouter_nb.chat_bridge.page_bridge import Bridge
    from openrouter_nb.client import OpenRouter
    from openrouter_nb.conversation.agent.limits import Limits
    from openrouter_nb.replay.mode import Mode


class ChatBridge(anywidget.AnyWidget):  # type: ignore[misc]
    """An anywidget whose page sends chat requests through a client of the kernel. The key does not leave the kernel.

    A subclass sets `_esm` to the source or the path of its JavaScript module, which imports from `@openrouter-nb/client`,
    `@openrouter-nb/client/react` and `@openrouter-nb/client/markdown` without a network. With `ANYWIDGET_HMR=1`, a changed
    file is loaded again as by anywidget.

    Keywords are those of `bridge()`, and initial values of the subclass' traits.

    Attributes:
        bridge: What the pages spent (`cost`, in US dollars), `requests`, `running`, and `close()`.

    Raises:
        TypeError: a keyword has the wrong type.
        ValueError: a number is not within its bounds, or `_esm` imports an unknown module of `@openrouter-nb`.

    Example:
        >>> from openrouter_nb import ChatBridge
        >>> class Translator(ChatBridge):
        ...     _esm = '''
        ...     import { connect } from "@openrouter-nb/client";
        ...     export default {
        ...       render({ model, el }) {
        ...         const { chatSend } = connect(model);
        ...         el.onclick = async () => {
        ...           const messages = [{ role: "user", content: "Say tree in French." }];
        ...           const answer = await chatSend({ model: "openai/gpt-5-mini", messages });
        ...           el.textContent = answer.ok ? answer.value.choices[0].message.content : answer.error.message;
        ...         };
        ...       },
        ...     };
        ...     '''
        >>> Translator(models="openai/gpt-5-mini", max_cost=0.10)  # doctest: +SKIP
    """

    bridge: Bridge

    def __init__(
        self,
        *,
        client: OpenRouter | None = None,
        models: str | Collection[str] | None = None,
        max_tokens: int | None = None,
        max_cost: float | None = None,
        max_cost_per_minute: float | None = None,
        tools: Any = None,
        approve: Any = None,
        limits: Limits | None = None,
        allow_fields: Collection[str] = (),
        allow_headers: Collection[str] = (),
        concurrency: int = 32,
        replay: Mode | None = None,
        **traits: Any,
    ) -> None:
        if "_esm" not in traits and hasattr(self, "_esm"):
            # A value of the constructor is validated below, the default of anywidget's trait is not.
            traits["_esm"] = str(self._esm)
        super().__init__(**traits)
        self.bridge = bridge(
            self,
            client=client,
            models=models,
            max_tokens=max_tokens,
            max_cost=max_cost,
            max_cost_per_minute=max_cost_per_minute,
            tools=tools,
            approve=approve,
            limits=limits,
            allow_fields=allow_fields,
            allow_headers=allow_headers,
            concurrency=concurrency,
            replay=replay,
        )

    def __repr__(self) -> str:
        return f"<{type(self).__name__} for {', '.join(self.bridge.policy.models)}>"

    @traitlets.validate("_esm")  # type: ignore[untyped-decorator]
    def _with_modules(self, proposal: Any) -> str:
        """Return the source of the module with its imports replaced, also after a change of its file."""
        return widget_esm(str(proposal["value"]))
