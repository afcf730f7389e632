import { describe, expect, it } from "vitest";
import payloads from "../fixtures/payloads.json";
import { oneShot, streamed } from "./rendered-dom";

const ELEMENTS = new Set(
  (
    "P H1 H2 H3 H4 H5 H6 UL OL LI BLOCKQUOTE PRE CODE HR TABLE THEAD TBODY TR TH TD DIV SPAN A STRONG EM DEL BR " +
    "SUB SUP KBD MARK DETAILS SUMMARY IMG"
  ).split(" "),
);
const ATTRIBUTES = new Set(["class", "href", "rel", "target", "title", "start", "src", "alt", "dir"]);

/** Return all active or unlisted elements and attributes of the tree. */
function dangers(root: Element): string[] {
  const found: string[] = [];
  for (const element of root.querySelectorAll("*")) {
    if (!ELEMENTS.has(element.tagName)) found.push(`<${element.tagName}>`);
    for (const { name, value } of element.attributes) {
      if (!ATTRIBUTES.has(name)) found.push(`${element.tagName} ${name}`);
      if (name === "href" && !/^(?:https?:\/\/|mailto:)/i.test(value)) found.push(`href ${value}`);
      if (name === "src" && !/^data:image\/(?:png|jpeg|webp|gif);base64,/.test(value))
        found.push(`src ${value}`);
    }
    if (element.tagName === "A" && element.getAttribute("rel") !== "noopener noreferrer nofollow") {
      found.push("a without rel");
    }
  }
  return found;
}

describe("HTML injection", () => {
  it("has enough payloads to mean something", () => {
    expect(payloads.length).toBeGreaterThanOrEqual(58);
  });

  it.each(payloads)("$id leaves only harmless nodes, at every step of the stream", ({ text }) => {
    const found = new Set<string>();
    const root = streamed(text, 4, (partial) => {
      for (const danger of dangers(partial)) found.add(danger);
    });
    for (const danger of dangers(root)) found.add(danger);
    expect([...found]).toEqual([]);
  });

  it("does not make a nested document deep enough to overflow a stack", () => {
    for (const text of ["> ".repeat(500), "- ".repeat(500), "<details>\n\n".repeat(500), "*_".repeat(2000)]) {
      let depth = 0;
      for (let at = oneShot(`${text}x`).querySelector("*:not(:has(*))"); at; at = at.parentElement) depth++;
      expect(depth).toBeLessThan(120);
    }
  });

  it("shows an image that is part of the answer, and no other", () => {
    const image = "![a *b*](data:image/png;base64,iVBORw0KGgo=)";
    expect(oneShot(image).querySelector("img")?.getAttribute("alt")).toBe("a b");
    const remote = oneShot("![chart](https://evil.example/x.png?q=1)");
    expect(remote.querySelector("img")).toBeNull();
    expect(remote.textContent).toBe("🖼 evil.example · chart");
    const big = `![x](data:image/png;base64,${"A".repeat(2 * 1024 * 1024)})`;
    expect(oneShot(big).querySelector("img")).toBeNull();
  });
});
