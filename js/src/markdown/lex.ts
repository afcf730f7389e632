import { Lexer, type Links, type Token, type Tokens } from "marked";
import { bareUrlToken } from "./bare-urls";
import { formulas, readCitationSign } from "./lexer-extensions";

/** Longer than real paragraphs. For some texts, lexing time grows with the square of the length. */
export const MAX_INLINE = 10_000;
const EXTENSIONS = { ...formulas, inline: [...formulas.inline, readCitationSign] };

export interface LexResult {
  readonly tokens: Token[];
  /** All reference definitions: those passed in plus those found. */
  readonly links: Links;
}

/** Return the block and inline tokens of `source`. A text that the lexer fails on is one text block, never an error. */
export function lex(source: string, known: Links): LexResult {
  try {
    const lexer = new Lexer({ gfm: true, extensions: EXTENSIONS });
    Object.assign(lexer.options.tokenizer ?? {}, { url: bareUrlToken });
    Object.assign(lexer.tokens.links, known);
    const inlineTokens = lexer.inlineTokens.bind(lexer);
    lexer.inlineTokens = (text, tokens = []) => {
      if (text.length <= MAX_INLINE) return inlineTokens(text, tokens);
      tokens.push({ type: "escape", raw: text, text });
      return tokens;
    };
    const tokens = lexer.lex(source);
    return { tokens, links: lexer.tokens.links };
  } catch {
    return { tokens: [{ type: "text", raw: source, text: source }], links: known };
  }
}

/** Add the definitions in `tokens`, at any depth; the first of a name wins. Returns whether any was new. */
export function collectLinks(tokens: readonly Token[], links: Links): boolean {
  let found = false;
  for (const token of tokens) {
    if (token.type === "def") {
      const { tag, href, title } = token as Tokens.Def;
      found ||= !(tag in links);
      links[tag] ??= { href, title };
    } else if (token.type === "list") {
      for (const item of (token as Tokens.List).items) found = collectLinks(item.tokens, links) || found;
    } else if (token.type === "blockquote") {
      found = collectLinks((token as Tokens.Blockquote).tokens, links) || found;
    }
  }
  return found;
}
