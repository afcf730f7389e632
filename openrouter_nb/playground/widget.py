"""Widget model of the panel: traits that only the kernel writes, and custom messages. No API key or media bytes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import traitlets

from openrouter_nb.live.bundle_widget import BundleWidget, compressed
from openrouter_nb.playground.parameters.specs import param_specs, setting_specs
from openrouter_nb.playground.protocol import VERSION

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

# The bundle of the live view contains the Markdown renderer.
_BUNDLES = ("live.js", "playground.js")


class PanelWidget(BundleWidget):
    """The widget model that all views of one playground share. The protocol is in `js/src/playground/protocol.ts`.

    Args:
        state: Returns the present values of all traits.
        receive: Called with each message of a page, on any thread.
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
    history = traitlets.Any().tag(sync=True)
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
        """Send the changed traits in one message."""
        with self.hold_sync():
            for name, value in state.items():
                setattr(self, name, value)

    def send_module(self) -> None:
        """Send the JavaScript bundles to a page that does not have them."""
        self.send({"kind": "module", "v": VERSION}, [compressed(*_BUNDLES)])

    def present_state(self, state: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return partial answers and present countdowns, for a page that opens now."""
        if "live" not in state:
            return {}
        return {name: value for name, value in self._state().items() if name in state}
