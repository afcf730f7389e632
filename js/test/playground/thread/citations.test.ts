import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { Citation, CitationMarks } from "../../../src/playground/protocol";
import { type CitationSources, withCitationSigns } from "../../../src/playground/thread/citations";
import { oneShot, shape } from "../../markdown/rendered-dom";
import { FakeKernel, item } from "../fake-kernel";
import { drawn, find, mounted } from "../mounted-panel";

interface Case {
  says: string;
  text: string;
  citations: Citation[];
  marks: CitationMarks;
  drawn: string;
}

/** The kernel's half of these cases: tests/unit/playground/test_citations.py. */
const { cases, places } = JSON.parse(
  readFileSync("../tests/fixtures/playground/marks.json", "utf8"),
) as unknown as { cases: Case[]; places: { text: string; allowed: number[] }[] };

/** Return the text, its marks with their URLs. */
function read(root: Element): string {
  const copy = root.cloneNode(true) as Element;
  for (const link of copy.querySelectorAll(".orn-mark a")) link.append(`(${link.getAttribute("href")})`);
  return (copy.textContent ?? "").trim();
}

const answer = (text: string, { citations, marks }: CitationSources) =>
  item("m2", "assistant", text, { column: "c1", citations, marks });

describe("marks of sources", () => {
  it.each(cases)("are at the kernel's positions: $says", async ({ text, drawn: expected, ...sources }) => {
    const { root } = mounted(new FakeKernel({ thread: [answer(text, sources)] }));
    await drawn();
    expect(read(find(root, ".orn-markdown"))).toBe(expected);
  });

  it.each(cases)("are added to a rendered answer: $says", async ({ text, ...rest }) => {
    const { drawn: expected, ...sources } = rest;
    const kernel = new FakeKernel({ thread: [item("m2", "assistant", text, { column: "c1" })] });
    const { root } = mounted(kernel);
    await drawn();
    const paragraph = find(root, ".orn-markdown > p");
    expect(root.querySelector(".orn-mark")).toBeNull();
    kernel.set({ thread: [answer(text, sources)] });
    await drawn();
    expect(read(find(root, ".orn-markdown"))).toBe(expected);
    expect(find(root, ".orn-markdown > p")).toBe(paragraph);
    kernel.set({ thread: [answer(text, sources)] });
    await drawn();
    expect(read(find(root, ".orn-markdown"))).toBe(expected);
    kernel.set({ thread: [item("m2", "assistant", `${text} More.`, { column: "c1" })] });
    await drawn();
    expect(root.querySelector(".orn-markdown [href]:not([href='https://a.example/x'])")).toBeNull();
  });

  it.each(places)("do not change other text: $text", ({ text, allowed }) => {
    const shown = (marks: CitationMarks) => {
      const root = oneShot(withCitationSigns(text, { citations: [], marks }));
      for (const mark of root.querySelectorAll(".orn-mark")) mark.remove();
      root.normalize();
      return shape(root);
    };
    for (const at of allowed) expect(shown([[at, 1]])).toBe(shown([]));
  });

  it("are links that cannot tell where they were pressed", async () => {
    const [{ text, ...sources }] = cases as [Case];
    const { root } = mounted(new FakeKernel({ thread: [answer(text, sources)] }));
    await drawn();
    const link = find<HTMLAnchorElement>(root, ".orn-mark a");
    expect([link.target, link.rel, link.title]).toEqual(["_blank", "noopener noreferrer nofollow", "Gems"]);
  });
});
