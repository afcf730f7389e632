import { Lexer } from "marked";
import { describe, expect, it, vi } from "vitest";
import { StreamingMarkdown } from "../../src/markdown/streaming/streaming-markdown";
import { oneShot } from "./rendered-dom";

const SECTION = [
  "## Section\n\nA paragraph with **bold**, `code` and a [link](https://example.com) that runs on for a while.",
  "- item one\n- item two\n  - nested\n    - deeper\n- item three",
  "| a | b | c |\n|---|--:|:-:|\n| 1 | 2 | 3 |\n| 4 | 5 | 6 |",
  "```python\ndef f(x):\n    return x + 1\n```",
  "> A quote that says something.\n\n",
].join("\n\n");

const SHAPES = {
  "a mixed document": SECTION.repeat(260),
  "one list": "- an item with **some** text in it\n".repeat(2000),
  "one table": `| a | b |\n|---|---|\n${"| one cell | another |\n".repeat(2000)}`,
  "one fence": `\`\`\`js\n${"const a = 1; // and so on\n".repeat(3000)}`,
};
const DELTA = 32;

/** Characters lexed and nodes created, which dominate the run time. */
function work(run: () => void): { chars: number; nodes: number } {
  let chars = 0;
  const lex = vi.spyOn(Lexer.prototype, "lex");
  const elements = vi.spyOn(document, "createElement");
  const texts = vi.spyOn(document, "createTextNode");
  run();
  for (const [source] of lex.mock.calls) chars += source.length;
  const nodes = elements.mock.calls.length + texts.mock.calls.length;
  vi.restoreAllMocks();
  return { chars, nodes };
}

describe("cost of a delta", () => {
  it.each(Object.entries(SHAPES))(
    "%s costs less than a twentieth of drawing it all again",
    (_, text) => {
      const full = work(() => oneShot(text));
      const markdown = new StreamingMarkdown(document.createElement("div"));
      let deltas = 0;
      const stream = work(() => {
        for (let end = DELTA; end < text.length; end += DELTA, deltas++) markdown.update(text.slice(0, end));
      });
      // Rendering an evenly growing text completely each time costs half of its final size on average.
      expect(stream.chars / deltas / (full.chars / 2)).toBeLessThan(0.05);
      expect(stream.nodes / deltas / (full.nodes / 2 + 1)).toBeLessThan(0.05 + 20 / full.nodes);
    },
    60_000,
  );

  it("stays bounded for an unrealistically long paragraph, which is shown as text", () => {
    expect(oneShot("**a** ".repeat(1000)).querySelectorAll("strong")).toHaveLength(1000);
    const long = "**a** ".repeat(20_000);
    const shown = oneShot(`${long}\n\n**b**`);
    expect(shown.firstElementChild?.textContent?.trimEnd() === long.trimEnd()).toBe(true);
    expect(shown.querySelectorAll("strong")).toHaveLength(1);
  });
});
