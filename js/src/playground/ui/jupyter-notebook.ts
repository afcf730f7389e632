interface Application {
  commands: { execute: (name: string, args?: object) => Promise<unknown> };
}

const PATIENCE_MS = 1000;

/**
 * Insert a cell with `text` below the cell of `from`. Returns false if the page does not support it. JupyterLab and
 * Notebook 7 have no API for outputs, so this simulates keys: B inserts a cell below, Enter edits it.
 */
export async function insertCell(from: Element, text: string): Promise<boolean> {
  const application = (globalThis as { jupyterapp?: Application }).jupyterapp;
  const cell = from.closest<HTMLElement>(".jp-Cell");
  if (!cell) return false;
  cell.dispatchEvent(new MouseEvent("mousedown", { bubbles: true, button: 0 }));
  cell.dispatchEvent(new MouseEvent("mouseup", { bubbles: true, button: 0 }));
  const notebook = cell.closest<HTMLElement>(".jp-Notebook");
  if (!notebook) return false;
  const before = new Set(notebook.querySelectorAll(".jp-Cell"));
  if (application) {
    await application.commands.execute("notebook:enter-command-mode");
    await application.commands.execute("notebook:insert-cell-below");
  } else {
    cell.focus();
    press(cell, "b", "KeyB", 66);
  }
  const added = await until(() =>
    [...notebook.querySelectorAll(".jp-Cell")].find((each) => !before.has(each)),
  );
  if (!added) return false;
  if (application) await application.commands.execute("notebook:enter-edit-mode");
  else press(added, "Enter", "Enter", 13);
  const editor = await until(() => added.querySelector<HTMLElement>(".cm-content"));
  if (!editor) return false;
  editor.focus();
  // The editor handles the browser's command like typed text.
  return document.execCommand("insertText", false, text);
}

function press(at: Element, key: string, code: string, keyCode: number): void {
  at.dispatchEvent(new KeyboardEvent("keydown", { key, code, keyCode, bubbles: true, cancelable: true }));
}

async function until<Found>(look: () => Found | undefined | null): Promise<Found | undefined> {
  const end = performance.now() + PATIENCE_MS;
  while (performance.now() < end) {
    const found = look();
    if (found) return found;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return undefined;
}
