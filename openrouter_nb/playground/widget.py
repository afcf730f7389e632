"""The panel's model: traits that only the kernel writes, and messages both ways. It holds no key and no medium."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import traitlets

from openrouter_nb.live.bundle_widget import BundleWidget, compressed
from openrouter_nb.playground.parameters.specs import param_specs, setting_specs
from openrouter_nb.playground.protocol import VERSION

if TYPE_CHECKING:
    from collections.abc import Callable

# The live view's bundle has the Markdown renderer.
_BUNDLES = ("live.js", "playground.js")


class PanelWidget(BundleWidget):
    """The model of all views of one playground. The protocol is in `js/src/playground/protocol.ts`.

    Args:
        state: Returns all traits as of now.
        receive: Takes the messages of pages, on whatever thread they come.
    """

    param_specs = traitlets.Any().tag(sync=True)
    setting_specs = traitlets.Any().tag(sync=True)
    params = traitlets.Any().tag(sync=True)
    settings = traitlets.Any().tag(sync=True)
    hints = traitlets.Any().tag(sync=True)
    ignored = traitlets.Any().tag(sync=True)
    forced = traitlets.Any().tag(sync=True)
    problems = traitlets.Any().tag(sync=True)
    blocked = traitlets.Any().tag(sync=True)
    thread = traitlets.Any().tag(sync=True)
    draft = traitlets.Any().tag(sync=True)
    columns = traitlets.Any().tag(sync=True)
    estimate = traitlets.Any().tag(sync=True)
    routing = traitlets.Any().tag(sync=True)
    session = traitlets.Any().tag(sync=True)
    presets = traitlets.Any().tag(sync=True)
    policies = traitlets.Any().tag(sync=True)
    connection = traitlets.Any().tag(sync=True)
    undo = traitlets.Any().tag(sync=True)
    live = traitlets.Any().tag(sync=True)

    _carried: ClassVar[bool] = False

    def __init__(self, state: Callable[[], dict[str, Any]], receive: Callable[[Any, Any], None]) -> None:
        self._state = state
        carries = not PanelWidget._carried
        PanelWidget._carried = True
        super().__init__(
            "playground-loader.js",
            compressed(*_BUNDLES) if carries else b"",
            param_specs=list(param_specs()),
            setting_specs=list(setting_specs()),
            live={},
            **{name: value for name, value in state().items() if name != "live"},
        )
        self.on_msg(lambda _widget, content, buffers: receive(content, buffers))

    def show(self, state: dict[str, Any]) -> None:
        """Send what has changed of the state, in one message."""
        with self.hold_sync():
            for name, value in state.items():
                setattr(self, name, value)

    def send_module(self) -> None:
        """Send the panel to a page that does not have it."""
        self.send({"kind": "module", "v": VERSION}, [compressed(*_BUNDLES)])

    def get_state(self, key: Any = None, drop_defaults: bool = False) -> Any:
        """Return the state; for a page that opens now with the answers that are being written and with countdowns as of now."""
        state = super().get_state(key, drop_defaults)
        if "live" in state:
            state.update({name: value for name, value in self._state().items() if name in state})
        return state
