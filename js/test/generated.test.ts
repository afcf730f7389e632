import { expect, it } from "vitest";
import { StreamingMarkdown } from "../src/render/streaming-markdown";
import { oneShot, shape, streamed } from "./dom";

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

/** Numbers that look random and are the same in every run. */
function generator(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

function* documents(count: number, pieces: readonly string[]) {
  for (let seed = 1; seed <= count; seed++) {
    const random = generator(seed);
    const lines = Array.from({ length: 4 + random(24) }, () => pieces[random(pieces.length)]);
    yield { text: lines.join("\n"), size: 1 + random(9) };
  }
}

it("draws generated documents the same, streamed in random sizes and at once", () => {
  for (const { text, size } of documents(400, PIECES)) {
    expect(shape(streamed(text, size)), text).toBe(shape(oneShot(text)));
  }
});

it("shows on the way what a view that opens at that moment shows", () => {
  // References are left out: a late view can resolve what an early one has settled.
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
