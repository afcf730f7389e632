"""Export a request as a program for OpenRouter's Python package, `openrouter`."""

from __future__ import annotations

from typing import Any

from openrouter_nb.playground.export.program import SERVER, ExportRequest, keywords
from openrouter_nb.playground.export.python_sdk_gaps import losses


def write(body: dict[str, Any], server: str) -> ExportRequest:
    """Return the program. The note lists what the package cannot send."""
    lost = losses(body)
    given = {name: value for name, value in body.items() if name not in (*lost, "stream")}
    if "plugins" in given:
        # The package drops unknown fields silently, but rejects unknown plugins.
        given["plugins"] = [each for each in given["plugins"] if f"plugins[{each.get('id')}]" not in lost]
    remarks = []
    if lost:
        remarks.append(
            f"The package openrouter has no argument for {', '.join(lost)}: not sent by this program."
        )
    if _has_price_numbers(given.get("provider")):
        # The package drops `provider` entirely if a price is a number.
        prices = {key: str(price) for key, price in given["provider"]["max_price"].items()}
        given["provider"] = {**given["provider"], "max_price": prices}
        remarks.append("The package openrouter takes prices as text only: max_price is sent as text.")
    made = 'api_key=os.environ["OPENROUTER_API_KEY"]' + (
        "" if server == SERVER else f", server_url={server!r}"
    )
    remark = "".join(f"# {each}\n" for each in remarks)
    if body.get("stream"):
        end = (
            "    with answer as events:\n"
            "        for event in events:\n"
            "            for choice in event.choices:\n"
            '                print(choice.delta.content or "", end="", flush=True)\n'
        )
        given["stream"] = True
    else:
        end = "    print(answer.choices[0].message.content)\n"
    text = (
        f"import os\n\nfrom openrouter import OpenRouter\n\n{remark}with OpenRouter({made}) as open_router:\n"
        f"    answer = open_router.chat.send(\n{keywords(given, 8)}    )\n{end}"
    )
    return ExportRequest(text, "python", " ".join(remarks))


def _has_price_numbers(provider: Any) -> bool:
    prices = provider.get("max_price") if isinstance(provider, dict) else None
    return isinstance(prices, dict) and any(not isinstance(price, str) for price in prices.values())
