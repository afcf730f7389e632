/** The parts of JupyterLab that the extension uses, as in 4.0 and later. The packages themselves have 365 MB. */

declare module "@jupyterlab/application" {
  import type { CommandRegistry } from "@lumino/commands";

  export interface JupyterFrontEnd {
    readonly commands: CommandRegistry;
    contextMenuHitTest(matches: (node: HTMLElement) => boolean): HTMLElement | undefined;
  }

  export interface JupyterFrontEndPlugin {
    id: string;
    description: string;
    autoStart: boolean;
    requires?: readonly unknown[];
    optional?: readonly unknown[];
    // biome-ignore lint/suspicious/noExplicitAny: the services are those of `requires` and `optional`
    activate(app: JupyterFrontEnd, ...services: any[]): void | Promise<void>;
  }
}

declare module "@jupyterlab/apputils" {
  import type { IKernelConnection } from "@jupyterlab/services";

  export interface ICommandPalette {
    addItem(item: { command: string; category: string }): unknown;
  }
  export const ICommandPalette: unknown;

  export interface ISessionContext {
    readonly session: { readonly kernel: IKernelConnection | null } | null;
  }
}

declare module "@jupyterlab/services" {
  export interface IComm {
    readonly isDisposed: boolean;
    open(data: object): unknown;
    close(): unknown;
  }

  export interface IKernelConnection {
    createComm(target: string): IComm;
  }
}

declare module "@jupyterlab/cells" {
  export interface SharedCell {
    getSource(): string;
    toJSON(): CellContent;
  }

  /** A cell in the format of notebook files. */
  export interface CellContent {
    id?: string;
    cell_type: string;
    source: string | string[];
    execution_count?: number | null;
    outputs?: Record<string, unknown>[];
  }

  export interface Cell {
    readonly node: HTMLElement;
    readonly model: { readonly id: string; readonly type: string; readonly sharedModel: SharedCell };
    readonly ready: Promise<void>;
    readonly editor: {
      readonly lineCount: number;
      setCursorPosition(position: { line: number; column: number }): void;
      focus(): void;
    } | null;
  }
}

declare module "@jupyterlab/notebook" {
  import type { ISessionContext } from "@jupyterlab/apputils";
  import type { Cell } from "@jupyterlab/cells";
  import type { IRenderMimeRegistry } from "@jupyterlab/rendermime";
  import type { ISignal } from "@lumino/signaling";

  export interface Notebook {
    readonly widgets: readonly Cell[];
    readonly activeCell: Cell | null;
    activeCellIndex: number;
    mode: "edit" | "command";
    readonly model: {
      readonly readOnly: boolean;
      readonly sharedModel: {
        insertCells(index: number, cells: { cell_type: "code"; source: string; metadata: object }[]): unknown;
      };
    } | null;
    deselectAll(): void;
  }

  export interface NotebookPanel {
    readonly content: Notebook;
    readonly sessionContext: ISessionContext;
  }

  export interface INotebookTracker {
    readonly currentWidget: NotebookPanel | null;
    find(matches: (panel: NotebookPanel) => boolean): NotebookPanel | undefined;
  }
  export const INotebookTracker: unknown;

  export type ExecutionSignal = ISignal<{ notebook: Notebook; cell: Cell }>;

  export const NotebookActions: {
    run(notebook: Notebook, context: ISessionContext): Promise<boolean>;
    readonly executionScheduled: ExecutionSignal;
    readonly executed: ExecutionSignal;
  };
  export type { IRenderMimeRegistry };
}

declare module "@jupyterlab/rendermime" {
  export interface Renderer {
    readonly node: HTMLElement;
    renderModel(model: unknown): Promise<void>;
    dispose(): void;
  }

  export interface RendererFactory {
    safe: boolean;
    mimeTypes: string[];
    defaultRank?: number;
    createRenderer(options: { mimeType: string }): Renderer;
  }

  export interface IRenderMimeRegistry {
    getFactory(mimeType: string): RendererFactory | undefined;
    addFactory(factory: RendererFactory, rank: number): void;
  }
  export const IRenderMimeRegistry: unknown;
}

declare module "@jupyterlab/ui-components" {
  export class LabIcon {
    constructor(options: { name: string; svgstr: string });
  }
}

declare module "@lumino/commands" {
  export interface CommandRegistry {
    addCommand(
      id: string,
      options: {
        label: string;
        caption: string;
        icon: unknown;
        isEnabled(): boolean;
        execute(args: Record<string, unknown>): unknown;
      },
    ): unknown;
    execute(id: string, args: Record<string, unknown>): Promise<unknown>;
  }
}

declare module "@lumino/signaling" {
  export interface ISignal<Args> {
    connect(slot: (sender: unknown, args: Args) => void): void;
  }
}

declare module "@lumino/widgets" {
  export class Widget {
    readonly node: HTMLElement;
    readonly isDisposed: boolean;
    addClass(name: string): void;
    dispose(): void;
    protected onAfterAttach(message: unknown): void;
  }
}

declare module "@jupyterlab/codemirror" {
  import type { LanguageSupport } from "@codemirror/language";
  import type { Extension } from "@codemirror/state";

  export type LanguageParser = LanguageSupport["language"]["parser"];

  export interface IEditorExtensionRegistry {
    addExtension(factory: {
      name: string;
      factory(options: { inline?: boolean; model: { mimeType: string; type?: string } }): unknown;
    }): void;
  }
  export const IEditorExtensionRegistry: unknown;

  export interface IEditorLanguageRegistry {
    getLanguage(name: string): Promise<{ support?: LanguageSupport } | null>;
  }
  export const IEditorLanguageRegistry: unknown;

  export const EditorExtensionRegistry: {
    createImmutableExtension(extension: Extension): unknown;
  };
}

declare module "@jupyterlab/settingregistry" {
  import type { ISignal } from "@lumino/signaling";

  export interface ISettings {
    readonly composite: Record<string, unknown>;
    readonly changed: ISignal<void>;
  }

  export interface ISettingRegistry {
    load(plugin: string): Promise<ISettings>;
  }
  export const ISettingRegistry: unknown;
}
