import { StreamingMarkdown } from "../../src/markdown/streaming/streaming-markdown";

export function oneShot(text: string): HTMLElement {
  const root = document.createElement("div");
  new StreamingMarkdown(root).finish(text);
  return root;
}

/** Feed `text` in pieces and render after each. `onRender` gets every visible state. */
export function streamed(text: string, size = 1, onRender?: (root: HTMLElement) => void): HTMLElement {
  const root = document.createElement("div");
  const markdown = new StreamingMarkdown(root);
  for (let end = size; end < text.length + size; end += size) {
    markdown.update(text.slice(0, end));
    onRender?.(root);
  }
  markdown.finish(text);
  return root;
}

export function shape(node: Node): string {
  if (node instanceof Text) return JSON.stringify(node.data);
  if (!(node instanceof Element)) return "";
  const attributes = [...node.attributes].map(({ name, value }) => ` ${name}=${value}`).sort();
  return `<${node.tagName}${attributes.join("")}>${[...node.childNodes].map(shape).join("")}</>`;
}
