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

export default typeset;
