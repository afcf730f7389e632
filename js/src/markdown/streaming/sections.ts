/**
 * A long answer stands in parts, of which the browser leaves out those that nobody sees: the little that it does for
 * each block in each frame adds up. The first blocks stand in the root itself, as all of a short answer does.
 */

import { element } from "../safe-elements";

/** A position in the document between two blocks: after the first `nodes` children of `container`. */
export interface Cursor {
  readonly container: Element;
  readonly nodes: number;
}

/** Few enough for one part to be cheap, many enough for the parts to be few. */
const BLOCKS = 32;

/** The same position, but in the next part where this one is full. */
export function sectionFor(cursor: Cursor, root: Element): Cursor {
  const { container, nodes } = cursor;
  if (nodes < BLOCKS || !holdsBlocks(container, root)) return cursor;
  const next = container === root ? root.childNodes[nodes] : container.nextSibling;
  if (next && isSection(next)) return { container: next, nodes: 0 };
  const part = element("div", "orn-part");
  root.insertBefore(part, next ?? null);
  return { container: part, nodes: 0 };
}

/** Whether the children of `container` are the blocks of the answer, and not of one of its blocks. */
export function holdsBlocks(container: Element, root: Element): boolean {
  return container === root || (isSection(container) && container.parentElement === root);
}

/** The element that holds the block of the answer in which `container` lies, or that it is. */
export function sectionOf(container: Element, root: Element): Element {
  let holder = container;
  while (!holdsBlocks(holder, root) && holder.parentElement) holder = holder.parentElement;
  return holder;
}

export function isSection(node: Node): node is Element {
  return node instanceof Element && node.className === "orn-part";
}
