export function create<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  className: string,
  text = "",
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  made.className = className;
  made.textContent = text;
  return made;
}

/** Writes only what differs: each write makes assistive technology look again. */
export function setText(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}
