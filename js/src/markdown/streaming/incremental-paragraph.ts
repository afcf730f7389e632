import type { Links, Token } from "marked";
import { lex, MAX_INLINE } from "../lex";
import { appendProse } from "../text-runs";
import type { IncrementalBlock, OpenText } from "./open-text";

/** A paragraph that is longer than inline markup is lexed for: new text is appended as text. */
export class IncrementalParagraph implements IncrementalBlock {
  /** Empty: appending keeps the selection. */
  readonly openNodes = [];

  /** Text up to `end` is rendered; its last line begins at `lineStart`. */
  private constructor(
    private readonly paragraph: Element,
    private readonly links: Links,
    private end: number,
    private lineStart: number,
  ) {}

  static at(token: Token, live: Element, text: string, start: number, links: Links) {
    const raw = token.raw.trimEnd();
    // The token includes the suffix that closes open markup; the text does not.
    if (raw.length <= MAX_INLINE || !text.startsWith(raw, start) || live.textContent !== raw)
      return undefined;
    return new IncrementalParagraph(live, links, start + raw.length, start + raw.lastIndexOf("\n") + 1);
  }

  extend({ text, end }: OpenText): boolean {
    const shown = text.slice(this.end, end).trimEnd();
    if (shown.includes("\n") && !this.#isOneParagraph(text, this.end + shown.length)) return false;
    appendProse(this.paragraph, shown);
    this.end += shown.length;
    return true;
  }

  /** Whether the text from the last line on is one paragraph. */
  #isOneParagraph(text: string, end: number): boolean {
    const lines = text.slice(this.lineStart, end);
    const { tokens } = lex(lines, this.links);
    this.lineStart += lines.lastIndexOf("\n") + 1;
    return tokens.length === 1 && tokens[0]?.type === "paragraph";
  }
}
