import { jsonLanguage } from "@codemirror/lang-json";
import { parser as markdown } from "@lezer/markdown";
import { describe, expect, it } from "vitest";
import { chatLanguage } from "../../src/lab/prose/chat-language";
import { chatLine, isRaw, optionWords } from "../../src/lab/prose/option-line";

/** The nodes of a cell with these names, with their texts. JSON takes the place of Python, which JupyterLab brings. */
function parse(text: string, names: string, raw = false): string[] {
  const found: string[] = [];
  const tree = chatLanguage(markdown, jsonLanguage.parser, raw).parser.parse(text);
  tree.iterate({
    enter({ name, from, to }) {
      if (names.split(" ").includes(name)) found.push(`${name} ${text.slice(from, to)}`);
    },
  });
  return found;
}

const PARTS = "ChatMagic ChatFlag ChatValue";

describe("chatLine", () => {
  it.each([
    ["%%chat", 0],
    ["%%chat -m a/b Hello\nfor x in y", 0],
    ["  %%openrouter\nHi", 0],
    ["\n\n%%chat\nHi", 2],
    ["%%time\n%%chat\nHi", 1],
    ["%%capture out\n\n%%chat\nHi", 2],
  ])("finds the magic of %j", (text, position) => {
    expect(chatLine(text.split("\n"))).toBe(position);
  });

  it.each([
    "",
    "%%chat_models",
    "%%chats",
    "%chat Hello",
    "# %%chat",
    "x = 1\n%%chat",
    "%%bash\n%%chat",
    "%%",
  ])("does not take %j for a chat cell", (text) => {
    expect(chatLine(text.split("\n"))).toBe(-1);
  });
});

describe("optionWords", () => {
  const words = (line: string) =>
    optionWords(line).map(({ kind, from, to }) => `${kind} ${line.slice(from, to)}`);

  it("ends at the first word of the prompt", () => {
    expect(words(`%%chat -m a/b -q -s "Be brief." Say -t "hi"`)).toEqual([
      "magic %%chat",
      "flag -m",
      "value a/b",
      "flag -q",
      "flag -s",
      'value "Be brief."',
    ]);
  });

  it.each([
    ["%%chat --temperature=0.2 Hi", ["magic %%chat", "flag --temperature=0.2"]],
    ["%%chat -m {{ model }} Hi", ["magic %%chat", "flag -m", "value {{ model }}"]],
    ["%%chat -t -1 Hi", ["magic %%chat", "flag -t", "value -1"]],
    ["%%chat --bg -- -1 is", ["magic %%chat", "flag --bg", "flag --"]],
    ["%%chat -1 is a number", ["magic %%chat"]],
    ["%%chat don't stop", ["magic %%chat"]],
    ["%%chat -m", ["magic %%chat", "flag -m"]],
  ])("reads %j", (line, expected) => {
    expect(words(line)).toEqual(expected);
  });

  it("finds --raw among the options alone", () => {
    expect(isRaw("%%chat --raw Hi")).toBe(true);
    expect(isRaw("%%chat Hi --raw")).toBe(false);
    expect(isRaw("%%chat -s --raw Hi")).toBe(false);
  });
});

describe("chatLanguage", () => {
  it("has the options apart from the prompt, which is Markdown", () => {
    const cell = "%%chat -t 0.2 Is *this*\n# Title\n\nfor **all** and `None`\n";
    expect(parse(cell, `${PARTS} Emphasis StrongEmphasis ATXHeading1 InlineCode`)).toEqual([
      "ChatMagic %%chat",
      "ChatFlag -t",
      "ChatValue 0.2",
      "Emphasis *this*",
      "ATXHeading1 # Title",
      "StrongEmphasis **all**",
      "InlineCode `None`",
    ]);
  });

  it("parses expressions with the other parser", () => {
    const cell = "%%chat {{ [1, 2] }}\n- {{true}} and {single}\n";
    expect(parse(cell, "ExpressionMark Array True")).toEqual([
      "ExpressionMark {{",
      "Array [1, 2]",
      "ExpressionMark }}",
      "ExpressionMark {{",
      "True true",
      "ExpressionMark }}",
    ]);
    expect(parse(cell, "ExpressionMark Array", true)).toEqual([]);
  });

  it("leaves an open expression as text", () => {
    expect(parse("%%chat\n{{x\n\nmore", "Expression")).toEqual([]);
  });

  it("recognizes a magic above that of the chat", () => {
    expect(parse("%%time\n%%chat -q\nHi", PARTS)).toEqual([
      "ChatMagic %%time",
      "ChatMagic %%chat",
      "ChatFlag -q",
    ]);
  });

  it("takes a quoted magic for text", () => {
    expect(parse("%%chat\n> %%chat -q\n", PARTS)).toEqual(["ChatMagic %%chat"]);
  });
});
