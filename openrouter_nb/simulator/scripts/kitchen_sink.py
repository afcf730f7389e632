"""`demo/tour`: an answer with every element that a renderer must support."""

from openrouter_nb.simulator.parsed_request import ParsedChatRequest
from openrouter_nb.simulator.responses.scripted_answer import ScriptedAnswer
from openrouter_nb.simulator.scripted_model import ScriptedModel
from openrouter_nb.simulator.scripts.text_deltas import say

TEXT = r"""# A tour of what an answer can hold

This answer is **simulated**: no model was asked, and nothing was charged. It shows *emphasis*, `inline code`,
~~corrections~~ and a [link to the documentation](https://openrouter.ai/docs).

## Lists

1. Ask in a cell that starts with `%%chat`.
2. Read the answer while it arrives.
   - Stop it at any time; what arrived is kept.
   - Ask again, and only the new question is added.
3. Compare two models side by side.

- [x] streaming
- [ ] world peace

## A table

| River | Length (km) | Flows into |
|:------|------------:|:-----------|
| Rhône |         813 | the Mediterranean |
| Loire |       1 006 | the Atlantic |
| Rhine |       1 233 | the North Sea |

## Code

```python
def fibonacci(n: int) -> int:
    "The n-th Fibonacci number."
    a, b = 0, 1
    for _ in range(n):
        a, b = b, a + b
    return a


print([fibonacci(n) for n in range(10)])
```

## Mathematics

Euler's identity is \(e^{i\pi} + 1 = 0\). The normal density integrates to one:

\[
\int_{-\infty}^{\infty} \frac{1}{\sqrt{2\pi}}\, e^{-x^2/2}\, dx = 1
\]

> What I cannot create, I do not understand.
> — Richard Feynman

That is all: 日本語, العربية and 🎉 arrive whole, too.
"""


def tour(request: ParsedChatRequest) -> ScriptedAnswer:
    """Answer with the tour, one word every 15 ms."""
    return ScriptedAnswer(deltas=say(request.overrides.text or TEXT, request), pace_ms=15)


TOUR = ScriptedModel(
    slug="demo/tour",
    summary="A Markdown answer with headings, lists, a table, code, mathematics, a quote and a link.",
    respond=tour,
)
