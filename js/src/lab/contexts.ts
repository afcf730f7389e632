import { optionWords } from "./prose/option-line";

/** The magics of a cell, each to the end of its line: `%%chat`, or `%chat` as a line of code. */
const MAGIC = /(?<!\S)%{1,2}(?:chat|openrouter)(?!\S).*/g;

/** Return which cells the magics of a cell send: ids or numbers, `notebook` for all. */
export function contextsOf(source: string): string[] {
  return [...source.matchAll(MAGIC)].flatMap(([line]) => {
    const words = optionWords(line).map(({ from, to }) => line.slice(from, to));
    const position = words.findIndex((word) => word === "--context" || word.startsWith("--context="));
    const value = position < 0 ? "" : (words[position]?.split("=")[1] ?? words[position + 1] ?? "");
    return value === "notebook" ? [value] : [...value.matchAll(/^cell:(.+)$/g)].map(([, name = ""]) => name);
  });
}
