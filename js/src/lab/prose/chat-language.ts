import { defineLanguageFacet, Language, languageDataProp } from "@codemirror/language";
import { type Parser, parseMixed } from "@lezer/common";
import { tags } from "@lezer/highlight";
import type { BlockParser, InlineParser, MarkdownParser, NodeSpec } from "@lezer/markdown";
import { chatLine, OUTER_MAGIC, optionWords, type Word } from "./option-line";

const OPENING_BRACE = 123;
const NODES: Record<Word["kind"], string> = { magic: "ChatMagic", flag: "ChatFlag", value: "ChatValue" };

const nodes: NodeSpec[] = [
  { name: "ChatLine", block: true },
  { name: NODES.magic, style: tags.meta },
  { name: NODES.flag, style: tags.attributeName },
  { name: NODES.value, style: tags.string },
  { name: "Expression" },
  { name: "ExpressionMark", style: tags.processingInstruction },
  { name: "ExpressionCode" },
];

/** A line with a magic. That of a chat cell continues with options and the beginning of the prompt. */
const line: BlockParser = {
  name: "ChatLine",
  before: "LinkReference",
  parse(context, { text }) {
    const isOuter = OUTER_MAGIC.test(text);
    if (context.depth > 1 || !(isOuter || chatLine([text]) === 0)) return false;
    const from = context.lineStart;
    const words = isOuter ? optionWords(text).slice(0, 1) : optionWords(text);
    const end = words.at(-1)?.to ?? 0;
    const children = words.map((word) => context.elt(NODES[word.kind], from + word.from, from + word.to));
    if (!isOuter) children.push(...context.parser.parseInline(text.slice(end), from + end));
    context.nextLine();
    context.addElement(context.elt("ChatLine", from, from + text.length, children));
    return true;
  },
};

/** `{{expression}}` in a paragraph, a heading or a list. In code, only its background tells it: see prose-plugin.ts. */
const expression: InlineParser = {
  name: "Expression",
  before: "Escape",
  parse(context, next, from) {
    if (next !== OPENING_BRACE || context.char(from + 1) !== OPENING_BRACE) return -1;
    const length = context.slice(from, context.end).indexOf("}}");
    if (length < 0) return -1;
    const to = from + length + 2;
    const children = [
      context.elt("ExpressionMark", from, from + 2),
      context.elt("ExpressionCode", from + 2, to - 2),
      context.elt("ExpressionMark", to - 2, to),
    ];
    return context.addElement(context.elt("Expression", from, to, children));
  },
};

/**
 * Return the language of chat cells: Markdown whose first line has options, and with expressions in Python unless `raw`.
 * A comment is what it is in a code cell, so that Ctrl+/ on the whole cell turns it off. Apostrophes are not paired.
 */
export function chatLanguage(markdown: MarkdownParser, python: Parser, raw: boolean): Language {
  const data = defineLanguageFacet({
    commentTokens: { line: "#" },
    closeBrackets: { brackets: ["(", "[", "{", '"'] },
  });
  const parser = markdown.configure([
    { props: [languageDataProp.add((type) => (type.isTop ? data : undefined))] },
    { defineNodes: nodes, parseBlock: [line] },
    raw
      ? []
      : {
          parseInline: [expression],
          wrap: parseMixed(({ name }) => (name === "ExpressionCode" ? { parser: python } : null)),
        },
  ]);
  return new Language(data, parser, [], "openrouter-chat");
}
