"""Restart and Run All: the same requests, whichever frontend, however often."""

from support.kernel import Kernel

CELLS = [
    "%load_ext openrouter_nb",
    "import pandas as pd\ndf = pd.DataFrame({'a': range(3)})\nlimit = 7",
    "%chat_config model=demo/parrot",
    "%%chat -s 'Be terse.'\nWhat is in {{df}}?",
    "%%chat -t 0.5 -n {limit}\nNot sent: the line is no place for values.",
    "%%chat -t 0.5\nAnd more than {{limit}}?",
    "x = %chat -c side -m demo/reasoner One",
    "for word in ('two', 'three'):\n    get_ipython().run_line_magic('chat', '-c side ' + word)",
    "%%chat --bg -c slow -m demo/reasoner\nGo on",
    "%%chat -c slow\nWhat was that?",
    "1 / 0",
    "%%chat --once --context error\nWhy?",
    "%%chat --once --context above\nContinue",
    "%%chat -m demo/error-500 --retries 0 --on-error banner\nThis fails",
    "%chat_retry -m demo/parrot",
    "%%chat --new -f json\nOnce more",
    "%%chat\nAnd once more",
]


def run_all(simulator, *, with_ids, allow_stdin):
    before = len(simulator.requests)
    with Kernel(env={"OPENROUTER_BASE_URL": simulator.base_url, "OPENROUTER_NB_LIVE": "0"}) as kernel:
        failed = []
        for number, cell in enumerate(CELLS):
            cell_id = f"cell-{number}" if with_ids else None
            run = kernel.run(cell, cell_id=cell_id, allow_stdin=allow_stdin)
            if run.reply["status"] == "error":
                failed.append(number)
        assert failed == [4, 10]
    chats = [request for request in simulator.requests[before:] if request.path.endswith("/chat/completions")]
    return [request.body for request in chats]


def test_every_run_sends_the_same_requests(simulator):
    first = run_all(simulator, with_ids=True, allow_stdin=True)
    assert len(first) == 13
    assert run_all(simulator, with_ids=True, allow_stdin=True) == first
    assert run_all(simulator, with_ids=False, allow_stdin=False) == first
