import type { MarkedToken, Token, Tokens } from "marked";
import { decodeEntities } from "./entities";
import { MAX_INLINE } from "./lex";
import { element, image, leftToRight, link, text } from "./safe-elements";
import { hostOf, safeHref } from "./safe-urls";
import { appendProse } from "./text-runs";

export interface RenderContext {
  /** Whether text may be appended here, so that a link that ends here may still change. */
  readonly growing: boolean;
  readonly depth: number;
}

/** Far deeper than real documents; deeper trees overflow the stack of the browser's layout. */
export const MAX_DEPTH = 40;

const ATTRIBUTELESS = ["sub", "sup", "kbd", "mark"] as const;
type Attributeless = (typeof ATTRIBUTELESS)[number];

export function appendInline(parent: Node, tokens: readonly Token[], place: RenderContext): void {
  for (let index = 0; index < tokens.length; index++) {
    const token = tokens[index] as MarkedToken;
    if (token.type === "html") {
      index = appendHtml(parent, tokens, index, place);
    } else {
      if (appendOwnToken(parent, token)) continue;
      const growing = place.growing && reachesEnd(tokens, index);
      appendToken(parent, token, { growing, depth: place.depth + 1 });
    }
  }
}

export function plainText(tokens: readonly Token[]): string {
  const holder = document.createDocumentFragment();
  appendInline(holder, tokens, { growing: false, depth: 0 });
  return holder.textContent ?? "";
}

export function taskMark(checked: boolean): string {
  return checked ? "☑ " : "☐ ";
}

/** Append a token of our lexer extensions, which marked's types do not include. Returns false for any other token. */
function appendOwnToken(parent: Node, { type, text: words }: Tokens.Generic): boolean {
  const isMark = type === "mark";
  if (!isMark && type !== "formula") return false;
  appendText(parent, isMark ? element("sup", "orn-mark") : leftToRight(element("span", "orn-math")), words);
  return true;
}

/** Whether the token is at the end of the text. Punctuation after a bare URL may still become part of it. */
function reachesEnd(tokens: readonly Token[], index: number): boolean {
  const behind = tokens.slice(index + 1);
  const isBare = (tokens[index] as Tokens.Link).autolink === true;
  return behind.length === 0 || (isBare && behind.every(({ raw }) => !/\s/.test(raw)));
}

function appendToken(parent: Node, token: MarkedToken, place: RenderContext): void {
  if (place.depth > MAX_DEPTH) return text(parent, token.raw);
  switch (token.type) {
    case "strong":
    case "em":
    case "del":
      return appendFilled(parent, element(token.type), token.tokens, place);
    case "codespan":
      return appendText(parent, leftToRight(element("code")), token.text);
    case "br":
      parent.appendChild(element("br"));
      return;
    case "escape":
      return appendEscape(parent, token.text);
    case "checkbox":
      return text(parent, taskMark(token.checked));
    case "link":
      return appendLink(parent, token, place);
    case "image":
      return appendImage(parent, token);
    default:
      // `raw`, because marked decodes only some references in `text`.
      return text(parent, decodeEntities(token.raw));
  }
}

/** `lex` returns text beyond MAX_INLINE as one escape token. */
function appendEscape(parent: Node, words: string): void {
  if (words.length > MAX_INLINE && parent instanceof Element) appendProse(parent, words);
  else text(parent, words);
}

function appendLink(parent: Node, token: Tokens.Link, place: RenderContext): void {
  const href = place.growing ? undefined : safeHref(token.autolink ? token.href : decodeEntities(token.href));
  const target = href === undefined ? parent : link(href, decodeEntities(token.title ?? ""));
  if (token.autolink) text(target, token.text);
  else appendInline(target, token.tokens, place);
  if (target !== parent) parent.appendChild(target);
}

function appendImage(parent: Node, token: Tokens.Image): void {
  const src = decodeEntities(token.href);
  const alt = plainText(token.tokens);
  const shown = image(src, alt);
  if (shown) parent.appendChild(shown);
  else appendText(parent, element("span", "orn-image"), `🖼 ${hostOf(src)}${alt ? ` · ${alt}` : ""}`);
}

/** Append an HTML tag as text, unless it is an allowed tag without attributes. Returns the last index used. */
function appendHtml(parent: Node, tokens: readonly Token[], index: number, place: RenderContext): number {
  const raw = tokens[index]?.raw ?? "";
  if (/^<br\s*\/?>$/i.test(raw)) {
    parent.appendChild(element("br"));
    return index;
  }
  const tag = attributeless(raw);
  const end = tag && place.depth < MAX_DEPTH ? endTag(tokens, index + 1, tag) : -1;
  if (!tag || end < 0) {
    text(parent, raw);
    return index;
  }
  appendFilled(parent, element(tag), tokens.slice(index + 1, end), {
    growing: false,
    depth: place.depth + 1,
  });
  return end;
}

function attributeless(raw: string): Attributeless | undefined {
  return ATTRIBUTELESS.find((tag) => raw.toLowerCase() === `<${tag}>`);
}

function endTag(tokens: readonly Token[], from: number, tag: Attributeless): number {
  return tokens.findIndex(
    (token, index) => index >= from && token.type === "html" && token.raw.toLowerCase() === `</${tag}>`,
  );
}

/** Fill `made` with text and append it. */
export function appendText(parent: Node, made: HTMLElement, words: string): void {
  text(made, words);
  parent.appendChild(made);
}

/** Fill `made` with the content of `tokens` and append it. */
export function appendFilled(
  parent: Node,
  made: HTMLElement,
  tokens: readonly Token[],
  place: RenderContext,
): void {
  appendInline(made, tokens, place);
  parent.appendChild(made);
}
