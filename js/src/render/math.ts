import type { MarkedOptions } from "marked";

type Extensions = NonNullable<MarkedOptions["extensions"]>;

const FORMULA = /^(?:\\\((?!\\\)).+?\\\)|\\\[(?!\\\]).+?\\\]|\$\$(?!\$).+?\$\$)/s;

/**
 * Formulas stand as they were written until the answer is whole and the notebook typesets them: Markdown would eat their
 * backslashes and take their underscores for emphasis.
 */
export const formulas = {
  inline: [
    (source: string) => {
      const raw = FORMULA.exec(source)?.[0];
      return raw ? { type: "escape", raw, text: raw } : undefined;
    },
  ],
  startInline: [(source: string) => source.search(/\\[([]|\$\$/)],
  renderers: {},
  childTokens: {},
} satisfies Extensions;
