import { describe, expect, it } from "vitest";
import { oneShot, streamed } from "./rendered-dom";

const TEXT =
  "# Title\n\nمرحبا! `pip` $x$\n\n- واحد\n\n  two\n\n> quote\n\n| a |\n|---|\n| b |\n\n```\ncode\n```\n\n" +
  "<details>\n<summary>More</summary>\n\ninside\n\n</details>\n\nThe end.";

function directions(root: Element): string[] {
  return [...root.querySelectorAll<HTMLElement>("*")]
    .filter(({ dir }) => dir)
    .map((e) => `${e.localName} ${e.dir}`);
}

describe("the direction of a text", () => {
  it("is decided by block, and code and formulas are left to right", () => {
    expect(directions(oneShot(TEXT))).toEqual([
      "h1 auto",
      "p auto",
      "code ltr",
      "span ltr",
      "ul auto",
      "blockquote auto",
      "div auto",
      "pre ltr",
      "p auto",
      "p auto",
    ]);
  });

  it("is the same while the text arrives", () => {
    expect(directions(streamed(TEXT, 3))).toEqual(directions(oneShot(TEXT)));
  });
});
