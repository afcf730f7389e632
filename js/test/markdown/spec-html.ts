import { safeHref } from "../../src/markdown/safe-urls";

/** Normalize our nodes and the specification's HTML: our policies are applied to both. */
export function normalised(html: string): string {
  const root = document.createElement("div");
  root.innerHTML = html;
  for (const link of root.querySelectorAll("a")) {
    if (safeHref(link.getAttribute("href") ?? "") === undefined) link.replaceWith(...link.childNodes);
  }
  for (const image of root.querySelectorAll("img")) image.replaceWith(`[image ${image.getAttribute("alt")}]`);
  return serialised(root);
}

export function ours(drawn: HTMLElement): string {
  const root = drawn.cloneNode(true) as HTMLElement;
  for (const chip of root.querySelectorAll(".orn-image")) {
    const alt = chip.textContent?.split(" · ").slice(1).join(" · ") ?? "";
    chip.replaceWith(`[image ${alt}]`);
  }
  return serialised(root);
}

const INLINE = new Set(["A", "CODE", "EM", "STRONG", "DEL", "SUB", "SUP", "KBD", "MARK"]);

function serialised(root: HTMLElement): string {
  return write(root)
    .replace(/[ \n]+/g, " ")
    .replace(/ ?(<\/?(?:p|h\d|li|ul|ol|blockquote|pre|hr|br|div)\b[^>]*>) ?/g, "$1");
}

function write(node: Node): string {
  if (node instanceof Text) {
    const isCode = node.parentElement?.closest("pre");
    const data = node.data.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
    return isCode ? data.replaceAll(" ", "␣").replaceAll("\n", "⏎") : data;
  }
  if (!(node instanceof Element)) return "";
  const tag = node.tagName.toLowerCase();
  const kept = ["href", "title", "class", "start"].map((name) => [name, node.getAttribute(name)]);
  const attributes = kept.flatMap(([name, value]) => (value ? [` ${name}="${value}"`] : [])).join("");
  const inner = [...node.childNodes].map(write).join("");
  return INLINE.has(node.tagName) || tag !== "div" ? `<${tag}${attributes}>${inner}</${tag}>` : inner;
}
