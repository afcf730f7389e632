import { Lexer } from "marked";
import { appendInline } from "./inline";
import { element } from "./safe-elements";

/** `<details>` as models write it: raw HTML that opens, Markdown blocks, raw HTML that closes. */
interface DetailsTag {
  readonly summary: string;
  /** Text that follows in the same block of HTML, before any blank line. */
  readonly text: string;
  readonly closed: boolean;
}

const START =
  /^\s*<details(?:\s+open)?>\s*(?:<summary>([\s\S]*?)(?:<\/summary>|$))?([\s\S]*?)(<\/details>\s*)?$/i;

export function readDetailsTag(raw: string): DetailsTag | "end" | undefined {
  if (/^\s*<\/details>\s*$/i.test(raw)) return "end";
  const match = START.exec(raw);
  if (!match) return undefined;
  const [, summary = "", text = "", end] = match;
  return { summary, text: text.trim(), closed: end !== undefined };
}

/** Returns the element that takes the blocks that follow. */
export function appendDetails(parent: Element, disclosure: DetailsTag): Element {
  const details = element("details");
  details.appendChild(inlineElement("summary", disclosure.summary.trim() || "Details"));
  if (disclosure.text) details.appendChild(inlineElement("p", disclosure.text));
  parent.appendChild(details);
  return disclosure.closed ? parent : details;
}

function inlineElement(tag: "summary" | "p", source: string): HTMLElement {
  const made = element(tag);
  appendInline(made, Lexer.lexInline(source), { growing: true, depth: 0 });
  return made;
}
