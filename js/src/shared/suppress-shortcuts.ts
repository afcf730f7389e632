/**
 * Keeps what is typed within `root` from the commands of JupyterLab and Notebook. They look for the attribute from the
 * focused element upwards, and find a shortcut for `… :focus` before they get to `root`: so that element needs its own.
 */
export function suppressShortcuts(root: HTMLElement): void {
  root.addEventListener("focusin", ({ target }) =>
    (target as Element).toggleAttribute("data-lm-suppress-shortcuts", true),
  );
}
