/** Which groups of parameters are open, remembered by the browser for all panels. */

const KEY = "openrouter-nb:groups";

/** Return whether the user left a group open; undefined if the user has not opened or closed it. */
export function wasOpen(group: string): boolean | undefined {
  return remembered()[group];
}

export function rememberOpen(group: string, isOpen: boolean): void {
  try {
    localStorage.setItem(KEY, JSON.stringify({ ...remembered(), [group]: isOpen }));
  } catch {
    // The page has no storage, as in some sandboxes: groups have their initial state.
  }
}

function remembered(): Readonly<Record<string, boolean>> {
  try {
    return JSON.parse(localStorage.getItem(KEY) ?? "{}");
  } catch {
    return {};
  }
}
