import type { MarkedOptions } from "marked";

type Extensions = NonNullable<MarkedOptions["extensions"]>;

/**
 * A single dollar opens a formula only before a non-space and closes it only after a non-space, not before a digit:
 * "from $5 to $10" is money. openrouter_nb/render/html/math.py has the same rule.
 */
const FORMULA =
  /^(?:\\\((?:[^\\]|\\[^()])+\\\)|\\\[(?:[^\\]|\\[^[\]])+\\\]|\$\$(?!\$).+?\$\$|\$(?![\s$])(?:[^$\n`]*?[^\s$\\`])\$(?!\d))/s;

/**
 * Formulas are tokens that stay source until they are typeset: Markdown would remove their backslashes and parse their
 * underscores as emphasis.
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
 * Return the sign that stands for a citation mark in Markdown. The kernel sends positions only for answers without
 * these signs. It begins with `<` because a bare URL ends there, and otherwise only at the next space.
 */
export function citationSign(number: number): string {
  return `<⸨${number}⸩>`;
}

/** Return the citation sign at the start of `source` as a token. */
export function readCitationSign(source: string) {
  const [raw, number] = /^<⸨(\d+)⸩>/.exec(source) ?? [];
  return raw ? { type: "mark", raw, text: `[${number}]` } : undefined;
}
