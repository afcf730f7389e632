"""The playground's panel in a notebook."""

import json
import time
from typing import Any, Self

from playwright.sync_api import Locator, expect
from support.jupyter import PATIENCE_S, Notebook

# What the notebooks of the tests have for a key, to be found nowhere afterwards.
KEY = "sk-or-v1-0000111122223333"

OPEN_ALL = """(root) => {
    for (const head of root.querySelectorAll("details.orn-group:not([open]) > summary")) head.click();
}"""
ALL_ARE_OPEN = """(root) => [...root.querySelectorAll("details.orn-group")]
    .every((group) => group.open && group.querySelector(".orn-rows"))"""


class PlaygroundView:
    """One view of a playground: the output of a cell that ends with `p`."""

    def __init__(self, lab: Notebook, index: int = 0, root: Locator | None = None) -> None:
        self.lab = lab
        self.page = lab.page
        self._calls = 0
        self.root = root or lab.output(index).locator(".orn-pg")

    def wait(self) -> Self:
        """Wait until it is drawn."""
        self.root.locator("[data-param]").first.wait_for(state="attached")
        return self

    # -- asking

    @property
    def message(self) -> Locator:
        """The composer's text."""
        return self.root.get_by_role("textbox", name="Message", exact=True)

    def button(self, name: str, *, within: Locator | None = None) -> Locator:
        """A button by its name."""
        return (within or self.root).get_by_role("button", name=name, exact=True)

    def ask(self, text: str) -> None:
        """Type a message and send it."""
        self.mark()
        self.message.fill(text)
        self.message.press("Control+Enter")

    def mark(self) -> None:
        """Record the number of calls, for `wait_done`."""
        self._calls = self.calls

    @property
    def calls(self) -> int:
        """Return the number of requests of this playground."""
        return int(self.root.locator(".orn-spent").inner_text().split()[0])

    def wait_done(self, calls: int = 1, *, patience_s: float = PATIENCE_S) -> None:
        """Wait until this number of requests since the last `mark` have ended, and none is running."""
        expected = self._calls + calls
        word = "call" if expected == 1 else "calls"
        expect(self.root.locator(".orn-spent")).to_contain_text(
            f"{expected} {word} ", timeout=patience_s * 1000
        )
        self.button("Send").wait_for()

    def until(self, condition: str) -> None:
        """Wait until a Python condition is true: messages of the page are handled on a thread of the playground."""
        deadline = time.monotonic() + PATIENCE_S
        while True:
            try:
                self.lab.execute_silently(f"assert {condition}")
            except RuntimeError:
                if time.monotonic() > deadline:
                    raise
            else:
                return

    def answers(self) -> Locator:
        """The cards of answers."""
        return self.root.locator(".orn-answer")

    def words(self) -> Locator:
        """The text element of the newest answer."""
        return self.answers().last.locator(".orn-markdown").last

    def text(self) -> str:
        """The current text of the newest answer; `expect(view.words())` waits."""
        return self.words().inner_text()

    def banner(self) -> Locator:
        """The newest error."""
        return self.root.locator(".orn-banner").last

    def tab(self, name: str) -> None:
        """Choose Chat, Raw, Code or History."""
        self.root.get_by_role("tab", name=name, exact=True).first.click()

    # -- parameters

    def open_rail(self) -> None:
        """Expand all groups of parameters."""
        if self.root.locator(".orn-rail[data-open=false]").count():
            self.root.locator(".orn-rail-head button").click()
        self.root.evaluate(OPEN_ALL)
        self.page.wait_for_function(ALL_ARE_OPEN, arg=self.root.element_handle())
        more = self.root.locator(".orn-group .orn-rows > button[aria-expanded=false]")
        while more.count():
            more.first.click()

    def row(self, name: str) -> Locator:
        """The row of a parameter."""
        return self.root.locator(f'[data-param="{name}"]')

    def specs(self) -> list[dict[str, Any]]:
        """The parameter specs in the kernel."""
        self.lab.execute_silently(
            "import json, pathlib; from openrouter_nb.playground.parameters.specs import param_specs\n"
            "pathlib.Path('specs.json').write_text(json.dumps(list(param_specs())))"
        )
        return json.loads((self.lab.path.parent / "specs.json").read_text())

    def expect_state(self, name: str, state: str) -> None:
        """Wait for the chip of a row: unset, set, null, ignored, invalid."""
        expect(self.row(name)).to_have_attribute("data-state", state)
