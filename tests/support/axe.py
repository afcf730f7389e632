"""Accessibility checks with axe."""

from pathlib import Path

from playwright.sync_api import Page

#: Put it into the page with `page.add_script_tag(path=AXE)`.
AXE = Path(__file__).resolve().parents[2] / "js" / "node_modules" / "axe-core" / "axe.min.js"
_RUN = """async (selector) => {
    const { violations } = await axe.run(selector, { resultTypes: ["violations"] });
    return violations.map(({ id, nodes }) => [
        id, nodes.slice(0, 3).map(({ html, failureSummary }) => html.slice(0, 200) + failureSummary),
    ]);
}"""


def violations(page: Page, selector: str) -> list[list[object]]:
    """Return the violated rules within an element, each with its first occurrences."""
    return page.evaluate(_RUN, selector)
