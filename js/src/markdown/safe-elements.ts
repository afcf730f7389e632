/** The only module of the renderer that creates elements: it contains every attribute that can reach the page. */

import { copy } from "../shared/clipboard";
import { isInlineImage } from "./safe-urls";

let createdCount = 0;

/** Return the number of elements that the renderer has created in this page. */
export function elementCount(): number {
  return createdCount;
}

export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  className?: string,
): HTMLElementTagNameMap[K] {
  const created = document.createElement(tag);
  if (className) created.className = className;
  createdCount++;
  return created;
}

export function link(href: string, title: string): HTMLAnchorElement {
  const made = element("a");
  made.href = href;
  made.rel = "noopener noreferrer nofollow";
  made.target = "_blank";
  if (title) made.title = title;
  return made;
}

/** Return an image that is in the answer itself, or undefined: a remote image would tell its host that it was viewed. */
export function image(src: string, alt: string): HTMLImageElement | undefined {
  if (!isInlineImage(src)) return undefined;
  const made = element("img");
  made.src = src;
  made.alt = alt;
  return made;
}

/** Mark code or a formula as left to right. It does not count for the direction of the text around it. */
export function leftToRight<E extends HTMLElement>(made: E): E {
  made.dir = "ltr";
  return made;
}

/** Give a block the direction of its first letter, unless it has a direction. */
export function autoDirection(block: Element | null): void {
  if (block instanceof HTMLElement) block.dir ||= "auto";
}

/** Return a button that copies the text of `source`. Its label is in the style sheet, so that it is not part of the text. */
export function copyButton(source: Element): HTMLButtonElement {
  const made = element("button", "orn-copy");
  made.type = "button";
  made.ariaLabel = "Copy code";
  made.onclick = async () => {
    if (await copy(source.textContent ?? "")) {
      made.dataset.copied = "";
      setTimeout(() => delete made.dataset.copied, 2000);
    } else {
      // A page without a secure context has no clipboard: the text is selected, to be copied with a key.
      getSelection()?.selectAllChildren(source);
    }
  };
  return made;
}

export function text(parent: Node, data: string): void {
  if (data) parent.appendChild(document.createTextNode(data));
}

/** Return the nesting depth of `inner` in `outer`. */
export function depthIn(outer: Element, inner: Element): number {
  let depth = 0;
  for (let at: Element | null = inner; at && at !== outer; at = at.parentElement) depth++;
  return depth;
}
