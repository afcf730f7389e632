/**
 * The sign of a mark in a text: where it has something from a source. The kernel says where, and tells that only of an
 * answer that has no such signs itself. A bare address, which would go on to the next blank, ends before `<`.
 */
export function citationSign(number: number): string {
  return `<⸨${number}⸩>`;
}

/** The sign that `source` begins with, as a token. */
export function readCitationSign(source: string) {
  const [raw, number] = /^<⸨(\d+)⸩>/.exec(source) ?? [];
  return raw ? { type: "mark", raw, text: `[${number}]` } : undefined;
}
