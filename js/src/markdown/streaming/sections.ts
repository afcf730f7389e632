/**
 * A long answer is divided into sections, of which the browser skips those off screen: its small cost per block and
 * frame adds up. The first blocks, and all blocks of a short answer, are in the root itself.
 */

import { element } from "../safe-elements";

/** A position between two blocks: after the first `nodes` children of `container`. */
export interface Cursor {
  readonly container: Element;
  readonly nodes: number;
}

/** Blocks per section: few enough for a section to be cheap, many enough for few sections. */
const BLOCKS = 32;

/** Return the cursor, moved to the next section if its section is full. */
export function sectionFor(cursor: Cursor, root: Element): Cursor {
  const { container, nodes } = cursor;
  if (nodes < BLOCKS || !holdsBlocks(container, root)) return cursor;
  const next = container === root ? root.childNodes[nodes] : container.nextSibling;
  if (next && isSection(next)) return { container: next, nodes: 0 };
  const part = element("div", "orn-part");
  root.insertBefore(part, next ?? null);
  return { container: part, nodes: 0 };
}

/** Return whether the children of `container` are top-level blocks of the answer. */
export function holdsBlocks(container: Element, root: Element): boolean {
  return container === root || (isSection(container) && container.parentElement === root);
}

/** Return the root or the section that contains the top-level block of `container`. */
export function sectionOf(container: Element, root: Element): Element {
  let holder = container;
  while (!holdsBlocks(holder, root) && holder.parentElement) holder = holder.parentElement;
  return holder;
}

export function isSection(node: Node): node is Element {
  return node instanceof Element && node.className === "orn-part";
}
