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

/** Set the text only if it differs: each write notifies assistive technology. */
export function setText(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}

/** Add a style sheet to the page, once per `name` and text: a newer bundle in the same page replaces it. */
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
 * Keep keys typed within `root` from the commands of JupyterLab and Notebook. These look for the attribute from the
 * focused element upwards, and match a shortcut for `… :focus` before they reach `root`: so the focused element needs
 * it. Ctrl+S, which would open a dialog of the browser, still saves the notebook.
 */
export function suppressShortcuts(root: HTMLElement): void {
  root.addEventListener("focusin", ({ target }) =>
    (target as Element).toggleAttribute("data-lm-suppress-shortcuts", true),
  );
  root.addEventListener("keydown", (event) => {
    const notebook = root.closest(".jp-Notebook");
    if (!notebook || !isSaveKey(event)) return;
    event.preventDefault();
    event.stopPropagation();
    notebook.dispatchEvent(new KeyboardEvent("keydown", event));
  });
}

/** Return whether a key is Ctrl+S or Cmd+S. The code is the same in layouts without a Latin S. */
export function isSaveKey({ key, keyCode, ctrlKey, metaKey, altKey }: KeyboardEvent): boolean {
  return (key === "s" || keyCode === 83) && (ctrlKey || metaKey) && !altKey;
}
