/** The only place of the renderer that makes elements: every attribute that can reach the page is named here. */

let made = 0;

/** How many elements the renderer has made in this page. */
export function elementCount(): number {
  return made;
}

export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  className?: string,
): HTMLElementTagNameMap[K] {
  const created = document.createElement(tag);
  if (className) created.className = className;
  made++;
  return created;
}

export function link(href: string, title: string): HTMLAnchorElement {
  const made = element("a");
  made.setAttribute("href", href);
  made.setAttribute("rel", "noopener noreferrer nofollow");
  made.setAttribute("target", "_blank");
  if (title) made.setAttribute("title", title);
  return made;
}

export function image(src: string, alt: string): HTMLImageElement {
  const made = element("img");
  made.setAttribute("src", src);
  made.setAttribute("alt", alt);
  return made;
}

export function text(parent: Node, data: string): void {
  if (data) parent.appendChild(document.createTextNode(data));
}

/** How many elements deep `inner` lies in `outer`. */
export function depthIn(outer: Element, inner: Element): number {
  let depth = 0;
  for (let at: Element | null = inner; at && at !== outer; at = at.parentElement) depth++;
  return depth;
}
