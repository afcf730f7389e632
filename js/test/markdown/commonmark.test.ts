import { tests } from "commonmark-spec";
import { describe, expect, it } from "vitest";
import { oneShot, shape, streamed } from "./rendered-dom";
import { normalised, ours } from "./spec-html";

interface Example {
  readonly markdown: string;
  readonly html: string;
  readonly section: string;
  readonly number: number;
}

const RAW_HTML = ["HTML blocks", "Raw HTML"];
const GFM = [
  "| a | b |\n|---|:-:|\n| 1 | 2 |\n| 3 | 4 |\n\nafter",
  "| a |\n|---|\n| `x\\|y` |\nnot a cell",
  "a | b\n--|--\n1 | 2",
  "text\n| a | b |\n|---|---|\n| 1 | 2 |",
  "- [ ] open\n- [x] done\n  - [ ] nested\n\n- [ ] loose",
  "~~gone~~ and ~one~",
  "www.example.com, https://example.com/a_b_c. And a@example.com!",
  "1. a\n\n2. b\n\n2024 was a year\n\n1. c\n10. d",
  "* a\n* b\n\n- c\n***\n- d\n- - e",
  "Setext\n-\n\nnot\n- list",
  "```js\nlet a = `x`;\n``\n```\n\n~~~\n```\n~~~\ntext",
  "<details>\n<summary>More **here**</summary>\n\ninside\n\n- a\n- b\n\n</details>\n\noutside",
  "<details>\n<summary>a</summary>\n\n<details>\n<summary>b</summary>\n\nx\n\n</details>\n\ny\n\n</details>",
  "- a\n- b\n- c\n\n  loose\n- d\n\n\n- e\ntext",
  "[late] and [late][]\n\nmore\n\n> [late]: https://example.com 'title'\n\nend [late]",
];

const examples = (tests as Example[]).filter(({ section }) => !RAW_HTML.includes(section));
const sources = [...examples.map(({ markdown }) => markdown.replaceAll("→", "\t")), ...GFM];

describe("CommonMark 0.31.2 and GFM", () => {
  it("renders every example the same, streamed by character and at once", () => {
    const different = sources.filter((source) => shape(streamed(source)) !== shape(oneShot(source)));
    expect(different).toEqual([]);
  });

  it("renders concatenated examples the same with any size of delta", () => {
    const document = sources.slice(300).join("\n\n");
    const expected = shape(oneShot(document));
    for (const size of [7, 64, 501]) expect(shape(streamed(document, size))).toBe(expected);
  });

  it("agrees with the HTML of the specification", () => {
    const wrong = examples.filter(({ markdown, html }) => {
      return ours(oneShot(markdown.replaceAll("→", "\t"))) !== normalised(html.replaceAll("→", "\t"));
    });
    const share = 1 - wrong.length / examples.length;
    console.info(
      `CommonMark: ${examples.length - wrong.length} of ${examples.length} = ${(100 * share).toFixed(1)} %`,
      `(not: ${wrong.map(({ number }) => number).join(" ")})`,
    );
    expect(share).toBeGreaterThanOrEqual(0.92);
  });
});
