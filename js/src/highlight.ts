/** A module of its own: it is sent to a page when the first block of code there is complete. */

import hljs from "highlight.js/lib/core";
import bash from "highlight.js/lib/languages/bash";
import c from "highlight.js/lib/languages/c";
import cpp from "highlight.js/lib/languages/cpp";
import css from "highlight.js/lib/languages/css";
import diff from "highlight.js/lib/languages/diff";
import go from "highlight.js/lib/languages/go";
import java from "highlight.js/lib/languages/java";
import javascript from "highlight.js/lib/languages/javascript";
import json from "highlight.js/lib/languages/json";
import julia from "highlight.js/lib/languages/julia";
import latex from "highlight.js/lib/languages/latex";
import markdown from "highlight.js/lib/languages/markdown";
import python from "highlight.js/lib/languages/python";
import r from "highlight.js/lib/languages/r";
import rust from "highlight.js/lib/languages/rust";
import sql from "highlight.js/lib/languages/sql";
import typescript from "highlight.js/lib/languages/typescript";
import xml from "highlight.js/lib/languages/xml";
import yaml from "highlight.js/lib/languages/yaml";
import type { Highlight, HighlightedText } from "./markdown/enhancers";

const LANGUAGES = {
  ...{ bash, c, cpp, css, diff, go, java, javascript, json, julia, latex, markdown, python, r, rust, sql },
  ...{ typescript, xml, yaml },
};

for (const [name, language] of Object.entries(LANGUAGES)) hljs.registerLanguage(name, language);

/** The classes of the saved answer, so that the same code looks the same in both: see openrouter_nb/render/code.py. */
const CLASSES: readonly (readonly [RegExp, string])[] = [
  [/^(?:keyword|literal|selector-tag|name|section)/, "k"],
  [/^(?:string|regexp|char|addition|attr$|attribute|link|code)/, "s"],
  [/^number/, "m"],
  [/^(?:comment|quote|doctag|meta|deletion)/, "c"],
  [/^title/, "f"],
  [/^(?:built_in|type|symbol|bullet)/, "b"],
  [/^operator/, "o"],
];

interface TokenNode {
  readonly scope?: string;
  readonly children: readonly (TokenNode | string)[];
}

/** What highlight.js keeps to itself; the version is pinned. */
interface Inner {
  readonly _emitter: { readonly rootNode: TokenNode };
  /** What it is inside of at the end, such as a string of many lines. */
  readonly _top: unknown;
}

const highlight: Highlight = (language) => {
  if (!hljs.getLanguage(language)) return undefined;
  let continuation: unknown;
  return (code) => {
    // `continuation` is let through by ../build.mjs.
    const options = { language, ignoreIllegals: true, continuation };
    const { _emitter, _top } = hljs.highlight(code, options) as unknown as Inner;
    continuation = _top;
    const runs: HighlightedText[] = [];
    walk(_emitter.rootNode, "", runs);
    return runs;
  };
};

function walk(node: TokenNode, outer: string, runs: HighlightedText[]): void {
  const kind = CLASSES.find(([scope]) => scope.test(node.scope ?? ""))?.[1] ?? outer;
  for (const child of node.children) {
    if (typeof child === "string") runs.push({ kind, text: child });
    else walk(child, kind, runs);
  }
}

export default highlight;
