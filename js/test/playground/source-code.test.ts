import { beforeEach, describe, expect, it, vi } from "vitest";
import highlight from "../../src/highlight";
import { pageEnhancers } from "../../src/live/enhancer-loader";
import { readableJson } from "../../src/playground/tabs/source-code";
import { FakeKernel } from "./fake-kernel";
import { drawn, find, mounted, named } from "./mounted-panel";
import { servePanelViews } from "./panel-views";

const BODY = { model: "demo/tour", messages: [{ role: "user", content: 'One.\n\tTwo \\n "three".' }] };

describe("code and raw", () => {
  beforeEach(() => {
    Object.assign(pageEnhancers(), { highlight: Promise.resolve(highlight) });
  });

  async function tab(name: "raw" | "code") {
    const kernel = new FakeKernel();
    await servePanelViews(kernel);
    kernel.replies.request = {
      requests: [{ column: "c1", url: "http://127.0.0.1", headers: { a: "b" }, body: BODY, problem: "" }],
    };
    kernel.replies.code = { text: "import os  # first\n", language: "python", note: "" };
    const { root } = mounted(kernel);
    await drawn();
    find(root, `[data-tab=${name}]`).click();
    await drawn();
    await vi.waitFor(() => expect(find(root, "pre.orn-code > span")).toBeDefined());
    return { root, kernel };
  }

  it("have colors", async () => {
    const { root } = await tab("code");
    expect(find(root, "pre").textContent).toBe("import os  # first\n");
    expect(find(root, "pre > .orn-k").textContent).toBe("import");
    expect(find(root, "pre > .orn-c").textContent).toBe("# first");
  });

  it("show the line breaks of a text, and copy the JSON itself", async () => {
    const { root } = await tab("raw");
    const writeText = vi.fn(async () => {});
    Object.defineProperty(navigator, "clipboard", { value: { writeText }, configurable: true });
    expect(find(root, "pre").textContent).toBe(readableJson(BODY));
    const colored = [...root.querySelectorAll("pre > .orn-s")].map(({ textContent }) => textContent);
    expect(colored.some((text) => text?.includes("One.") && text.includes("Two"))).toBe(true);
    named(root, "Copy Next request 1").click();
    expect(writeText).toHaveBeenCalledWith(JSON.stringify(BODY, null, 2));
  });

  it("indents the lines of a text, and leaves other escapes", () => {
    expect(readableJson(BODY).split("\n").slice(3, 9)).toEqual([
      "    {",
      '      "role": "user",',
      '      "content": "One.',
      '        \tTwo \\\\n \\"three\\"."',
      "    }",
      "  ]",
    ]);
    expect(readableJson(undefined)).toBe("");
  });
});
