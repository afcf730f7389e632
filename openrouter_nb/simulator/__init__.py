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
"""

from openrouter_nb.simulator.request_log import LoggedExchange, ReceivedRequest
from openrouter_nb.simulator.server import Simulator

__all__ = ["LoggedExchange", "ReceivedRequest", "Simulator"]
