import type { Links, Token, Tokens } from "marked";
import { buildListItem, buildRow, markLong, patchRows } from "../blocks";
import { patchChildren } from "../dom-patch";
import type { RenderContext } from "../inline";
import { lex } from "../lex";
import { element } from "../safe-elements";
import { appendCode } from "../text-runs";
import { IncrementalParagraph } from "./incremental-paragraph";
import type { IncrementalBlock, OpenText } from "./open-text";
import { countSettledBlocks } from "./settled-blocks";

/** Return the incremental form of the last block: `live` is the element of `token`, which begins at `start` of the text. */
export function incrementalBlock(
  token: Token,
  live: Element,
  { text }: OpenText,
  start: number,
  links: Links,
): IncrementalBlock | undefined {
  switch (token.type) {
    case "paragraph":
      return IncrementalParagraph.at(token, live, text, start, links);
    case "code":
      return IncrementalFence.at(live, text, start);
    case "table":
      return IncrementalTable.at(token as Tokens.Table, live, text, start, links);
    case "list":
      return IncrementalList.at(token as Tokens.List, live, text, start, links);
    default:
      return undefined;
  }
}

class IncrementalFence implements IncrementalBlock {
  /** Empty: appending keeps the selection. */
  readonly openNodes = [];
  #end: number;

  private constructor(
    private readonly code: Element,
    private readonly closing: RegExp,
    end: number,
  ) {
    this.#end = end;
  }

  static at(live: Element, text: string, start: number): IncrementalFence | undefined {
    // The lexer handles indented fences, whose indentation is removed from every line.
    const opening = /^(`{3,}|~{3,})[^\n]*\n/.exec(text.slice(start));
    const fence = opening?.[1];
    const code = live.firstElementChild;
    if (!fence || !code) return undefined;
    const closing = new RegExp(`(?:^|\\n) {0,3}${fence[0]}{${fence.length},} *(?:\\n|$)`);
    const content = start + opening[0].length;
    if (closing.test(text.slice(content))) return undefined;
    const open = new IncrementalFence(code, closing, content);
    code.replaceChildren();
    open.extend({ text });
    return open;
  }

  extend({ text }: Pick<OpenText, "text">): boolean {
    const lineStart = text.lastIndexOf("\n", this.#end - 1) + 1;
    if (this.closing.test(text.slice(lineStart))) return false;
    // A last line of fence characters may become the closing fence.
    const end = text.length - (/(?<=^|\n) {0,3}[`~]+$/.exec(text.slice(lineStart))?.[0].length ?? 0);
    appendCode(this.code, text.slice(this.#end, end));
    this.#end = Math.max(this.#end, end);
    return true;
  }
}

class IncrementalTable implements IncrementalBlock {
  /** Settled rows of the last group. */
  #settled = 0;

  private constructor(
    private readonly table: Element,
    private readonly head: string,
    private readonly links: Links,
    private from: number,
  ) {}

  static at(token: Tokens.Table, live: Element, text: string, start: number, links: Links) {
    const table = live.querySelector("table");
    const rows = table?.querySelector("tbody:last-child")?.childNodes.length;
    const head = /^[^\n]*\n[^\n]*\n/.exec(text.slice(start))?.[0];
    if (!table || !rows || !head) return undefined;
    const open = new IncrementalTable(table, head, links, start + head.length);
    open.#settle(token.rows.length, rows, text);
    return open;
  }

  extend({ text, end, suffix, growing }: OpenText): boolean {
    const { tokens } = lex(this.head + text.slice(this.from, end) + suffix, this.links);
    const table = onlyBlock(tokens, "table") as Tokens.Table | undefined;
    if (!table || table.rows.length === 0) return false;
    this.#draw(table, text, growing);
    return true;
  }

  settle({ text, end, suffix }: OpenText) {
    const source = this.head + text.slice(this.from, end) + suffix;
    const { tokens } = lex(source, this.links);
    const table = tokens[0] as Tokens.Table;
    if (table.type !== "table" || table.rows.length === 0) return undefined;
    if (countSettledBlocks(tokens, source) === 0) return "too early";
    const start = this.from - this.head.length;
    this.#draw(table, text, false);
    return start + table.raw.length;
  }

  #draw({ rows }: Tokens.Table, text: string, growing: boolean): void {
    const made = rows.map((row, index) => buildRow(row, placeOf(index, rows, growing)));
    this.#settle(made.length, patchRows(this.table, made, this.#settled), text);
  }

  get openNodes(): Node[] {
    return [...(this.table.lastElementChild?.childNodes ?? [])].slice(this.#settled);
  }

  /** All rows but the last are settled: their lines have ended. */
  #settle(rows: number, inGroup: number, text: string): void {
    for (let row = 1; row < rows; row++) this.from = text.indexOf("\n", this.from) + 1;
    this.#settled = inGroup - 1;
  }
}

class IncrementalList implements IncrementalBlock {
  #settled = 0;

  private constructor(
    private readonly list: Element,
    private readonly loose: boolean,
    private readonly links: Links,
    private from: number,
  ) {}

  static at(token: Tokens.List, live: Element, text: string, start: number, links: Links) {
    const list = new IncrementalList(live, token.loose, links, start);
    list.#settle(token.items, text);
    return list;
  }

  extend({ text, end, suffix, growing }: OpenText): boolean {
    const { tokens } = lex(text.slice(this.from, end) + suffix, this.links);
    const list = onlyBlock(tokens, "list") as Tokens.List | undefined;
    // A blank line makes every item a paragraph, including settled ones.
    if (!list || (list.loose && !this.loose)) return false;
    this.#draw(list, text, growing);
    return true;
  }

  settle({ text, end, suffix }: OpenText) {
    const source = text.slice(this.from, end) + suffix;
    const { tokens } = lex(source, this.links);
    const list = tokens[0] as Tokens.List | undefined;
    if (list?.type !== "list" || (list.loose && !this.loose)) return undefined;
    if (countSettledBlocks(tokens, source) === 0) return "too early";
    const start = this.from;
    this.#draw(list, text, false);
    return start + list.raw.length;
  }

  #draw({ items }: Tokens.List, text: string, growing: boolean): void {
    const fresh = element("ul");
    items.forEach((item, index) => {
      fresh.appendChild(buildListItem(item, this.loose, placeOf(index, items, growing)));
    });
    patchChildren(this.list, fresh, this.#settled);
    markLong(this.list);
    this.#settle(items, text);
  }

  get openNodes(): Node[] {
    return [...this.list.childNodes].slice(this.#settled);
  }

  /** An item is settled when the line with the next item's marker has ended. */
  #settle(items: readonly Tokens.ListItem[], text: string): void {
    for (const item of items.slice(0, -1)) {
      const next = this.from + item.raw.length;
      if (text.indexOf("\n", next) < 0) return;
      this.from = next;
      this.#settled++;
    }
  }
}

function placeOf(index: number, siblings: readonly unknown[], growing: boolean): RenderContext {
  return { growing: growing && index === siblings.length - 1, depth: 1 };
}

function onlyBlock(tokens: readonly Token[], type: string): Token | undefined {
  const blocks = tokens.filter((token) => token.type !== "space");
  return blocks.length === 1 && blocks[0]?.type === type ? blocks[0] : undefined;
}
