import { depthIn, element } from "./elements";
import { overlayChildren, patchChildren } from "./patch";

/** A position in the document between two blocks: after the first `nodes` children of `container`. */
export interface Cursor {
  readonly container: Element;
  readonly nodes: number;
}

/** Appends one block to `at`, whose blocks cannot leave `floor`, and returns the element that takes the next one. */
export type Append = (at: Element, floor: Element, depth: number) => Element;

/** Draws one block at the cursor over what was drawn there before. */
export function place(cursor: Cursor, root: Element, append: Append): Cursor {
  const { container, nodes } = cursor;
  const outside = element("div");
  const fresh = container === root ? outside : outside.appendChild(element("div"));
  const next = append(fresh, outside, depthIn(root, container));
  if (next === outside && fresh !== outside) return leave(cursor);

  const count = fresh.childNodes.length;
  if (next === fresh) {
    overlayChildren(container, fresh, nodes);
    return { container, nodes: nodes + count };
  }
  return enter(cursor, next);
}

/** Removes what was drawn behind the cursor, up to the end of `root`. */
export function trimAfter(cursor: Cursor, root: Element): void {
  let { container, nodes } = cursor;
  trim(container, nodes);
  while (container !== root && container.parentElement) {
    ({ container, nodes } = after(container));
    trim(container, nodes);
  }
}

/** The blocks that follow belong inside `details`, so it must not be drawn anew with each of them. */
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
  return after(container);
}

function after(container: Element): Cursor {
  const parent = container.parentElement ?? container;
  return { container: parent, nodes: [...parent.childNodes].indexOf(container) + 1 };
}

function trim(container: Element, nodes: number): void {
  patchChildren(container, document.createDocumentFragment(), nodes);
}
