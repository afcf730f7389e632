/** Elements with these classes are ignored by MathJax 3 and 2. A classic notebook would take two prices for a formula. */
export const NO_FORMULAS = "mathjax_ignore tex2jax_ignore";

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

/** The shadow root that contains a node, else the document. marimo shows each widget in a shadow root. */
export function rootOf(node: Node): Document | ShadowRoot {
  const root = node.getRootNode();
  return root instanceof ShadowRoot ? root : document;
}

/**
 * Add a style sheet to the page or the shadow root of `node`, once per `name` and text: a newer bundle in the same page
 * replaces it.
 */
export function addStyle(name: string, css: string, node: Node): void {
  const root = rootOf(node);
  const id = `openrouter-nb-${name}-style`;
  const present = root.getElementById(id);
  if (present?.textContent === css) return;
  const style = document.createElement("style");
  style.id = id;
  style.textContent = css;
  present?.remove();
  (root instanceof ShadowRoot ? root : root.head).append(style);
}

/** The element with the focus, in the page or the shadow root of `node`. */
export function focusedElement(node: Node): Element | null {
  return rootOf(node).activeElement;
}

/** Whether an event comes from within `node`. Listeners of the document see the host of a shadow root as its target. */
export function isFromWithin(event: Event, node: Node | null | undefined): boolean {
  return !!node && event.composedPath().includes(node);
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
