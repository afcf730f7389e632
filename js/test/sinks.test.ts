import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

const STATIC = "../openrouter_nb/static";
const BASE = ["live.js", "live-loader.js", "playground.js", "playground-loader.js"].map((name) =>
  join(STATIC, name),
);
const EXTRAS = ["highlight.js", "typeset.js", "structured.js", "json-editor.js", "panel-views.js"].map(
  (name) => join(STATIC, name),
);
const LAB = "../openrouter_nb/labextension/static";
const LAB_BUNDLE = readdirSync(LAB).map((name) => join(LAB, name));
const BUNDLES = [...BASE, ...EXTRAS, ...LAB_BUNDLE];
const SOURCES = readdirSync("src", { recursive: true, encoding: "utf8" })
  .filter((name) => /\.tsx?$/.test(name))
  .map((name) => join("src", name));

const SINKS =
  /innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|DOMParser|createContextualFragment|setHTML/;
// esbuild includes modules with a relative name.
const NETWORK = /\bfetch\(|XMLHttpRequest|WebSocket|EventSource|sendBeacon|import\(["'`](?!\.)/;

describe("forbidden operations", () => {
  it.each([...SOURCES, ...BUNDLES])("%s parses no HTML, evaluates no string and fetches nothing", (path) => {
    const code = readFileSync(path, "utf8");
    expect(code.match(SINKS)?.[0]).toBeUndefined();
    expect(code.match(NETWORK)?.[0]).toBeUndefined();
  });

  it("has enhancers that depend on their text alone", async () => {
    const [highlight, typeset] = await Promise.all(
      EXTRAS.map(async (path) => {
        const text = readFileSync(path, "base64");
        return (await import(/* @vite-ignore */ `data:text/javascript;base64,${text}`)).default;
      }),
    );
    expect(highlight("python")("def f")[0]).toEqual({ kind: "k", text: "def" });
    const next = highlight("python");
    const pieces = ["a = 1\n'''from here\n", "to here''' + None\n"];
    expect(
      pieces.map((piece) =>
        next(piece)
          .map(({ kind }: { kind: string }) => kind)
          .join(" "),
      ),
    ).toEqual([" m  s", "s  k "]);
    expect(typeset("\\frac{1}{2}", true).localName).toBe("math");
  });

  it.each([...BASE, join(STATIC, "panel-views.js")])("%s stands alone", (path) => {
    const code = readFileSync(path, "utf8");
    expect(code.match(/\bimport\s*[{*"'\w]|\bfrom\s*["']/)?.[0]).toBeUndefined();
  });

  it("stays small: the loaders are saved with each view, and a page receives the bundles once, compressed", () => {
    expect(statSync(join(STATIC, "live-loader.js")).size).toBeLessThan(1000);
    expect(statSync(join(STATIC, "live.js")).size).toBeLessThanOrEqual(86_000);
    expect(statSync(join(STATIC, "playground.js")).size).toBeLessThanOrEqual(131_120);
    expect(statSync(join(STATIC, "panel-views.js")).size).toBeLessThanOrEqual(40 * 1024);
    for (const path of LAB_BUNDLE) expect(statSync(path).size).toBeLessThanOrEqual(20_000);
  });
});
