import type { Cell } from "@jupyterlab/cells";
import { type Notebook, NotebookActions, type NotebookPanel } from "@jupyterlab/notebook";

const LOADS = /^\s*%(?:load|reload)_ext\s+openrouter_nb\b/m;

/** Whether cells can be inserted into a notebook. */
export function isWritable(panel: NotebookPanel | null): panel is NotebookPanel {
  return !!panel?.content.model && !panel.content.model.readOnly;
}

const source = ({ model }: Cell): string => model.sharedModel.getSource();

/**
 * Insert a chat cell below a cell, in one step of undo, and start editing it at the end. A cell that loads the extension
 * is inserted before it, and run, if the notebook has none.
 *
 * @returns the chat cell; the cell below if it already has this source.
 */
export async function insertChatCell(
  { content, sessionContext }: NotebookPanel,
  below: number,
  text: string,
) {
  const code = (cell: Cell | undefined) => (cell?.model.type === "code" ? source(cell) : "");
  const [next, afterNext] = content.widgets.slice(below + 1, below + 3);
  let index = below + 1;
  if (LOADS.test(code(next)) && code(afterNext) === text) index += 1;
  else if (code(next) !== text) {
    const isLoaded = content.widgets.some((cell) => LOADS.test(code(cell)));
    const sources = isLoaded ? [text] : ["%load_ext openrouter_nb", text];
    content.model?.sharedModel.insertCells(
      index,
      sources.map((source) => ({ cell_type: "code", source, metadata: { trusted: true } })),
    );
    if (!isLoaded) {
      select(content, index);
      if (sessionContext.session?.kernel) void NotebookActions.run(content, sessionContext);
      index += 1;
    }
  }
  select(content, index);
  const cell = content.widgets[index] as Cell;
  content.mode = "edit";
  await cell.ready;
  const lines = source(cell).split("\n");
  cell.editor?.setCursorPosition({ line: lines.length - 1, column: lines.at(-1)?.length ?? 0 });
  cell.editor?.focus();
  return cell;
}

function select(notebook: Notebook, index: number): void {
  notebook.activeCellIndex = index;
  notebook.deselectAll();
}
