import type { JupyterFrontEnd, JupyterFrontEndPlugin } from "@jupyterlab/application";
import { INotebookTracker } from "@jupyterlab/notebook";
import { IRenderMimeRegistry, type Renderer } from "@jupyterlab/rendermime";
import { Widget } from "@lumino/widgets";
import { isWritable } from "./notebook-cells";
import { chatLine } from "./prose/option-line";

const ERROR = "application/vnd.jupyter.error";
const TRACEBACK = "application/vnd.jupyter.stderr";
/** Above that of TRACEBACK, which each error output has, too. */
const RANK = 100;

/** A traceback as JupyterLab renders it, with a button below. */
class ErrorRenderer extends Widget implements Renderer {
  constructor(
    private readonly traceback: Renderer,
    button: HTMLElement,
    private readonly isOffered: (node: HTMLElement) => boolean,
  ) {
    super();
    this.addClass("orn-error");
    this.traceback.node.dataset.mimeType = TRACEBACK; // JupyterLab styles it by this attribute
    this.node.append(this.traceback.node, button);
    this.button = button;
  }

  private readonly button: HTMLElement;

  renderModel(model: unknown): Promise<void> {
    return this.traceback.renderModel(model);
  }

  override dispose(): void {
    this.traceback.dispose();
    super.dispose();
  }

  protected override onAfterAttach(message: unknown): void {
    super.onAfterAttach(message);
    this.button.hidden = !this.isOffered(this.node);
  }
}

/** A button under each traceback of a notebook, except those of chat cells, whose errors have remedies. */
export const errorsPlugin: JupyterFrontEndPlugin = {
  id: "openrouter-nb:errors",
  description: "A button under each traceback that asks about the error.",
  autoStart: true,
  requires: [IRenderMimeRegistry, INotebookTracker],
  activate({ commands }: JupyterFrontEnd, rendermime: IRenderMimeRegistry, tracker: INotebookTracker) {
    const factory = rendermime.getFactory(TRACEBACK);
    if (!factory) return;
    /** Where a traceback is: its notebook and the position of its cell. */
    const find = (node: HTMLElement) => {
      const panel = tracker.find(({ content }) => content.widgets.some((cell) => cell.node.contains(node)));
      const index = panel?.content.widgets.findIndex((cell) => cell.node.contains(node)) ?? -1;
      return panel && { panel, index, cell: panel.content.widgets[index] };
    };
    const isOffered = (node: HTMLElement): boolean => {
      const found = find(node);
      const source = found?.cell?.model.sharedModel.getSource();
      return !!found && isWritable(found.panel) && chatLine(source?.split("\n") ?? []) < 0;
    };
    const ask = (node: HTMLElement): void => {
      const found = find(node);
      if (!found) return;
      found.panel.content.activeCellIndex = found.index;
      found.panel.content.deselectAll();
      void commands.execute("openrouter-nb:ask-about-error", {});
    };
    rendermime.addFactory(
      {
        safe: true,
        mimeTypes: [ERROR],
        defaultRank: RANK,
        createRenderer(options) {
          const button = document.createElement("button");
          button.type = "button";
          button.className = "jp-mod-styled jp-mod-minimal orn-ask";
          button.style.margin = "4px 0";
          button.textContent = "Ask about this error";
          const traceback = factory.createRenderer({ ...options, mimeType: TRACEBACK });
          const renderer = new ErrorRenderer(traceback, button, isOffered);
          button.onclick = () => ask(renderer.node);
          return renderer;
        },
      },
      RANK,
    );
  },
};
