"""Keyboard navigation of a page: current focus and movement."""

from typing import Any

from playwright.sync_api import Locator

# What Tab must reach: the elements that take the focus, in the order of the document. Of radio buttons one for each group.
STOPS = """(root) => {
    const groups = new Set();
    return [...root.querySelectorAll("a[href], button, input, select, textarea, summary, audio[controls], [tabindex]")]
        .filter((node) => node.tabIndex >= 0 && !node.disabled && node.checkVisibility({ visibilityProperty: true }))
        .filter((node) => {
            if (node.type !== "radio") return true;
            const isFirst = !groups.has(node.name);
            groups.add(node.name);
            return isFirst;
        });
}"""

HOLDS = "(root) => root.contains(document.activeElement)"

# Notes where the focus comes, whether it is seen there, and when it leaves.
WATCH = """(root) => {
    const walk = window.__walk = { reached: new Set(), unseen: [], hasLeft: false };
    window.__walkWatch?.abort();
    window.__walkWatch = new AbortController();
    document.addEventListener("focusin", ({ target }) => {
        if (!root.contains(target)) {
            walk.hasLeft = true;
            return;
        }
        walk.reached.add(target.type === "radio" ? target.name : target);
        const shown = target.type === "radio" ? target.nextElementSibling : target.closest(".cm-editor") ?? target;
        const { outlineStyle, outlineWidth } = getComputedStyle(shown);
        if (outlineStyle === "none" || parseFloat(outlineWidth) < 2) walk.unseen.push(target.cloneNode(false).outerHTML);
    }, { signal: window.__walkWatch.signal });
}"""

HAS_LEFT = "() => window.__walk.hasLeft || document.activeElement === document.body"

# A JSON field that gets the focus passes it to an editor, at once or when the editor is loaded.
MISSED = """(stops) => stops
    .filter((node) => {
        const editor = node.hidden && node.nextElementSibling.querySelector(".cm-content");
        return ![node.type === "radio" ? node.name : node, editor].some((each) => window.__walk.reached.has(each));
    })
    .map((node) => node.cloneNode(false).outerHTML)"""

# How many stops it is to `target` from where the focus is; negative where that is behind it.
DISTANCE = """(target, root) => {
    const at = document.activeElement;
    if (at === target) return 0;
    const stops = (STOPS)(root);
    const before = (node) => stops.filter((each) => node.compareDocumentPosition(each) & Node.DOCUMENT_POSITION_PRECEDING).length;
    const isBehind = at.compareDocumentPosition(target) & Node.DOCUMENT_POSITION_PRECEDING;
    return before(target) - before(at) || (isBehind ? -1 : 1);
}""".replace("STOPS", STOPS)


class Keyboard:
    """Keyboard input in one part of a page.

    Args:
        root: The part, which the focus must not leave.
    """

    def __init__(self, root: Locator) -> None:
        self.root = root
        self.page = root.page

    def press(self, *keys: str) -> None:
        """Press keys in order."""
        for key in keys:
            self.page.keyboard.press(key)

    def type(self, text: str) -> None:
        """Type at the focus."""
        self.page.keyboard.type(text)

    def go(self, target: Locator) -> None:
        """Press Tab or Shift+Tab until `target` has the focus."""
        target.wait_for()
        root = self.root.element_handle()
        for _ in range(20):  # some stops hold more than one
            distance = target.evaluate(DISTANCE, root)
            if distance == 0:
                return
            self.press(*["Tab" if distance > 0 else "Shift+Tab"] * abs(distance))
            assert self.root.evaluate(HOLDS), f"the focus left the panel on its way to {target}"
        raise AssertionError(f"Tab does not reach {target}")

    def do(self, target: Locator) -> None:
        """Focus a button and press it."""
        self.go(target)
        self.press("Enter")

    def walk(self) -> None:
        """Tab through the part, forwards and backwards, and check that every stop is reached with a focus ring.

        Raises:
            AssertionError: a stop is not reached, has no visible focus, or traps the focus.
        """
        for first, key in ((0, "Tab"), (-1, "Shift+Tab")):
            stops = self.root.evaluate_handle(STOPS)
            count = stops.evaluate("(stops) => stops.length")
            # The first one gets there by a key, too: what a program focuses after a click is not always shown.
            self.press("Shift")
            self.root.evaluate(WATCH)
            stops.evaluate("(stops, at) => stops.at(at).focus()", first)
            for pressed in range(2 * count):
                if pressed % 20 == 0 and self.page.evaluate(HAS_LEFT):
                    break
                self.press(key)
            assert self.page.evaluate(HAS_LEFT), f"{key} does not lead out of the panel"
            assert stops.evaluate(MISSED) == [], key
            assert self.page.evaluate("() => window.__walk.unseen") == [], key

    def nameless(self) -> list[dict[str, Any]]:
        """Return focusable elements without an accessible name, as computed by Chromium."""
        session = self.page.context.new_cdp_session(self.page)
        try:
            object_id = self._object_id(session)
            nodes = session.send("Accessibility.queryAXTree", {"objectId": object_id})["nodes"]
        finally:
            session.detach()
        return [
            node
            for node in nodes
            if not node.get("ignored")
            and any(each["name"] == "focusable" for each in node.get("properties", ()))
            and not node.get("name", {}).get("value", "").strip()
        ]

    def _object_id(self, session: Any) -> str:
        self.root.evaluate("(node) => { window.__part = node; }")
        found = session.send("Runtime.evaluate", {"expression": "window.__part"})
        return str(found["result"]["objectId"])
