"""axe-core finds nothing in the playground in any state, at any width, in either theme; and nothing is wider than it."""

from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("server", ["lab", "notebook"], indirect=True)]

AXE = Path(__file__).resolve().parents[2] / "js" / "node_modules" / "axe-core" / "axe.min.js"
WIDTHS = (1000, 700, 420)
THEMES = {"Light": None, "Dark": ["color-contrast"]}  # the themes differ in nothing but colours

RUN = """async (root, rules) => {
    const only = rules ? { runOnly: { type: "rule", values: rules } } : {};
    const { violations } = await axe.run(root, { resultTypes: ["violations"], ...only });
    return violations.map(({ id, nodes }) =>
        [id, nodes.slice(0, 3).map(({ html, failureSummary }) => html.slice(0, 200) + failureSummary)]);
}"""

# What sticks out of the panel at any width, however it is cut off: in a notebook's cell it could not be reached. And
# controls that are alone on a line, below others of their group.
STICKS_OUT = """(root) => {
    const lines = ({ children }) => {
        const found = [];
        for (const child of children) {
            const { top, bottom, width } = child.getBoundingClientRect();
            if (width <= 1 || getComputedStyle(child).position === "absolute") continue;
            const line = found.find((each) => each.top < bottom && top < each.bottom);
            if (line) line.controls.push(child);
            else found.push({ top, bottom, controls: [child] });
        }
        return found;
    };
    const alone = (group) => {
        const found = lines(group).filter(({ controls }) => controls.length === 1).flatMap(({ controls }) => controls);
        return found.length < group.children.length
            ? found.filter((each) => each.matches("button, select, input, .orn-anchor")) : [];
    };
    const GROUPS = ".orn-row, .orn-head, .orn-bar, .orn-line, .orn-actions";
    const OVERFLOWING = "pre, table, .orn-sr, .orn-list, [popover], math, svg, .orn-chunks";
    const nodes = [...root.querySelectorAll("*")].filter((node) => !node.closest(OVERFLOWING));
    const found = [];
    const before = root.style.width;
    for (let width = 420; width <= 1600; width += 20) {
        root.style.width = `${width}px`;
        // With more models than two, the buttons in a column wrap as its texts do.
        const isChecked = width >= 480 && root.querySelectorAll(".orn-chosen").length <= 2;
        const single = isChecked ? [...root.querySelectorAll(GROUPS)].flatMap(alone) : [];
        found.push(...single.map((each) => [width, "alone", each.outerHTML.slice(0, 150)]));
        const { right } = root.getBoundingClientRect();
        if (root.scrollWidth > root.clientWidth) found.push([width, "the panel"]);
        for (const node of nodes) {
            const box = node.getBoundingClientRect();
            if (box.width > 1 && box.right > right + 1) found.push([width, node.cloneNode(false).outerHTML.slice(0, 150)]);
        }
    }
    root.style.width = before;
    return found.slice(0, 5);
}"""


class Inspector:
    """Looks at a panel in each state that it can be brought into."""

    def __init__(self, view, artifacts):
        self.view, self.root, self.artifacts = view, view.root, artifacts
        self.theme = "Light"
        view.page.add_script_tag(path=AXE)

    def narrow(self, width):
        self.root.evaluate("(root, width) => { root.style.width = `${width}px`; }", width)
        expect(self.root.locator(".orn-rail-head > button")).to_have_count(0 if width >= 860 else 1)

    def inspect(self, state, width):
        assert self.root.evaluate(RUN, THEMES[self.theme]) == [], f"{state}, {width} px, {self.theme}"

    def picture(self, state, width):
        path = self.artifacts / f"playground-{state}-{width}-{self.theme.lower()}.png"
        self.view.lab.screenshot(0, path)

    def look(self, state, *overlays):
        """Inspect a state at each width, and what can be opened in it."""
        assert self.root.evaluate(STICKS_OUT) == [], state
        for width in WIDTHS:
            self.narrow(width)
            self.inspect(state, width)
            if state != "empty":
                self.picture(state, width)
            # Colours do not depend on the width, and nothing else on the theme.
            for overlay in overlays if self.theme == "Light" or width == WIDTHS[0] else ():
                with overlay():
                    self.inspect(f"{state}, {overlay.__name__}", width)
        self.narrow(1000)

    @contextmanager
    def rail(self):
        self.view.open_rail()
        if self.theme == "Light":
            assert self.root.evaluate(STICKS_OUT) == []
        yield
        fold = self.root.locator(".orn-rail-head > button")
        if fold.count():
            fold.click()

    @contextmanager
    def tabs(self):
        for name in ("Raw", "Code", "History"):
            self.view.tab(name)
            self.root.locator(".orn-pane").first.wait_for()
            if name != "History":
                self.inspect(name, "")
        yield
        self.view.tab("Chat")

    @contextmanager
    def menu(self):
        self.view.button("More actions").last.click()
        self.root.get_by_role("menu").wait_for()
        yield
        self.view.page.keyboard.press("Escape")
        expect(self.root.get_by_role("menu")).to_have_count(0)

    @contextmanager
    def models(self):
        picker = self.root.get_by_role("combobox", name="Model").first
        picker.click()
        self.root.locator(".orn-list [role=option]").first.wait_for()
        yield
        picker.press("Escape")
        expect(self.root.locator(".orn-list [role=option]")).to_have_count(0)

    @contextmanager
    def naming(self):
        self.root.locator(".orn-head [aria-haspopup=menu]").first.click()
        self.root.get_by_role("menuitem", name="Save as…").click()
        name = self.root.get_by_role("textbox", name="Name of the preset")
        expect(name).to_be_focused()
        yield
        name.press("Escape")
        expect(name).to_have_count(0)

    @contextmanager
    def as_json(self):
        self.view.button("More about the conversation").click()
        self.root.get_by_role("menuitem", name="Edit as JSON…").click()
        area = self.root.get_by_role("textbox", name="Messages, as JSON")
        expect(area).to_be_editable()
        yield
        area.press("Escape")
        expect(area).to_have_count(0)

    @contextmanager
    def editing(self):
        self.view.button("Edit").first.click()
        yield
        self.view.button("Cancel").click()


def test_axe_finds_nothing_in_any_state_width_or_theme(play, artifacts):
    view = play("demo/tour")
    lab, page = view.lab, view.page
    page.set_viewport_size({"width": 1500, "height": 1000})
    look = Inspector(view, artifacts)

    def ask(models, **params):
        lab.execute_silently(
            f"p.models = {models!r}; p.params = {params!r}; p.messages = [{{'role': 'system', 'content': 'Be terse.'}}]"
        )
        expect(view.root.locator(".orn-chosen")).to_have_count(len(models))
        expect(view.root.locator(".orn-item")).to_have_count(1)
        view.ask("Show me everything")
        view.wait_done(len(models))

    weather = {
        "type": "function",
        "function": {"name": "weather", "parameters": {"type": "object", "properties": {}}},
    }
    for theme in THEMES:
        lab.theme(f"JupyterLab {theme}")
        look.theme = theme
        lab.execute_silently("p.models = ['demo/tour']; p.messages = []; p.params = {}")
        expect(view.root.locator(".orn-item")).to_have_count(0)
        look.look("empty", look.models, look.naming, look.as_json)
        ask(["demo/tour"], temperature=0.2, seed=42, top_k=7, stop=["END"])
        view.row("temperature").locator("input[type=text]").fill("7")
        view.expect_state("temperature", "invalid")
        look.look("answer", look.rail, look.tabs, look.menu, look.editing)
        ask(["demo/reasoner", "demo/error-429", "demo/tools", "demo/citations"], tools=[weather])
        expect(view.root.locator(".orn-banner")).to_have_count(1)
        view.root.locator(".orn-tool[data-state=unknown]").wait_for()
        look.look("compare")
    lab.theme("JupyterLab Light")
    page.set_viewport_size({"width": 1280, "height": 900})


def test_each_tab_fits_a_panel_of_any_width(play):
    view = play("demo/parrot")
    view.ask("Hello")
    view.wait_done()
    for name in ("Raw", "Code", "History"):
        view.tab(name)
        view.root.locator(".orn-pane [tabindex='0']").first.wait_for()
        assert view.root.evaluate(STICKS_OUT) == [], name
