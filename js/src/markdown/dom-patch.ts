/**
 * Make the children of `live`, from index `from` on, equal to those of `fresh`. Equal nodes are not touched, so
 * selections, open sections and scroll positions in them stay.
 */
export function patchChildren(live: Node, fresh: Node, from = 0): void {
  const kept = from + fresh.childNodes.length;
  overlayChildren(live, fresh, from);
  while (live.lastChild && live.childNodes.length > kept) live.removeChild(live.lastChild);
}

/** Like `patchChildren`, but keep the nodes after the last child of `fresh`. */
export function overlayChildren(live: Node, fresh: Node, from: number): void {
  let current = live.childNodes[from] ?? null;
  for (const wanted of [...fresh.childNodes]) {
    const next: ChildNode | null = current?.nextSibling ?? null;
    if (!current) live.appendChild(wanted);
    else if (!patchNode(current, wanted)) live.replaceChild(wanted, current);
    current = next;
  }
}

function patchNode(live: Node, fresh: Node): boolean {
  if (live instanceof Text && fresh instanceof Text) {
    patchText(live, fresh.data);
    return true;
  }
  if (!(live instanceof Element && fresh instanceof Element && sameTag(live, fresh))) return false;
  patchChildren(live, fresh);
  return true;
}

function patchText(live: Text, data: string): void {
  if (live.data === data) return;
  if (data.startsWith(live.data)) live.appendData(data.slice(live.data.length));
  else live.data = data;
}

function sameTag(live: Element, fresh: Element): boolean {
  return live.tagName === fresh.tagName && attributesOf(live) === attributesOf(fresh);
}

/** All attributes but `open`, which the user controls. */
function attributesOf(element: Element): string {
  let joined = "";
  for (const { name, value } of element.attributes) if (name !== "open") joined += `${name}=${value}\n`;
  return joined;
}
