/** A separate bundle, sent to a page when its first code block is complete. */

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

/** CSS classes of the saved answer, so that both look the same: see openrouter_nb/render/answer/syntax_highlight.py. */
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

/** Private fields of highlight.js; its version is pinned. */
interface Inner {
  readonly _emitter: { readonly rootNode: TokenNode };
  /** The mode that is open at the end of the code, such as a multi-line string. */
  readonly _top: unknown;
}

const highlight: Highlight = (language) => {
  if (!hljs.getLanguage(language)) return undefined;
  let continuation: unknown;
  return (code) => {
    // ../build.mjs patches highlight.js to accept `continuation`.
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
