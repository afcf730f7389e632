import { SWITCHES } from "./switches";

/** A word of the line of a chat cell, from its first to before its last position in the line. */
export interface Word {
  kind: "magic" | "flag" | "value";
  from: number;
  to: number;
}

const CHAT = /^\s*%%(?:chat|openrouter)(?!\S)/;
/** Magics of IPython that run the cell magic below them. */
export const OUTER_MAGIC = /^\s*%%(?:time|timeit|capture|prun)(?!\S)/;

/** Return the position of the line with `%%chat` or `%%openrouter`, from 0, or -1 if this is not a chat cell. */
export function chatLine(lines: Iterable<string>): number {
  let position = 0;
  for (const line of lines) {
    if (CHAT.test(line)) return position;
    if (line.trim() && !OUTER_MAGIC.test(line)) return -1;
    position += 1;
  }
  return -1;
}

const QUOTED = `(?:"(?:[^"\\\\]|\\\\.)*"|'(?:[^'\\\\]|\\\\.)*')`;
/** A quoted word, or one that ends at a space outside of `{{…}}`, as in the parser of the magic. */
const WORD = new RegExp(`\\s*(${QUOTED}|[\\w.-]+=${QUOTED}(?!\\S)|(?:\\{\\{[^{}]*\\}\\}|\\S)+)`, "gy");

/** Return the magic, the options and their values at the beginning of a line. The prompt begins after them. */
export function optionWords(line: string): Word[] {
  const words: Word[] = [];
  let needsValue = false;
  for (const { index, 0: found, 1: word = "" } of line.matchAll(WORD)) {
    const isOption = /^-{1,2}[A-Za-z]/.test(word);
    if (words.length > 0 && !needsValue && !isOption && word !== "--") break;
    const kind: Word["kind"] = words.length === 0 ? "magic" : needsValue ? "value" : "flag";
    words.push({ kind, from: index + found.length - word.length, to: index + found.length });
    if (kind === "flag" && word === "--") break;
    needsValue = kind === "flag" && !word.includes("=") && !SWITCHES.has(word);
  }
  return words;
}

/** Whether the double braces of a cell are text. */
export function isRaw(line: string): boolean {
  return optionWords(line).some(({ kind, from, to }) => kind === "flag" && line.slice(from, to) === "--raw");
}
