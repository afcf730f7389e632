import { overlayChildren, patchChildren } from "../dom-patch";
import { depthIn, element } from "../safe-elements";
import { type Cursor, holdsBlocks, isSection, sectionFor, sectionOf } from "./sections";

/** Appends one block to `at`, whose blocks cannot leave `floor`, and returns the parent of the next block. */
export type Append = (at: Element, floor: Element, depth: number) => Element;

/** Render one block at the cursor, patching the nodes that are there. */
export function place(cursor: Cursor, root: Element, append: Append): Cursor {
  const outside = element("div");
  const fresh = holdsBlocks(cursor.container, root) ? outside : outside.appendChild(element("div"));
  const next = append(fresh, outside, depthIn(sectionOf(cursor.container, root), cursor.container));
  if (next === outside && fresh !== outside) return leave(cursor);

  const count = fresh.childNodes.length;
  if (count === 0) return cursor;
  const { container, nodes } = sectionFor(cursor, root);
  if (next !== fresh) return enter({ container, nodes }, next);
  overlayChildren(container, fresh, nodes);
  return { container, nodes: nodes + count };
}

/** Return the nodes after the cursor in its container and in later sections. */
export function nodesAfter({ container, nodes }: Cursor): Node[] {
  const open: Node[] = [...container.childNodes].slice(nodes);
  if (isSection(container)) {
    for (let part = container.nextSibling; part; part = part.nextSibling) open.push(part);
  }
  return open;
}

/** Return the first block after the cursor. */
export function blockAfter(cursor: Cursor): Node | undefined {
  const [first] = nodesAfter(cursor);
  return first && isSection(first) ? (first.firstChild ?? undefined) : first;
}

/** Remove the nodes after the cursor, up to the end of `root`. */
export function trimAfter(cursor: Cursor, root: Element): void {
  let { container, nodes } = cursor;
  trim(container, nodes);
  while (container !== root && container.parentElement) {
    ({ container, nodes } = cursorAfter(container));
    trim(container, nodes);
  }
}

/** Enter `details`. The blocks that follow are inside it, so it must not be rendered again for each of them. */
function enter({ container, nodes }: Cursor, details: Element): Cursor {
  const inside = details.childNodes.length;
  const live = container.childNodes[nodes];
  const isDrawn =
    live instanceof HTMLDetailsElement &&
    [...details.childNodes].every((child, index) => live.childNodes[index]?.isEqualNode(child));
  if (isDrawn) return { container: live, nodes: inside };
  if (live) container.replaceChild(details, live);
  else container.appendChild(details);
  return { container: details, nodes: inside };
}

function leave({ container, nodes }: Cursor): Cursor {
  trim(container, nodes);
  return cursorAfter(container);
}

export function cursorAfter(block: Element): Cursor {
  const container = block.parentElement ?? block;
  return { container, nodes: [...container.childNodes].indexOf(block) + 1 };
}

function trim(container: Element, nodes: number): void {
  patchChildren(container, document.createDocumentFragment(), nodes);
}
