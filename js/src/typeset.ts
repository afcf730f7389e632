/** A separate bundle, sent to a page when its first formula is complete. */

import katex, { type KatexOptions } from "katex";
import type { Typeset } from "./markdown/enhancers";

/** A function that KaTeX's types omit; its version is pinned. */
const inner = katex as unknown as {
  __renderToDomTree(source: string, options: KatexOptions): { toNode(): HTMLElement };
};

/** Typeset a formula as MathML, which browsers render without fonts or a style sheet. Throws if it cannot be parsed. */
const typeset: Typeset = (source, display) => {
  // `render` rejects pages without a doctype, where KaTeX's own layout fails. The browser lays out MathML.
  const tree = inner.__renderToDomTree(source, {
    displayMode: display,
    output: "mathml",
    throwOnError: true,
    strict: "ignore",
    trust: false,
    maxSize: 20,
    maxExpand: 200,
  });
  const math = tree.toNode().querySelector("math") ?? undefined;
  return math?.querySelector("msqrt, mroot") && !drawsRoots() ? undefined : math;
};

let roots: boolean | undefined;

/** Without a math font, Chromium omits the root sign, which changes the meaning of the formula. */
function drawsRoots(): boolean {
  roots ??= widthOf("\\sqrt{x}") > widthOf("x");
  return roots;
}

function widthOf(source: string): number {
  const holder = document.createElement("span");
  holder.style.visibility = "hidden";
  holder.append(inner.__renderToDomTree(source, { output: "mathml" }).toNode());
  document.body.append(holder);
  const { width } = (holder.querySelector("math") ?? holder).getBoundingClientRect();
  holder.remove();
  return width;
}

/** Formulas of live answers, and of saved ones, whose title is their source. */
const FORMULAS = ".orn-math, .orn-tex";

/** Return the source of a formula with its delimiters. */
function sourceOf(formula: HTMLElement): string {
  const math = formula.querySelector("math");
  const source = math?.querySelector("annotation")?.textContent ?? formula.title;
  const isDisplay = math?.getAttribute("display") === "block" || formula.querySelector('[display="true"]');
  return isDisplay ? `$$${source}$$` : `$${source}$`;
}

/** Return the ranges of a selection as elements, with formulas that it touches as TeX; undefined without formulas. */
function withSources(selection: Selection): HTMLElement | undefined {
  const copy = document.createElement("div");
  for (let index = 0; index < selection.rangeCount; index++) {
    const range = selection.getRangeAt(index).cloneRange();
    const [first, last] = [range.startContainer, range.endContainer].map((node) =>
      (node instanceof Element ? node : node.parentElement)?.closest(FORMULAS),
    );
    if (first) range.setStartBefore(first);
    if (last) range.setEndAfter(last);
    copy.append(range.cloneContents());
  }
  const formulas = copy.querySelectorAll<HTMLElement>(FORMULAS);
  for (const formula of formulas) formula.replaceWith(sourceOf(formula));
  return formulas.length > 0 ? copy : undefined;
}

/** Copy formulas as TeX: browsers copy their glyphs line by line, and nothing of MathJax's. */
document.addEventListener("copy", (event) => {
  const selection = getSelection();
  if (event.defaultPrevented || !event.clipboardData || !selection || selection.isCollapsed) return;
  const copy = withSources(selection);
  if (!copy) return;
  copy.style.cssText = "position:fixed;left:-9999px";
  document.body.append(copy);
  // biome-ignore lint/performance/useDomNodeTextContent: the line breaks of the copied text are those of its layout.
  event.clipboardData.setData("text/plain", copy.innerText);
  event.clipboardData.setData("text/html", new XMLSerializer().serializeToString(copy));
  copy.remove();
  event.preventDefault();
});

export default typeset;
