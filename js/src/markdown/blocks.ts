import type { MarkedToken, Token, Tokens } from "marked";
import { Lexer } from "marked";
import { patchChildren } from "./dom-patch";
import { decodeEntities } from "./entities";
import { appendFilled, appendInline, appendText, MAX_DEPTH, type RenderContext, taskMark } from "./inline";
import { autoDirection, depthIn, element, leftToRight, text } from "./safe-elements";
import { appendCode } from "./text-runs";

const LONG_LIST = 100;
const HEADINGS = ["h1", "h2", "h3", "h4", "h5", "h6"] as const;

/**
 * Append one block and return the parent of the next one: a `<details>` contains the blocks up to its end tag. `floor`
 * is the element that an end tag cannot leave.
 */
export function appendBlock(at: Element, floor: Element, token: Token, place: RenderContext): Element {
  if (token.type === "html") {
    const disclosure = readDetailsTag(token.raw);
    if (disclosure === "end" && at !== floor) return at.parentElement ?? floor;
    if (disclosure && disclosure !== "end" && place.depth + depthIn(floor, at) < MAX_DEPTH) {
      return appendDetails(at, disclosure);
    }
  }
  appendSimple(at, token as MarkedToken, place);
  // Blocks in lists and quotations have the direction of the outermost block.
  if (!at.matches("li, blockquote")) autoDirection(at.lastElementChild);
  return at;
}

export function appendBlocks(parent: Element, tokens: readonly Token[], place: RenderContext): void {
  const last = tokens.findLastIndex((token) => token.type !== "space");
  let at = parent;
  tokens.forEach((token, index) => {
    at = appendBlock(at, parent, token, { growing: place.growing && index === last, depth: place.depth });
  });
}

export function buildListItem(item: Tokens.ListItem, loose: boolean, place: RenderContext): HTMLLIElement {
  const made = element("li", item.task ? "orn-task" : undefined);
  appendBlocks(made, loose ? asParagraphs(item.tokens) : item.tokens, place);
  return made;
}

/** Mark a long list, so that the browser does not lay out all of its items again when it ends. */
export function markLong(list: Element): void {
  if (list.childElementCount > LONG_LIST) list.className = "orn-long";
}

export function buildRow(cells: readonly Tokens.TableCell[], place: RenderContext): HTMLTableRowElement {
  const row = element("tr");
  cells.forEach((cell, index) => {
    const made = element(cell.header ? "th" : "td", cell.align ? `orn-${cell.align}` : undefined);
    appendInline(made, cell.tokens, { ...place, growing: place.growing && index === cells.length - 1 });
    row.appendChild(made);
  });
  return row;
}

function appendSimple(parent: Element, token: MarkedToken, outer: RenderContext): void {
  if (token.type === "space" || token.type === "def") return;
  const place = { growing: outer.growing, depth: outer.depth + 1 };
  if (place.depth > MAX_DEPTH) return appendRaw(parent, token.raw);
  switch (token.type) {
    case "paragraph":
      return appendFilled(parent, element("p"), token.tokens, place);
    case "heading":
      return appendFilled(parent, element(HEADINGS[token.depth - 1] ?? "h6"), token.tokens, place);
    case "text":
      return token.tokens ? appendInline(parent, token.tokens, place) : appendRaw(parent, token.raw);
    case "checkbox":
      return text(parent, taskMark(token.checked));
    case "code":
      parent.appendChild(buildCode(token));
      return;
    case "hr":
      parent.appendChild(element("hr"));
      return;
    case "blockquote": {
      const quote = element("blockquote");
      appendBlocks(quote, token.tokens, place);
      parent.appendChild(quote);
      return;
    }
    case "list":
      parent.appendChild(buildList(token, place));
      return;
    case "table":
      parent.appendChild(buildTable(token, place));
      return;
    default:
      return appendRaw(parent, token.raw);
  }
}

function appendRaw(parent: Element, raw: string): void {
  appendText(parent, element("p", "orn-raw"), raw.trimEnd());
}

function buildCode(token: Tokens.Code): HTMLPreElement {
  const pre = leftToRight(element("pre"));
  const language = decodeEntities(token.lang ?? "").match(/^\S+/)?.[0];
  const code = element("code", language && `language-${language}`);
  if (token.text) appendCode(code, `${token.text.replace(/\n$/, "")}\n`);
  pre.appendChild(code);
  return pre;
}

function buildList(token: Tokens.List, place: RenderContext): HTMLElement {
  const list = element(token.ordered ? "ol" : "ul");
  if (token.ordered && token.start !== 1) list.setAttribute("start", String(token.start));
  token.items.forEach((item, index) => {
    const growing = place.growing && index === token.items.length - 1;
    list.appendChild(buildListItem(item, token.loose, { ...place, growing }));
  });
  markLong(list);
  return list;
}

function buildTable(token: Tokens.Table, place: RenderContext): HTMLElement {
  const table = element("table");
  const head = element("thead");
  head.appendChild(buildRow(token.header, { ...place, growing: place.growing && token.rows.length === 0 }));
  table.appendChild(head);
  if (token.rows.length > 0) {
    const last = token.rows.length - 1;
    const rows = token.rows.map((row, index) =>
      buildRow(row, { ...place, growing: place.growing && index === last }),
    );
    patchRows(table, rows);
  }
  const scroller = element("div", "orn-scroll");
  scroller.appendChild(table);
  return scroller;
}

/** A blank line anywhere makes a list loose; an item that is lexed separately cannot know this. */
function asParagraphs(tokens: readonly Token[]): Token[] {
  const [first, ...rest] = tokens as MarkedToken[];
  if (first?.type === "checkbox") {
    const [next, ...others] = asParagraphs(rest) as MarkedToken[];
    if (next?.type !== "paragraph") return [first, ...asParagraphs(rest)];
    return [{ ...next, tokens: [first, ...next.tokens] }, ...others];
  }
  return tokens.map((token) => (token.type === "text" ? { ...token, type: "paragraph" } : token));
}

/** Rows of a table with a common layout. In an ordinary table, each new row makes a browser visit all rows. */
const GROUP = 100;

/** Patch `rows` after the first `settled` rows of the last group. Returns the number of rows in the last group. */
export function patchRows(table: Element, rows: readonly Element[], settled = 0): number {
  const last = table.lastElementChild;
  const group = last?.localName === "tbody" ? last : table.appendChild(element("tbody"));
  const room = GROUP - settled;
  const fresh = document.createDocumentFragment();
  fresh.append(...rows.slice(0, room));
  patchChildren(group, fresh, settled);
  if (rows.length <= room) return settled + rows.length;
  table.className = "orn-long";
  table.appendChild(element("tbody"));
  return patchRows(table, rows.slice(room));
}

/** `<details>` as models write it: an HTML block that opens it, Markdown blocks, an HTML block that closes it. */
interface DetailsTag {
  readonly summary: string;
  /** Text that follows in the same HTML block, before the first blank line. */
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

/** Append a `<details>` and return the parent of the blocks that follow. */
export function appendDetails(parent: Element, disclosure: DetailsTag): Element {
  const details = element("details");
  const append = (made: HTMLElement, source: string) =>
    appendFilled(details, made, Lexer.lexInline(source), { growing: true, depth: 0 });
  append(element("summary"), disclosure.summary.trim() || "Details");
  if (disclosure.text) append(element("p"), disclosure.text);
  parent.appendChild(details);
  return disclosure.closed ? parent : details;
}
