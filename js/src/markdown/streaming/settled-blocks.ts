import type { Token, Tokens } from "marked";

/** A line that may still become the next item of the list above it. */
const HALF_ITEM = /^ {0,3}(?:\d{0,9}[.)]?|[-+*]?[ \t]*)$/;

/**
 * Return the number of first tokens of `source` that no further text can change. They are rendered only once. A block
 * is settled when the next one has certainly begun. A finished line of the next block is always sufficient, but most
 * blocks do not need it, and waiting for it would render a long table again and again while a long paragraph grows
 * below.
 */
export function countSettledBlocks(tokens: readonly Token[], source: string): number {
  let end = source.length;
  let next: number | undefined;
  for (let index = tokens.length - 1; index >= 0; index--) {
    const token = tokens[index] as Token;
    if (token.type !== "space") {
      if (next !== undefined && isSettled(token, source, end, next)) return index + 1;
      next = end - token.raw.length;
    }
    end -= token.raw.length;
  }
  return 0;
}

function isSettled(token: Token, source: string, end: number, next: number): boolean {
  const lineEnd = source.indexOf("\n", next);
  const line = source.slice(next, lineEnd < 0 ? undefined : lineEnd);
  const isSeparated = /\n[ \t]*\n[ \t]*$/.test(`${token.raw.slice(-1)}${source.slice(end, next)}`);
  // The title of a definition may be on the lines below it.
  if (token.type === "def" && !isSeparated && /^[ \t]*["'(]/.test(line)) return false;
  if (lineEnd >= 0) return true;
  switch (token.type) {
    case "heading":
    case "hr":
      return true;
    case "code":
      return isSeparated || (token as Tokens.Code).codeBlockStyle !== "indented";
    case "list":
      return isSeparated && !HALF_ITEM.test(line);
    default:
      return isSeparated;
  }
}
