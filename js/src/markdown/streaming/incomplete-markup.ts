/**
 * Detect incomplete markup at the end of a streaming text: markup whose meaning the next characters will change.
 * Without this, a paragraph flashes as a heading when the list below it begins with `-`.
 */

import { MAX_INLINE } from "../lex";

const MARKER_LINE = /^[ \t>]*(?:[-=*_+#`~]+|[-*+][ \t]+[-*+]*|\d{1,9}[.)]?)[ \t]*$/;
const DELIMITER_LINE = /^[ \t>]*[|:\- \t]*$/;
const TABLE_LINE = /^[ \t>]*\|/;
const HALF_LINK = /!?\[[^[\]]{0,80}\]?$/;
const MARKERS_AT_END = /[*_~`]+$/;

/** Return the length of the prefix of `text` that can be shown. */
export function completePrefixLength(text: string): number {
  const lineStart = text.lastIndexOf("\n") + 1;
  const tableStart = halfTable(text, lineStart);
  if (tableStart >= 0) return tableStart;
  const line = text.slice(lineStart);
  if (MARKER_LINE.test(line)) return lineStart;
  return lineStart + visibleInLine(line);
}

/** Return the markup that closes the emphasis or code which the last line has opened, so that it shows immediately. */
export function closingMarkup(text: string): string {
  const lineStart = text.lastIndexOf("\n") + 1;
  if (text.length - lineStart > MAX_INLINE) return "";
  const line = text.slice(lineStart).replace(/\\./g, "  ");
  const prose = line.replace(/(`+)[^`]+\1(?!`)/g, (code) => "x".repeat(code.length));
  if (/(?:^|[^`])`[^`\s][^`]*$/.test(prose)) return "`";
  let open = false;
  for (const { index } of prose.matchAll(/\*\*/g)) {
    const opens = /[^\s*]/.test(prose[index + 2] ?? "") && !/[\p{L}\p{N}]/u.test(prose[index - 1] ?? "");
    if (open || opens) open = !open;
  }
  return open ? "**" : "";
}

function visibleInLine(line: string): number {
  const target = line.lastIndexOf("](");
  if (target >= 0 && !/[)\s]/.test(line.slice(target + 2))) {
    const label = line.lastIndexOf("[", target);
    if (label >= 0) return line[label - 1] === "!" ? label - 1 : label;
  }
  const half = line.slice(-84).match(HALF_LINK) ?? line.slice(-84).match(MARKERS_AT_END);
  return half ? line.length - half[0].length : line.length;
}

/** Return the start of a table whose delimiter line is incomplete, or -1: its header would first show as text. */
function halfTable(text: string, lineStart: number): number {
  const line = text.slice(lineStart);
  const aboveStart = lineStart === 0 ? 0 : text.lastIndexOf("\n", lineStart - 2) + 1;
  const above = text.slice(aboveStart, lineStart);
  if (TABLE_LINE.test(line) && !TABLE_LINE.test(above)) return lineStart;
  if (!TABLE_LINE.test(above) || !DELIMITER_LINE.test(line)) return -1;
  const top = aboveStart === 0 ? "" : text.slice(text.lastIndexOf("\n", aboveStart - 2) + 1, aboveStart);
  return TABLE_LINE.test(top) ? -1 : aboveStart;
}
