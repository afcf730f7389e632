"""Answers that attack their renderers, and what a page must not do with them."""

import itertools
import json
from pathlib import Path

from support.says import says

PAYLOADS = json.loads(
    (Path(__file__).resolve().parents[2] / "js" / "test" / "fixtures" / "payloads.json").read_text(
        encoding="utf-8"
    )
)
NEWLINES = "\n\n"
EVIL = "https://evil.example"
MATH = NEWLINES.join(
    rf"Formula {number}: \({formula}\)"
    for number, formula in enumerate(
        (
            rf"\bbox[background:url({EVIL}/bbox)]{{x}}",
            rf"\bbox[position:fixed;top:0;left:0;width:999px;height:999px;background:url({EVIL}/over)]{{x}}",
            r'\mmlToken{mi}[href="javascript:window.pwned=1"]{x}',
            rf'\mmlToken{{mi}}[style="background:url({EVIL}/token)"]{{x}}',
            r'\mmlToken{mi}[onclick="window.pwned=1"]{x}',
            rf"\fcolorbox{{red;background:url({EVIL}/box)}}{{white}}{{x}}",
            rf"\href{{javascript:window.pwned=1}}{{x}} \includegraphics{{{EVIL}/graphics}}",
            r"\renewcommand{\x}[1]{\hr#1}\x{ef{javascript:window.pwned=1}{x}}",
            r"\text{<img src=x onerror=window.pwned=1>}",
        )
    )
)

ATTACKS = {
    category: NEWLINES.join(payload["text"] for payload in payloads)
    for category, payloads in itertools.groupby(PAYLOADS, key=lambda payload: payload["category"])
} | {"math": MATH}

_WATCHER = """() => {
    const found = (window.__found = new Set());
LOOK
    const lookDeep = (node) => {
        if (node.nodeType !== 1) return;
        look(node);
        node.querySelectorAll("*").forEach(look);
    };
    window.__watching?.disconnect();
    window.__watching = new MutationObserver((records) => {
        for (const { target, addedNodes } of records) {
            if (target.nodeType === 1) look(target);
            addedNodes.forEach(lookDeep);
        }
    });
    window.__watching.observe(document.body, { subtree: true, childList: true, attributes: true });
    // Links that lead away are followed no further than here; those that would run something are not held back.
    window.addEventListener("click", (event) => {
        const link = event.composedPath().find((node) => node.localName === "a");
        if (/^(https?|mailto):/.test(link?.href ?? "")) event.preventDefault();
    }, true);
}"""


def watch(look: str) -> str:
    """Return a script that looks at everything that ever appears in the page, however shortly.

    Args:
        look: JavaScript that defines `look(element)`, which adds what must not be there to the set `found`.
    """
    return _WATCHER.replace("LOOK", look)


WATCH = watch("""    const elements = "script,iframe,frame,object,embed,applet,form,input,select,textarea,link,meta,base,svg,video," +
        "audio,source,picture,template,noscript,portal,animate";
    const isOurs = (node) => node.closest("mjx-container, .orn-status");
    const look = (node) => {
        const output = node.closest?.(".orn-live, .jp-RenderedHTML");
        if (!output || isOurs(node)) return;
        if (node.matches(elements)) found.add(`<${node.localName}>`);
        for (const { name, value } of node.attributes) {
            if (name.startsWith("on")) found.add(`${name} on <${node.localName}>`);
            if (/^(id|name|srcset|srcdoc|action|formaction|background|poster|ping)$/.test(name))
                found.add(`${name}=${value}`);
            if (name === "href" && !/^(https?:|mailto:)/i.test(value)) found.add(`href=${value}`);
            if (name === "src" && !/^data:image\\/(png|jpeg|webp|gif);/.test(value)) found.add(`src=${value}`);
            if (name === "style" && /url\\(|position/i.test(value)) found.add(`style=${value}`);
        }
        if (node.localName === "style" && /url\\(|@import/.test(node.textContent)) found.add(node.textContent);
    };
""")

# What a hand, a mouse and a keyboard would do to every part of an output.
TOUCH = """(output) => {
    for (const node of output.querySelectorAll("*")) {
        if (node.closest(".orn-status")) continue;
        for (const kind of ["mouseover", "pointerenter", "focus", "toggle", "load", "error"])
            node.dispatchEvent(new Event(kind));
        if (!node.closest("details")) node.click?.();
        else if (node.localName === "a") node.click();
    }
    return output.querySelectorAll("a").length;
}"""

STATE = """() => ({
    pwned: Object.getOwnPropertyNames(window).filter((name) => name.includes("pwned")),
    frames: window.length,
    app: typeof window.jupyterapp?.commands?.execute,
    overlaid: [...document.querySelectorAll(".orn-live *, .jp-RenderedHTML *")]
        .filter((node) => !node.closest("mjx-container, .orn-announcer"))
        .filter((node) => /fixed|sticky/.test(getComputedStyle(node).position)).length,
    base: document.baseURI === location.href.split("#")[0],
    page: [document.documentElement.scrollWidth, document.documentElement.scrollHeight],
    found: [...window.__found],
})"""


def cell(text: str) -> str:
    """Return a cell whose answer is the text, a formula that shows when MathJax has been here, and no end."""
    return f"%%chat -m demo/stall {says(text + NEWLINES + '$x$' + NEWLINES + 'The end.')}\nHello"
