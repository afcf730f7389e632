"""What commands and queries need of the controller, as a protocol: they do not import it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from openrouter_nb.playground.history.recorder import Recorder
    from openrouter_nb.playground.remedies.actions import RemedyActions
    from openrouter_nb.playground.runs.runner import Runner
    from openrouter_nb.playground.state.state import PlaygroundState


class PanelContext(Protocol):
    """One playground, as the handlers of panel messages see it."""

    @property
    def state(self) -> PlaygroundState:
        """Parameters, thread and columns."""

    @property
    def runner(self) -> Runner:
        """Starts and stops runs."""

    @property
    def remedies(self) -> RemedyActions:
        """Executes the buttons of banners."""

    @property
    def recorder(self) -> Recorder:
        """Stores the conversation."""

    def notify(self) -> None:
        """Send the changed state to pages and traits."""

    def load_catalog(self) -> None:
        """Fetch models and endpoints in the background."""
