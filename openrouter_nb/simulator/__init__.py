"""A local server that speaks OpenRouter's protocol.

It serves scripts (`demo/…`), recorded traffic (`recorded/…`) and, when its wheels are installed, a small
language model (`local/…`). Every response names the provider "Simulator" or "local", so that it cannot be mistaken
for a response of OpenRouter.

Example:
    ```python
    from openrouter_nb.simulator import Simulator

    with Simulator() as simulator:
        print(simulator.base_url)  # http://127.0.0.1:49152/api/v1
    ```

`OPENROUTER_BASE_URL=simulator:` makes clients of this package answer their requests themselves, without a server.
"""

from typing import TYPE_CHECKING, Any

from openrouter_nb.simulator.request_log import LoggedExchange, ReceivedRequest

if TYPE_CHECKING:
    from openrouter_nb.simulator.server import Simulator

__all__ = ["LoggedExchange", "ReceivedRequest", "Simulator"]


def __getattr__(name: str) -> Any:
    # Lazy: the server needs tornado, the simulator in this process does not.
    if name == "Simulator":
        from openrouter_nb.simulator.server import Simulator

        return Simulator
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
