"""`%%chat?`: its examples run."""

import re

import pytest

from openrouter_nb.notebook.help import GROUPS
from openrouter_nb.notebook.magics import ChatMagics
from openrouter_nb.notebook.options.table import ROWS

PAGE = ChatMagics.chat.__doc__
_, _, REST = PAGE.partition("Examples:\n")
EXAMPLES = [
    re.sub(r"^    ", "", block, flags=re.MULTILINE)
    for block in REST.partition("Options.")[0].strip("\n").split("\n\n")
]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.partition("\n")[0])
def test_an_example_runs(kernel, simulator, example):
    kernel.run(
        "import pandas as pd, matplotlib\nmatplotlib.use('Agg')\nimport matplotlib.pyplot as plt\n"
        "df = pd.DataFrame({'a': [1, 2]})\nfig, ax = plt.subplots(figsize=(1, 1))"
    )
    kernel.run("1 / 0")
    kernel.run("os.environ['OPENROUTER_NB_LIVE'] = 'updates'\n%chat_models")
    # The simulator has other models, and what the page shows has no price there.
    here = example.replace("openai/gpt-5-mini", "demo/parrot").replace(
        "anthropic/claude-sonnet-4.5", "demo/echo"
    )
    run = kernel.run(here)
    assert run.reply["status"] == "ok", run.text
    sent = [request for request in simulator.requests if request.path.endswith("/chat/completions")]
    if "--bg" in example:
        kernel.run("await _")
    elif "--dry-run" in example:
        assert sent == []
    else:
        assert len(sent) == 1


def test_there_are_examples_and_every_option_is_in_its_group():
    assert len(EXAMPLES) >= 8
    places = [
        PAGE.index(f"  {title}\n")
        for group, title in GROUPS.items()
        if any(row.group == group for row in ROWS)
    ]
    assert places == sorted(places)
    for row in ROWS:
        assert re.search(rf"^    {re.escape(', '.join(row.flags))}\b", PAGE, re.MULTILINE), row.name


def test_the_page_is_what_a_question_mark_shows(kernel):
    run = kernel.run("%%chat?")
    shown = run.reply["payload"][0]["data"]["text/plain"]
    assert "Why is the sky blue?" in shown
    assert "--max-cost USD" in shown
