/** A module of its own: it is sent to a page when the first formula there is complete. */

import katex, { type KatexOptions } from "katex";
import type { Typeset } from "./markdown/enhancers";

/** What KaTeX's types leave out; the version is pinned. */
const inner = katex as unknown as {
  __renderToDomTree(source: string, options: KatexOptions): { toNode(): HTMLElement };
};

/** The formula as MathML, which browsers draw themselves: no fonts, no style sheet. Throws where it cannot be read. */
const typeset: Typeset = (source, display) => {
  // `render` refuses pages without a doctype, where its own layout goes wrong. MathML is laid out by the browser.
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

/** Without a font for mathematics Chromium leaves the root sign away, and the formula would say something else. */
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

export default typeset;
