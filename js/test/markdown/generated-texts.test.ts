import { expect, it } from "vitest";
import { StreamingMarkdown } from "../../src/markdown/streaming/streaming-markdown";
import { oneShot, shape, streamed } from "./rendered-dom";

const PIECES = [
  "A line of text with **bold** and `code`.",
  "- item",
  "  - nested item",
  "    continued",
  "* other bullet",
  "1. one",
  "2. two",
  "10) ten",
  "| a | b |",
  "|---|---|",
  "| 1 | 2 |",
  "```",
  "~~~~py",
  "x = [1, 2](3)",
  "    indented",
  "# Heading",
  "===",
  "---",
  "> quote",
  "> - quoted item",
  "<details>",
  "<summary>Sum</summary>",
  "</details>",
  "<div>html",
  "[ref] and https://example.com/x.",
  "[ref]: https://example.com/ref",
  '"a title"',
  "- [ ] task",
  "2024",
  "**open",
  "",
  "",
  "",
  "",
];

/** Seeded pseudorandom numbers, the same in every run. */
function generator(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

function* documents(count: number, pieces: readonly string[], least = 4, head = "", end = "") {
  for (let seed = 1; seed <= count; seed++) {
    const random = generator(seed);
    const lines = Array.from({ length: least + random(24) }, () => pieces[random(pieces.length)]);
    yield { text: head + lines.join("\n") + end, size: 1 + random(9) };
  }
}

it("renders generated documents the same, streamed in random sizes and at once", () => {
  for (const { text, size } of documents(400, PIECES)) {
    expect(shape(streamed(text, size)), text).toBe(shape(oneShot(text)));
  }
});

/** Longer than one section, group or piece. */
const LONG = {
  "many blocks": documents(12, PIECES, 160),
  "many blocks with folded ones": documents(
    12,
    [...PIECES, "<details>", "<summary>Sum</summary>", "</details>", "", ""],
    160,
  ),
  "a table": documents(
    3,
    ["| a cell that gets longer and longer | **2** |", "| `a|b` | 4 |", "| 5 |"],
    900,
    "| a | b |\n|---|--:|\n",
  ),
  "a table that ends": documents(
    3,
    ["| a long cell | 2 |", "| 3 | 4 |"],
    900,
    "| a | b |\n|---|--:|\n",
    "\n\n# End\n",
  ),
  "a list": documents(
    3,
    ["- an item that gets longer and longer", "- **item** `x`", "  - nested", "- [x] done"],
    900,
    "- first\n",
  ),
  "a loose list": documents(
    3,
    ["- an item that gets longer and longer", "", "  more of it", "- `item`"],
    900,
    "- first\n\n- second\n",
  ),
  "a list that ends": documents(
    6,
    ["- an item that gets longer and longer", "- **item** `x`", "  - nested", "- [x] done"],
    500,
    "- first\n",
    "\n\n2024 was a year\n- more\n* other\n\n# End",
  ),
  "a list that turns loose": documents(3, ["- an item that gets longer and longer"], 500, "", "\n\n- last"),
  "a list with a definition": documents(
    3,
    ["- item [ref]", "- **item**"],
    900,
    "- first\n",
    "\n- [ref]: https://example.org\n",
  ),
  "a paragraph of one line": [
    ...documents(2, ["words that follow and ", "**on** `x`, "], 640, "", "\n\n# End"),
  ].map(({ text, size }) => ({ text: text.replace(/\n(?!\n|#)/g, ""), size })),
  "a paragraph of many lines": documents(2, ["words that follow", "**on** `x`, and so", "a | b", "on"], 640),
  "a paragraph that turns into something else": documents(
    2,
    ["words that follow and on", "**on** `x`"],
    640,
    "",
    "\n===\nand a | table\n--|--\n1 | 2\n",
  ),
  "open code": documents(3, ["x = 1", "", "    return [1, 2]", "``", "| a |"], 600, "```py\n"),
  "closed code": documents(3, ["x = 1", "", "# comment"], 900, "~~~\n", "\n~~~\nand more"),
};

it.each(Object.entries(LONG))("renders %s the same, streamed and at once", (_, generated) => {
  for (const { text, size } of generated) {
    expect(shape(streamed(text, 20 * size)) === shape(oneShot(text)), text).toBe(true);
  }
});

it("shows the same as a view opened at that moment", () => {
  // Without references: a late view can resolve those that an early one has settled.
  const pieces = PIECES.filter((piece) => !piece.includes("ref"));
  for (const { text, size } of documents(60, pieces)) {
    const root = document.createElement("div");
    const markdown = new StreamingMarkdown(root);
    for (let end = size; end < text.length; end += size) {
      const late = document.createElement("div");
      new StreamingMarkdown(late).update(text.slice(0, end));
      markdown.update(text.slice(0, end));
      expect(shape(root), text.slice(0, end)).toBe(shape(late));
    }
  }
});
