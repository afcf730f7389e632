import { beforeEach, describe, expect, it, vi } from "vitest";
import highlight from "../../src/highlight";
import { EnhancerLoader } from "../../src/live/enhancer-loader";
import {
  type EnhancerSource,
  type Enhancers,
  type Highlight,
  readFormula,
} from "../../src/markdown/enhancers";
import { StreamingMarkdown } from "../../src/markdown/streaming/streaming-markdown";
import structured from "../../src/structured";
import typeset from "../../src/typeset";
import payloads from "../fixtures/payloads.json";

const all: Enhancers = { highlight, structured, typeset };
const ready: EnhancerSource = { get: async (name) => all[name] };
const CODE = "```python\ndef f(): return '<b>'\n```\n";

/** Enhancers load immediately in this test; work beyond one slice runs in later tasks. */
async function done(): Promise<void> {
  for (let slice = 0; slice < 3; slice++) await new Promise((resolve) => setTimeout(resolve));
}

async function shown(text: string, source = ready): Promise<HTMLElement> {
  const root = document.createElement("div");
  new StreamingMarkdown(root, source).finish(text);
  await done();
  return root;
}

describe("code", () => {
  it("is highlighted with the saved answer's classes and keeps its text", async () => {
    const code = (await shown(CODE)).querySelector("code");
    expect(code?.textContent).toBe("def f(): return '<b>'\n");
    expect(code?.querySelector(".orn-k")?.textContent).toBe("def");
    expect(code?.querySelector(".orn-s")?.textContent).toBe("'<b>'");
  });

  it("has a button that copies it and is not part of its text", async () => {
    const writeText = vi.fn(async () => {});
    vi.stubGlobal("navigator", { clipboard: { writeText } });
    const root = await shown(`${CODE}\n- item\n\n  \`\`\`\n  nested\n  \`\`\``);
    const buttons = root.querySelectorAll<HTMLButtonElement>("pre > button");
    expect(buttons.length).toBe(2);
    expect(root.textContent).not.toContain("Copy");
    buttons[1]?.click();
    expect(writeText).toHaveBeenCalledWith("nested\n");
    await done();
    expect(buttons[1]?.dataset.copied).toBe("");
    vi.unstubAllGlobals();
  });

  it("is selected by its button if the page has no clipboard", async () => {
    vi.stubGlobal("navigator", {});
    const root = await shown(CODE);
    document.body.append(root);
    root.querySelector("button")?.click();
    await done();
    expect(getSelection()?.toString()).toBe("def f(): return '<b>'\n");
    root.remove();
    vi.unstubAllGlobals();
  });

  it("is highlighted once, when its fence has closed", async () => {
    const root = document.createElement("div");
    const markdown = new StreamingMarkdown(root, ready);
    const text = `${CODE}\nand more text\n\nand more\n\nthe end`;
    let first: Node | null | undefined;
    for (let end = 1; end <= text.length; end++) {
      markdown.update(text.slice(0, end));
      await done();
      const coloured = root.querySelector(".orn-k");
      if (end < CODE.length - 4) expect(coloured).toBeNull();
      first ??= coloured;
    }
    markdown.finish(text);
    await done();
    expect(first).toBeTruthy();
    expect(root.querySelector(".orn-k")).toBe(first);
  });

  it("is highlighted again if late definitions cause a complete render", async () => {
    const root = document.createElement("div");
    const markdown = new StreamingMarkdown(root, ready);
    const text = `${CODE}\n[x][r]\n\ntext\n\n[r]: https://example.org\n\nend`;
    for (let end = 1; end <= text.length; end++) markdown.update(text.slice(0, end));
    markdown.finish(text);
    await done();
    expect(root.querySelector(".orn-k")?.textContent).toBe("def");
    expect(root.querySelector("a")?.textContent).toBe("x");
  });

  it.each([
    ["an unknown language", "```nosuch\ndef\n```"],
    ["no language", "```\ndef\n```"],
    ["more than anybody waits for", `\`\`\`python\n${"def f(): pass\n".repeat(5000)}\`\`\``],
  ])("stays plain for %s", async (_, text) => {
    expect((await shown(text)).querySelector("code span:not(.orn-lines)")).toBeNull();
  });

  it("of many lines is highlighted piece by piece, to the end", async () => {
    const code = "def f(x):\n    return 'text'\n".repeat(1500);
    const root = await shown(`\`\`\`python\n${code}\`\`\``);
    await expect.poll(() => root.querySelectorAll(".orn-k").length, { timeout: 20_000 }).toBe(3000);
    expect(root.querySelector("code")?.textContent === code).toBe(true);
  });

  it("stays plain if the module cannot be loaded or fails", async () => {
    const broken: EnhancerSource = { get: () => Promise.reject(new Error("gone")) };
    expect((await shown(CODE, broken)).querySelector("code")?.textContent).toContain("def f()");
    const lie: Highlight = () => () => [{ kind: "k", text: "other" }];
    const liar = { get: async () => lie } as unknown as EnhancerSource;
    expect((await shown(CODE, liar)).querySelector("code")?.textContent).toContain("def f()");
  });
});

describe("formulas", () => {
  it.each([
    ["so \\(a_b\\) holds", 0],
    ["so $a_b$ holds", 0],
    ["\\[x_1 = 2\\]", 1],
    ["$$\nE=mc^2\n$$", 1],
  ])("become MathML: %s", async (text, display) => {
    const root = await shown(text);
    expect(root.querySelectorAll(".orn-math > math")).toHaveLength(1);
    expect(root.querySelectorAll(".orn-display")).toHaveLength(display);
  });

  it.each(["from $5 to $10", "`$x$`", "$ x $", "a $x", "$$\nhalf", "\\$x\\$", "cost: $5, $6 and 7"])(
    "are not seen in %s",
    async (text) => {
      expect((await shown(text)).querySelector("math")).toBeNull();
    },
  );

  it.each([
    "\\href{javascript:alert(1)}{x}",
    "\\includegraphics{https://evil.example/x}",
    "\\rule{9999em}{9999em}",
    "\\htmlStyle{position:fixed}{x}",
    "\\renewcommand{\\x}{y}",
    "\\providecommand{\\x}{y}",
    "\\fcolorbox{red}{blue}{x}",
    "\\frac{",
    "\\nosuchmacro",
  ])("that reach beyond themselves or cannot be read stay source: %s", async (source) => {
    const root = await shown(`$${source}$`);
    expect(root.querySelector("math")).toBeNull();
    expect(root.textContent).toBe(`$${source}$`);
  });

  it("with a root stay source if the page cannot render one", async () => {
    expect((await shown("$\\sqrt{2}$")).textContent).toBe("$\\sqrt{2}$");
  });

  it("that define themselves recursively stay source", async () => {
    const bomb = "\\def\\a{\\a\\a}\\a";
    expect(readFormula(`$${bomb}$`)).toBeUndefined();
    expect(() => typeset(bomb, false)).toThrow();
  });
});

describe("attacks", () => {
  it("have no more effect with enhancers than without", async () => {
    for (const { text } of payloads as { text: string }[]) {
      const root = await shown(`${text}\n\n\`\`\`html\n${text}\n\`\`\`\n\n$${text.replaceAll("$", "")}$`);
      for (const element of root.querySelectorAll("*")) {
        expect(element.localName).not.toMatch(
          /^(?:script|iframe|object|embed|form|input|style|svg|link|meta|base)$/,
        );
        for (const { name, value } of element.attributes) {
          expect(name).not.toMatch(/^on|^(?:srcdoc|action|formaction|id)$/);
          if (/^(?:href|src|xlink:href)$/.test(name))
            expect(value).toMatch(/^(?:https?:|mailto:|data:image\/)/i);
          if (name === "style") expect(value).not.toMatch(/url\(|position/i);
        }
      }
    }
  });
});

describe("EnhancerLoader", () => {
  const KEY = Symbol.for("openrouter_nb.extras");

  beforeEach(() => {
    delete (globalThis as { [key: symbol]: unknown })[KEY];
  });

  it("requests once for all views of a page", () => {
    const asked: string[] = [];
    const [one, two] = [
      new EnhancerLoader((name) => asked.push(name)),
      new EnhancerLoader((name) => asked.push(name)),
    ];
    one.get("highlight");
    two.get("highlight");
    one.get("typeset");
    expect(asked).toEqual(["highlight", "typeset"]);
  });

  it("handles only enhancer modules", () => {
    const loader = new EnhancerLoader(() => {});
    for (const other of [
      null,
      1,
      {},
      { kind: "module" },
      { kind: "module", name: "live" },
      { kind: "delta" },
    ])
      expect(loader.receive(other)).toBe(false);
    expect(loader.receive({ kind: "module", name: "highlight" })).toBe(true);
  });

  it("lets another view request after the first is disposed", () => {
    const asked = vi.fn();
    const one = new EnhancerLoader(asked);
    one.get("highlight");
    one.dispose();
    new EnhancerLoader(asked).get("highlight");
    expect(asked).toHaveBeenCalledTimes(2);
  });
});

describe("the copied text of a selection", () => {
  function copied(root: HTMLElement, from: Node, to: Node): Record<string, string> {
    document.body.append(root);
    getSelection()?.setBaseAndExtent(from, 0, to, to.childNodes.length || (to.textContent?.length ?? 0));
    const data: Record<string, string> = {};
    const event = Object.assign(new Event("copy", { bubbles: true, cancelable: true }), {
      clipboardData: { setData: (type: string, value: string) => Object.assign(data, { [type]: value }) },
    });
    document.dispatchEvent(event);
    root.remove();
    return data;
  }

  it("has formulas as TeX, also if it ends within one", async () => {
    const root = await shown("Euler: $e^{i\\pi}+1=0$ holds.");
    expect(root.querySelector("math")).not.toBeNull();
    const whole = copied(root, root, root);
    expect(whole["text/html"]).toContain("Euler: $e^{i\\pi}+1=0$ holds.");
    const part = copied(root, root, root.querySelector("mi") as Element);
    expect(part["text/html"]).toContain("$e^{i\\pi}+1=0$");
  });

  it("has formulas that MathJax has typeset as TeX", () => {
    const root = document.createElement("p");
    const formula = document.createElement("span");
    formula.className = "orn-tex";
    formula.title = "x^2";
    formula.append(document.createElement("mjx-container"));
    root.append("so ", formula);
    expect(copied(root, root, root)["text/html"]).toContain("so $x^2$");
  });

  it("is left to the browser without formulas", async () => {
    const root = await shown("No formula.");
    expect(copied(root, root, root)).toEqual({});
  });
});
