import type { Links, Token } from "marked";
import { appendBlock } from "../blocks";
import { Decorator, type EnhancerSource } from "../enhancers";
import { collectLinks, lex } from "../lex";
import { blockAfter, cursorAfter, nodesAfter, place, trimAfter } from "./cursor";
import { closingMarkup, completePrefixLength } from "./incomplete-markup";
import { incrementalBlock } from "./incremental-block";
import type { IncrementalBlock, OpenText } from "./open-text";
import type { Cursor } from "./sections";
import { countSettledBlocks } from "./settled-blocks";

/** Blocks longer than this (characters) are rendered incrementally instead of being lexed again. */
const LONG_BLOCK_CHARS = 10_000;

/**
 * Renders streaming Markdown. Blocks that no further text can change are rendered once; only the text after them is
 * lexed and patched again. Nodes are created from the lexer's tokens one by one: no string is ever parsed as HTML, so
 * there is nothing to sanitize.
 */
export class StreamingMarkdown {
  #text = "";
  /** Start of the first block that may still change: in the text, and in the document. */
  #openAt = 0;
  #cursor: Cursor;
  #links: Links = Object.create(null);
  #hasLateLinks = false;
  #growing: IncrementalBlock | undefined;

  readonly #decorator: Decorator;

  /** Without `extras`, code is not highlighted and formulas stay source. */
  constructor(
    readonly root: Element,
    extras?: EnhancerSource,
  ) {
    this.#cursor = { container: root, nodes: 0 };
    this.#decorator = new Decorator(extras);
  }

  /** Show `text` as the beginning of a longer text. It can differ from the text before. */
  update(text: string): void {
    this.#take(text);
    const open = text.slice(this.#openAt);
    const shown = open.slice(0, completePrefixLength(open));
    const suffix = closingMarkup(shown);
    const visible = suffix ? shown.trimEnd() : shown;
    const tail: OpenText = {
      text,
      end: this.#openAt + visible.length,
      suffix,
      growing: /\S/.test(text.slice(-1)),
    };
    if (this.#growing?.extend(tail)) return;
    const end = this.#isLong(tail.end) ? this.#growing?.settle?.(tail) : undefined;
    if (end === "too early") return;
    if (end) {
      this.#pass(end);
      return this.update(text);
    }

    const source = visible + suffix;
    const { tokens } = lex(source, this.#links);
    const settled = tokens.slice(0, countSettledBlocks(tokens, source));
    const rest = tokens.slice(settled.length);
    if (collectLinks(settled, this.#links)) this.#hasLateLinks ||= this.#openAt > 0;
    this.#cursor = this.#settle(settled);
    for (const token of settled) this.#openAt += token.raw.length;
    trimAfter(this.#draw(rest, tail.growing), this.root);
    this.#growing = this.#grow(rest, tail);
  }

  /** Show the complete `text`: incomplete markup is shown, and late definitions apply to links before them. */
  finish(text: string): void {
    this.#take(text);
    if (this.#finishGrowing(text)) return;
    let { tokens } = lex(text.slice(this.#openAt), this.#links);
    if (this.#openAt > 0 && (this.#hasLateLinks || collectLinks(tokens, this.#links))) {
      this.#rewind();
      tokens = lex(text, this.#links).tokens;
    }
    trimAfter(this.#settle(tokens), this.root);
  }

  /** Whether the selection touches nodes that the next `update` may replace. */
  get isSelected(): boolean {
    const selection = document.getSelection();
    if (!selection || selection.isCollapsed) return false;
    const open = this.#growing?.openNodes ?? nodesAfter(this.#cursor);
    return open.some((node) => selection.containsNode(node, true));
  }

  #take(text: string): void {
    if (!text.startsWith(this.#text)) this.#rewind();
    this.#text = text;
  }

  /** Lex everything again; present nodes are patched, not replaced. */
  #rewind(): void {
    this.#openAt = 0;
    this.#cursor = { container: this.root, nodes: 0 };
    this.#links = Object.create(null);
    this.#hasLateLinks = false;
    this.#growing = undefined;
  }

  /** Render settled blocks. */
  #settle(tokens: readonly Token[]): Cursor {
    return tokens.reduce((cursor, token) => {
      const next = this.#place(cursor, token, false);
      this.#decorate(cursor, next);
      return next;
    }, this.#cursor);
  }

  /** Render blocks that may still change. */
  #draw(tokens: readonly Token[], growing: boolean): Cursor {
    const last = tokens.findLastIndex((token) => token.type !== "space");
    return tokens.reduce(
      (cursor, token, index) => this.#place(cursor, token, growing && index === last),
      this.#cursor,
    );
  }

  #place(cursor: Cursor, token: Token, growing: boolean): Cursor {
    return place(cursor, this.root, (at, floor, depth) => appendBlock(at, floor, token, { growing, depth }));
  }

  #decorate(from: Cursor, to: Cursor): void {
    if (to.container !== from.container && to.container.contains(from.container)) return; // A `<details>` has ended.
    const start = to.container === from.container ? from.nodes : 0;
    for (let node = start; node < to.nodes; node++) {
      const block = to.container.childNodes[node];
      if (block instanceof Element) this.#decorator.decorate(block);
    }
  }

  /**
   * Whether the open block is long. A long block that was rendered incrementally is not lexed again, unless it may
   * contain a definition.
   */
  #isLong(end: number): boolean {
    return end - this.#openAt > LONG_BLOCK_CHARS && !this.#text.slice(this.#openAt, end).includes("]:");
  }

  #finishGrowing(text: string): boolean {
    if (this.#growing?.settle && this.#isLong(text.length)) this.update(text);
    const growing = this.#growing;
    this.#growing = undefined;
    if (!growing?.settle || !this.#isLong(text.length) || this.#hasLateLinks) return false;
    if (!growing.extend({ text, end: text.length, suffix: "", growing: false })) return false;
    const block = blockAfter(this.#cursor);
    if (block instanceof Element) this.#decorator.decorate(block);
    return true;
  }

  /** Continue after the open block, which ends at `end` of the text. */
  #pass(end: number): void {
    this.#growing = undefined;
    const block = blockAfter(this.#cursor);
    if (!(block instanceof Element)) return;
    this.#openAt = end;
    this.#cursor = cursorAfter(block);
    this.#decorator.decorate(block);
  }

  #grow(rest: readonly Token[], tail: OpenText): IncrementalBlock | undefined {
    const blocks = rest.filter((token) => token.type !== "space");
    const block = blocks[0];
    const live = blockAfter(this.#cursor);
    if (blocks.length !== 1 || !block || !(live instanceof Element)) return undefined;
    const lead = rest[0] === block ? 0 : (rest[0]?.raw.length ?? 0);
    return incrementalBlock(block, live, tail, this.#openAt + lead, this.#links);
  }
}
