import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { oneShot, shape, streamed } from "./rendered-dom";

const CASES: [string, string[]][] = JSON.parse(readFileSync("../tests/fixtures/bare_urls.json", "utf8"));

describe("bare URLs", () => {
  it.each(CASES)("links as in saved answers: %s", (markdown, urls) => {
    const root = oneShot(markdown);
    expect([...root.querySelectorAll("a")].map((link) => link.getAttribute("href"))).toEqual(urls);
    expect(shape(streamed(markdown))).toEqual(shape(root));
  });

  it("takes linear time", () => {
    for (const piece of ["https://", "https://a(", "https://a)", "https://a.b_", "http:"]) {
      const root = oneShot(`${piece.repeat(1000)} end`);
      expect(root.textContent).toContain("end");
    }
  });
});
