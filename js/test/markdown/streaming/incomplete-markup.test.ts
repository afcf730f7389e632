import { describe, expect, it } from "vitest";
import { StreamingMarkdown } from "../../../src/markdown/streaming/streaming-markdown";
import { oneShot, shape, streamed } from "../rendered-dom";

function seen(text: string, selector: string): string[] {
  const states: string[] = [];
  streamed(text, 1, (root) => {
    for (const element of root.querySelectorAll(selector)) states.push(element.textContent ?? "");
  });
  return states;
}

describe("incomplete Markdown", () => {
  it("does not flash a paragraph as a heading when a list begins below it", () => {
    expect(seen("Some points:\n- one\n- two", "h1, h2")).toEqual([]);
    expect(seen("Some points:\n\n- one\n  - two\n- three", "h1, h2")).toEqual([]);
  });

  it("does not show the header of a table as text", () => {
    expect(seen("| a | b |\n|---|:-:|\n| 1 | 2 |\n", "p")).toEqual([]);
    expect(
      seen("Here:\n| a | b |\n|---|---|\n| 1 | 2 |\n", "p").filter((text) => text.includes("|")),
    ).toEqual([]);
  });

  it("shows a line that only looks like a table once the next line has begun", () => {
    expect(seen("|x| is the norm\nof x", "p").at(-1)).toContain("|x| is the norm");
  });

  it("keeps a link inert until the text has moved past it", () => {
    const hrefs = new Set<string | null>();
    streamed("see https://example.com/long/path now [here](https://example.com/a).", 1, (root) => {
      for (const link of root.querySelectorAll("a")) hrefs.add(link.getAttribute("href"));
    });
    expect([...hrefs]).toEqual(["https://example.com/long/path", "https://example.com/a"]);
  });

  it("never shows the source of a link", () => {
    expect(seen("a [label](https://example.com) b", "p").filter((text) => /[[\]]|https/.test(text))).toEqual(
      [],
    );
  });

  it("shows emphasis and code while they are still open", () => {
    expect(seen("a **bold text** and `code b` end", "p").filter((text) => /[*`]/.test(text))).toEqual([]);
  });

  it("leaves formulas as source", () => {
    const text = "Euler: \\(e^{i\\pi}_a * b_c\\) and \\[\\int_0^1 x\\,dx\\] and $$a_b*c*d$$, for $5.";
    expect(oneShot(text).textContent?.trim()).toBe(text);
    expect(oneShot(text).querySelector("em")).toBeNull();
  });

  it("shows all text at the end", () => {
    for (const text of ["a\n-", "| a |", "**", "[x](y", "text `", "1.", "a [b"]) {
      const squeezed = (root: HTMLElement) => root.textContent?.replace(/\s/g, "");
      expect(squeezed(streamed(text))).toBe(squeezed(oneShot(text)));
      expect(shape(streamed(text))).toBe(shape(oneShot(text)));
    }
  });

  it("appends to the code of an open fence", () => {
    const root = document.createElement("div");
    const markdown = new StreamingMarkdown(root);
    markdown.update("```py\na = 1\n");
    const code = root.querySelector("code")?.firstChild;
    markdown.update("```py\na = 1\nb = 2\n``");
    expect(root.querySelector("code")?.firstChild).toBe(code);
    expect(code?.textContent).toBe("a = 1\nb = 2\n");
    markdown.update("```py\na = 1\nb = 2\n```\n\ntext");
    expect(root.querySelector("code")?.firstChild).toBe(code);
    expect(root.querySelector("p")?.textContent).toBe("text");
  });

  it("resolves references that are defined late", () => {
    const root = streamed("see [a] and [a]\n\nmore\n\n[a]: https://example.com/a\n");
    expect(root.querySelectorAll("a").length).toBe(2);
  });

  it("keeps settled nodes", () => {
    const root = document.createElement("div");
    const markdown = new StreamingMarkdown(root);
    markdown.update("# Title\n\nOne\n\nTwo");
    const before = [...root.childNodes];
    markdown.update("# Title\n\nOne\n\nTwo words\n\n- a");
    expect([...root.childNodes].slice(0, 3)).toEqual(before);
  });

  it("starts over with another text", () => {
    const root = document.createElement("div");
    const markdown = new StreamingMarkdown(root);
    markdown.update("# Title\n\nOne\n\nTwo");
    markdown.update("Another");
    expect(shape(root)).toBe(shape(oneShot("Another")));
  });
});
