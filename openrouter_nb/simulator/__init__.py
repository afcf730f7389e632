"""A local server that speaks OpenRouter's protocol.

It answers with scripts (`demo/…`), with recorded traffic (`recorded/…`) and, when its wheels are installed,
with a real small language model (`local/…`). Everything it sends names the provider "Simulator" or "local",
so nothing of it can be taken for an answer of OpenRouter.

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
