import type { Links, Token } from "marked";
import type { IncrementalBlock, OpenText } from "./incremental-block";
import { lex, MAX_INLINE } from "./lex";
import { appendProse } from "./text-runs";

/** A paragraph that is too long to be more than text: what comes is appended. */
export class IncrementalParagraph implements IncrementalBlock {
  /** A selection stays where it is. */
  readonly openNodes = [];

  /** All up to `end` is drawn; the last line of that begins at `lineStart`. */
  private constructor(
    private readonly paragraph: Element,
    private readonly links: Links,
    private end: number,
    private lineStart: number,
  ) {}

  static at(token: Token, live: Element, text: string, start: number, links: Links) {
    const raw = token.raw.trimEnd();
    // A suffix that closes what the last line has opened is in the token, but not in the text.
    if (raw.length <= MAX_INLINE || !text.startsWith(raw, start) || live.textContent !== raw)
      return undefined;
    return new IncrementalParagraph(live, links, start + raw.length, start + raw.lastIndexOf("\n") + 1);
  }

  extend({ text, end }: OpenText): boolean {
    const shown = text.slice(this.end, end).trimEnd();
    if (shown.includes("\n") && !this.#goesOn(text, this.end + shown.length)) return false;
    appendProse(this.paragraph, shown);
    this.end += shown.length;
    return true;
  }

  /** Whether the lines from the last one on are one paragraph. */
  #goesOn(text: string, end: number): boolean {
    const lines = text.slice(this.lineStart, end);
    const { tokens } = lex(lines, this.links);
    this.lineStart += lines.lastIndexOf("\n") + 1;
    return tokens.length === 1 && tokens[0]?.type === "paragraph";
  }
}
