import { StreamedText } from "../live/view/streamed-text";

const NAME = "openrouter-markdown";
// Notebooks reset the styles of links and tables, those of links with `a:link` and a class. The colors are those of JupyterLab
// where it defines them.
const STYLE = `${NAME} {
  a[href][href] { color: var(--jp-content-link-color, LinkText); text-decoration: underline; }
  code { background: var(--jp-layout-color2, rgb(127 127 127 / 12%)); padding: 0 3px; }
  pre { background: var(--jp-layout-color2, rgb(127 127 127 / 12%)); padding: 6px 8px; overflow-x: auto; }
  pre code { background: none; padding: 0; }
  table { border-collapse: collapse; }
  th, td { border: 1px solid var(--jp-border-color1, GrayText); padding: 3px 8px; }
}`;
let sheet: CSSStyleSheet | undefined;

/** Add the styles to the document or the shadow root of a node, once. */
function addStyle(node: Node): void {
  const root = node.getRootNode() as Document | ShadowRoot;
  if (!sheet) {
    sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLE);
  }
  if (!root.adoptedStyleSheets.includes(sheet)) root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
}

/**
 * An element that shows Markdown with safe elements only. `append` adds to its text. With the attribute `streaming`, the
 * text is the beginning of a longer text: incomplete markup is not shown, and new text appears gradually.
 */
export interface OpenRouterMarkdown extends HTMLElement {
  text: string;
  streaming: boolean;
  append(...texts: string[]): void;
}

function markdownElement(): CustomElementConstructor {
  return class extends HTMLElement implements OpenRouterMarkdown {
    static readonly observedAttributes = ["text", "streaming"];
    #text = "";
    #view: StreamedText | undefined;

    connectedCallback(): void {
      // Properties that were set before this class was defined.
      for (const name of ["text", "streaming"] as const) {
        if (!Object.hasOwn(this, name)) continue;
        const value = this[name];
        delete (this as Partial<OpenRouterMarkdown>)[name];
        Object.assign(this, { [name]: value });
      }
      addStyle(this);
      this.#show();
    }

    disconnectedCallback(): void {
      this.#view?.dispose();
    }

    attributeChangedCallback(name: string, _: string | null, value: string | null): void {
      if (name === "text") this.text = value ?? "";
      else this.#show();
    }

    get text(): string {
      return this.#text;
    }

    set text(text: string) {
      this.#text = String(text ?? "");
      this.#show();
    }

    get streaming(): boolean {
      return this.hasAttribute("streaming");
    }

    set streaming(isStreaming: boolean) {
      this.toggleAttribute("streaming", isStreaming);
    }

    override append(...texts: (string | Node)[]): void {
      this.text = this.#text + texts.join("");
    }

    #root(): HTMLElement {
      const root = document.createElement("div");
      super.append(root);
      return root;
    }

    #show(): void {
      if (!this.isConnected) return;
      this.#view ??= new StreamedText(this.#root());
      if (this.streaming) this.#view.update(this.#text, { atOnce: false });
      else this.#view.finish(this.#text);
    }
  };
}

/** Define the element, once per page. Without a document, as in Node, this has no effect. */
export function defineMarkdownElement(): void {
  if (typeof customElements === "undefined" || customElements.get(NAME)) return;
  customElements.define(NAME, markdownElement());
}

declare global {
  interface HTMLElementTagNameMap {
    "openrouter-markdown": OpenRouterMarkdown;
  }
}
