"""Reloads of the page, restarts and deaths of the kernel at random moments of an answer."""

import itertools
import os
import secrets

import pytest
from playwright.sync_api import expect

# Read before the fixtures empty the environment.
IS_FULL = os.environ.get("OPENROUTER_NB_REPEATS") == "full"
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(
        not IS_FULL,
        reason="half an hour, with OPENROUTER_NB_REPEATS=full; test_reloading.py has one of each",
    ),
]

WORDS = 90
TEXT = " ".join(
    ("This is a simulated answer that goes on and on, word after word, as long models do. " * 10).split()[
        :WORDS
    ]
)
ASK = f"%%chat -m demo/slow --once -p simulator.wait_ms=0 -p simulator.chunks={WORDS} -p simulator.pace_ms=60\nHello"
RUNNING = ".orn-live:not([data-phase=finished], [data-phase=interrupted])"
# JupyterLab may replace the view while the answer arrives.
HAS_LENGTH = "([selector, length]) => document.querySelector(selector)?.innerText.length >= length"


def normal(text):
    return " ".join(text.split())


def wait_for_random_moment(lab):
    """Wait until a random part of the answer is shown, at most three quarters: it takes more than a second to its end."""
    # Not the view of the answer before, which is there until the new one is.
    body = f"{RUNNING} .orn-body"
    length = 1 + secrets.randbelow(len(TEXT) * 3 // 4)
    lab.page.wait_for_function(HAS_LENGTH, arg=[body, length])


def run_again(lab, simulator):
    """Prepare a new kernel."""
    lab.execute_silently(f"%env OPENROUTER_BASE_URL={simulator.base_url}\n%load_ext openrouter_nb\nimport os")


@pytest.mark.timeout(5400)
def test_a_text_that_reached_the_kernel_survives_reloads(chat, simulator):
    lab = chat(ASK, "print(Out[max(Out)].text)")
    for number in range(100):
        lab.start(0)
        wait_for_random_moment(lab)
        if secrets.randbelow(2):
            lab.save()
        lab.reload(is_running=True)
        lab.wait_idle()
        expect(lab.page.locator(RUNNING)).to_have_count(0)
        outputs = lab.run(1)
        assert normal(outputs[-1]["text"]) == TEXT, number
        # Where the output is lost, the cell says how to get the answer.
        if lab.live(0).count():
            expect(lab.live(0)).to_contain_text(TEXT[-20:])
        elif not lab.outputs(0):
            # The page opens the kernel's widgets after the notebook.
            tries = itertools.chain([outputs], (lab.run(1) for _ in range(50)))
            assert any("shows the answer" in str(each) for each in tries), number
    assert {exchange.outcome for exchange in simulator.exchanges} == {"done"}


@pytest.mark.timeout(5400)
@pytest.mark.parametrize("how", ["restart", "kill"])
def test_a_text_on_the_page_survives_the_kernel_and_no_view_goes_on(chat, simulator, how):
    lab = chat(ASK)
    for number in range(20):
        run_again(lab, simulator)
        lab.execute_silently("open('process', 'w').write(str(os.getpid()))")
        lab.start(0)
        wait_for_random_moment(lab)
        shown = normal(lab.live(0).locator(".orn-body").inner_text())
        if how == "kill":
            lab.kill(int((lab.path.parent / "process").read_text()))
        else:
            lab.page.evaluate("() => window.__panel.sessionContext.session.kernel.restart()")
        expect(lab.page.locator(RUNNING)).to_have_count(0)
        lab.wait_idle()
        kept = normal(lab.output(0).inner_text())
        assert shown[:-1] in kept, number  # the last word may be cut
        assert shown
