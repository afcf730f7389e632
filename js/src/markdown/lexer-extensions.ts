import type { MarkedOptions } from "marked";

type Extensions = NonNullable<MarkedOptions["extensions"]>;

/**
 * A single dollar opens a formula only before something that is not a space and closes it only after such, not before a
 * digit: "from $5 to $10" is money. The same rule is in openrouter_nb/render/math.py.
 */
const FORMULA =
  /^(?:\\\((?!\\\)).+?\\\)|\\\[(?!\\\]).+?\\\]|\$\$(?!\$).+?\$\$|\$(?![\s$])(?:[^$\n`]*?[^\s$\\`])\$(?!\d))/s;

/**
 * Formulas stand as they were written until they are typeset: Markdown would eat their backslashes and take their
 * underscores for emphasis.
 */
export const formulas = {
  inline: [
    (source: string) => {
      const raw = FORMULA.exec(source)?.[0];
      return raw ? { type: "formula", raw, text: raw } : undefined;
    },
  ],
  startInline: [(source: string) => source.search(/\\[([]|\$/)],
  renderers: {},
  childTokens: {},
} satisfies Extensions;

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
