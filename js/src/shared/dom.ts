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

/** Puts a style sheet into the page, once per `name` and text: a newer bundle in the same page brings its own. */
export function addStyle(name: string, css: string): void {
  const id = `openrouter-nb-${name}-style`;
  const present = document.getElementById(id);
  if (present?.textContent === css) return;
  const style = document.createElement("style");
  style.id = id;
  style.textContent = css;
  present?.remove();
  document.head.append(style);
}

/**
 * Keeps what is typed within `root` from the commands of JupyterLab and Notebook. They look for the attribute from the
 * focused element upwards, and find a shortcut for `… :focus` before they get to `root`: so that element needs its own.
 */
export function suppressShortcuts(root: HTMLElement): void {
  root.addEventListener("focusin", ({ target }) =>
    (target as Element).toggleAttribute("data-lm-suppress-shortcuts", true),
  );
}
