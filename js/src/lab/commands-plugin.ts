import type { JupyterFrontEnd, JupyterFrontEndPlugin } from "@jupyterlab/application";
import { ICommandPalette } from "@jupyterlab/apputils";
import { INotebookTracker, NotebookActions, type NotebookPanel } from "@jupyterlab/notebook";
import { ISettingRegistry } from "@jupyterlab/settingregistry";
import { LabIcon } from "@jupyterlab/ui-components";
import { insertChatCell, isWritable } from "./notebook-cells";

const ID = "openrouter-nb:commands";
const QUESTION = "Why does this fail, and how do I fix it?";

const icon = new LabIcon({
  name: "openrouter-nb:chat",
  svgstr: `<svg xmlns="http://www.w3.org/2000/svg" width="16" viewBox="0 0 24 24"><path class="jp-icon3" fill="#616161" d="M4 3h16a2 2 0 0 1 2 2v10a2 2 0 0 1-2 2H9l-5 4v-4a2 2 0 0 1-2-2V5a2 2 0 0 1 2-2z"/></svg>`,
});

/** Commands that write chat cells into the current notebook. Each writes what could have been typed. */
export const commandsPlugin: JupyterFrontEndPlugin = {
  id: ID,
  description: "Commands that write chat cells.",
  autoStart: true,
  requires: [INotebookTracker],
  optional: [ICommandPalette, ISettingRegistry],
  async activate(
    app: JupyterFrontEnd,
    tracker: INotebookTracker,
    palette: ICommandPalette | null,
    registry: ISettingRegistry | null,
  ) {
    /** The position of a command's cell: that of the context menu, which JupyterLab does not make the active one. */
    const positionFor = ({ content }: NotebookPanel, args: Record<string, unknown>): number => {
      const node = args.isContextMenu && app.contextMenuHitTest((each) => each.matches(".jp-Cell"));
      const found = node ? content.widgets.findIndex((cell) => cell.node === node) : -1;
      return found < 0 ? content.activeCellIndex : found;
    };
    const add = (
      name: string,
      label: string,
      caption: string,
      execute: (panel: NotebookPanel, position: number, id: string) => Promise<unknown>,
    ) => {
      const command = `openrouter-nb:${name}`;
      app.commands.addCommand(command, {
        label,
        caption,
        icon,
        isEnabled: () => isWritable(tracker.currentWidget),
        async execute(args) {
          const panel = tracker.currentWidget;
          if (!isWritable(panel)) return;
          const position = positionFor(panel, args);
          await execute(panel, position, panel.content.widgets[position]?.model.id ?? "");
        },
      });
      palette?.addItem({ command, category: "OpenRouter" });
    };

    add("new-chat-cell", "New Chat Cell Below", "Insert a %%chat cell below", (panel, position) =>
      insertChatCell(panel, position, "%%chat\n"),
    );
    add(
      "ask-about-cell",
      "Ask about This Cell",
      "Insert a %%chat cell that sends this cell",
      (panel, position, id) => insertChatCell(panel, position, `%%chat --context cell:${id}\n`),
    );
    add(
      "ask-about-error",
      "Ask about This Error",
      "Insert a %%chat cell about the error",
      async (panel, position, id) => {
        await insertChatCell(panel, position, `%%chat --context cell:${id}\n${QUESTION}`);
        if (settings?.composite.runQuestions === true)
          await NotebookActions.run(panel.content, panel.sessionContext);
      },
    );
    const settings = await registry?.load(ID).catch(() => null);
  },
};
