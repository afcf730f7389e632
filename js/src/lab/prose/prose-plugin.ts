import { Compartment, EditorState, type Extension, Prec, StateEffect, type Text } from "@codemirror/state";
import { Decoration, EditorView, MatchDecorator, ViewPlugin, type ViewUpdate } from "@codemirror/view";
import type { JupyterFrontEndPlugin } from "@jupyterlab/application";
import {
  EditorExtensionRegistry,
  IEditorExtensionRegistry,
  IEditorLanguageRegistry,
  type LanguageParser,
} from "@jupyterlab/codemirror";
import { ISettingRegistry, type ISettings } from "@jupyterlab/settingregistry";
import type { MarkdownParser } from "@lezer/markdown";
import { chatLanguage } from "./chat-language";
import { chatLine, isRaw } from "./option-line";

const ID = "openrouter-nb:prose";
const MARKDOWN = "text/x-ipythongfm";

/** What chat cells get in addition to the extensions of a code cell. */
interface ChatExtensions {
  prose: Extension;
  raw: Extension;
}

const slot = new Compartment();
const changed = StateEffect.define<null>();

/** Extend the editors of code cells and consoles: a chat cell is shown as prose. Its MIME type stays that of code. */
class ProseEditors {
  private extensions: ChatExtensions | null = null;
  private readonly views = new Set<EditorView>();

  /** Set what chat cells get, also in the editors that are open; null for nothing. */
  set(extensions: ChatExtensions | null): void {
    this.extensions = extensions;
    for (const view of this.views) view.dispatch({ effects: changed.of(null) });
  }

  /** Return the extension of an editor. `isCode` says whether its cell is a code cell. */
  extension(isCode: () => boolean): Extension {
    return [
      slot.of([]),
      EditorState.transactionExtender.of((transaction) => {
        if (!transaction.docChanged && !transaction.effects.some((effect) => effect.is(changed))) return null;
        const wanted = isCode() ? this.wanted(transaction.newDoc) : none;
        const current = slot.get(transaction.startState) ?? none;
        return wanted === current || (wanted === none && Array.isArray(current))
          ? null
          : { effects: slot.reconfigure(wanted) };
      }),
      ViewPlugin.define((view) => {
        this.views.add(view);
        // A view cannot be changed while it is created.
        queueMicrotask(() => this.views.has(view) && view.dispatch({ effects: changed.of(null) }));
        return { destroy: () => this.views.delete(view) };
      }),
    ];
  }

  private wanted(document: Text): Extension {
    if (!this.extensions) return none;
    const position = chatLine(document.iterLines());
    if (position < 0) return none;
    return isRaw(document.line(position + 1).text) ? this.extensions.raw : this.extensions.prose;
  }
}

const none: Extension = [];

const expressions = new MatchDecorator({
  regexp: /\{\{.*?\}\}/g,
  decoration: Decoration.mark({ class: "orn-expression" }),
});
const expressionBackgrounds = ViewPlugin.fromClass(
  class {
    decorations;
    constructor(view: EditorView) {
      this.decorations = expressions.createDeco(view);
    }
    update(update: ViewUpdate) {
      this.decorations = expressions.updateDeco(update, this.decorations);
    }
  },
  { decorations: (plugin) => plugin.decorations },
);
const theme = EditorView.baseTheme({
  ".orn-expression": { background: "var(--jp-layout-color2)", borderRadius: "3px" },
});

async function parser(languages: IEditorLanguageRegistry, name: string): Promise<LanguageParser> {
  const language = await languages.getLanguage(name);
  if (!language?.support) throw new Error(`openrouter-nb: JupyterLab has no language ${name}`);
  return language.support.language.parser;
}

/** Shows chat cells as prose, in notebooks and consoles. */
export const prosePlugin: JupyterFrontEndPlugin = {
  id: ID,
  description: "Shows chat cells as prose.",
  autoStart: true,
  requires: [IEditorExtensionRegistry, IEditorLanguageRegistry],
  optional: [ISettingRegistry],
  async activate(
    _app,
    registry: IEditorExtensionRegistry,
    languages: IEditorLanguageRegistry,
    settings: ISettingRegistry | null,
  ) {
    const editors = new ProseEditors();
    registry.addExtension({
      name: ID,
      factory: ({ inline, model }) =>
        inline
          ? EditorExtensionRegistry.createImmutableExtension(
              editors.extension(() => model.type !== "raw" && model.mimeType !== MARKDOWN),
            )
          : null,
    });
    const markdown = (await parser(languages, "ipythongfm")) as MarkdownParser;
    const python = await parser(languages, "ipython");
    const extensions = (raw: boolean, wraps: boolean): Extension => [
      Prec.highest(chatLanguage(markdown, python, raw).extension),
      EditorView.editorAttributes.of({ class: "orn-prose" }),
      raw ? [] : [expressionBackgrounds, theme],
      wraps ? EditorView.lineWrapping : [],
    ];
    const apply = (composite: Record<string, unknown>): void => {
      const wraps = composite.wrapLines !== false;
      // Wrapped in objects: the compartment compares them by identity.
      editors.set({
        prose: { extension: extensions(false, wraps) },
        raw: { extension: extensions(true, wraps) },
      });
    };
    const loaded: ISettings | null = settings ? await settings.load(ID).catch(() => null) : null;
    apply(loaded?.composite ?? {});
    loaded?.changed.connect(() => apply(loaded.composite));
  },
};
