import type { JupyterFrontEndPlugin } from "@jupyterlab/application";
import type { Cell, CellContent } from "@jupyterlab/cells";
import { INotebookTracker, type Notebook, NotebookActions } from "@jupyterlab/notebook";
import type { IComm } from "@jupyterlab/services";
import { contextsOf } from "./contexts";

const TARGET = "openrouter_nb.cells";
const VERSION = 1;
/** Characters of a text and of an image in base64; what is larger is left out by the kernel, too. */
const MAX_TEXT = 100_000;
const MAX_IMAGE = 6_000_000;
const TYPES = ["text/plain", "text/markdown", "image/png", "image/jpeg"];

/** Sends cells to the kernel before it runs a chat cell with `--context cell:ID` or `--context notebook`. */
export const pageCellsPlugin: JupyterFrontEndPlugin = {
  id: "openrouter-nb:page-cells",
  description: "Sends the cells that a chat cell names to its kernel.",
  autoStart: true,
  requires: [INotebookTracker],
  activate(_app, tracker: INotebookTracker) {
    const open = new WeakMap<Cell, IComm>();
    NotebookActions.executionScheduled.connect((_, { notebook, cell }) => {
      const wanted = cell.model.type === "code" ? contextsOf(cell.model.sharedModel.getSource()) : [];
      const panel = tracker.find(({ content }) => content === notebook);
      const kernel = panel?.sessionContext.session?.kernel;
      if (wanted.length === 0 || !kernel) return;
      // Opened before JupyterLab has a subshell for it, so that the kernel gets it before the cell, in this order.
      const comm = kernel.createComm(TARGET);
      comm.open({ version: VERSION, running: cell.model.id, cells: contents(notebook, wanted) });
      open.set(cell, comm);
    });
    NotebookActions.executed.connect((_, { cell }) => {
      const comm = open.get(cell);
      open.delete(cell);
      if (comm && !comm.isDisposed) comm.close();
    });
  },
};

function contents(notebook: Notebook, wanted: readonly string[]): object[] {
  const all = notebook.widgets.map(({ model }) => {
    const { cell_type, source, execution_count, outputs = [] } = model.sharedModel.toJSON() as CellContent;
    return { id: model.id, cell_type, source: joined(source), execution_count, outputs };
  });
  const sent = wanted.includes("notebook")
    ? all
    : all.filter(({ id, execution_count }) => wanted.includes(id) || wanted.includes(`${execution_count}`));
  return sent.map((cell) => ({ ...cell, outputs: cell.outputs.map(bounded) }));
}

/** Return an output without the types that are not sent, and without contents that are too large. */
function bounded(output: Record<string, unknown>): object {
  const data = output.data as Record<string, unknown> | undefined;
  if (!data) return "text" in output ? { ...output, text: joined(output.text).slice(-MAX_TEXT) } : output;
  const kept = TYPES.filter((type) => {
    const limit = type.startsWith("image/") ? MAX_IMAGE : MAX_TEXT;
    return type in data && joined(data[type]).length <= limit;
  });
  return {
    output_type: output.output_type,
    data: Object.fromEntries(kept.map((type) => [type, joined(data[type])])),
  };
}

const joined = (text: unknown): string => (Array.isArray(text) ? text.join("") : String(text));
