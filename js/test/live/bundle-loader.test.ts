import { gzipSync } from "node:zlib";
import type { InitializeProps, RenderProps } from "@anywidget/types";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { delta, snapshot } from "../fixtures/messages";
import { FakeModel } from "./fake-model";

const SLOT = Symbol.for("openrouter_nb.live.3");
const page = globalThis as { [key: symbol]: unknown };

beforeEach(() => {
  delete page[SLOT];
  vi.resetModules();
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
});

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

const packed = (() => {
  const { buffer, byteOffset, byteLength } = gzipSync("the bundle");
  return new DataView(buffer, byteOffset, byteLength);
})();

/** Replace Blob URLs, which Node cannot import, by data URLs. */
async function evaluateAs(effect: string): Promise<string[]> {
  const unpacked: string[] = [];
  vi.spyOn(URL, "createObjectURL").mockImplementation((blob) => {
    (blob as Blob).text().then((text) => unpacked.push(text));
    return `data:text/javascript,${effect}`;
  });
  vi.spyOn(URL, "revokeObjectURL").mockImplementation(() => {});
  return unpacked;
}

async function startLoader(first = snapshot(), module?: DataView) {
  const { default: loader } = await import("../../src/live-loader");
  const model = new FakeModel(first, module);
  const el = document.createElement("div");
  const widget = loader();
  const { signal } = new AbortController();
  const dispose = widget.initialize({ model: model.proxy, signal } as InitializeProps);
  return {
    model,
    el,
    dispose,
    render: () => widget.render({ model: model.proxy, el } as unknown as RenderProps),
  };
}

describe("live loader", () => {
  it("delegates to the bundle that is already in the page", async () => {
    await import("../../src/live");
    const { model, el, render } = await startLoader();
    const close = await render();
    model.deliver(delta(1, { phase: "finished", text: "Hello" }));
    expect(el.querySelector(".orn-body")?.textContent).toBe("Hello");
    expect(model.sent).toEqual(["ready", "shown"]);
    vi.advanceTimersByTime(1000);
    expect(model.sent).not.toContain("module");
    close();
    expect(model.sent).toEqual(["ready", "shown", "shown", "closed"]);
  });

  it("asks for the module after 300 ms, and loses nothing in between", async () => {
    const { model, el, render } = await startLoader();
    const rendered = render();
    model.deliver(delta(1, { phase: "answering", text: "Hel" }));
    vi.advanceTimersByTime(299);
    expect(model.sent).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(model.sent).toEqual(["module"]);
    model.deliver(delta(2, { text: "lo" }));
    await import("../../src/live");
    await rendered;
    model.deliver(delta(3, { phase: "finished", text: "!" }));
    expect(el.querySelector(".orn-body")?.textContent).toBe("Hello!");
    expect(model.sent).toEqual(["module", "ready", "shown"]);
  });

  it("needs no resync for deltas that came on top of the snapshot while it waited", async () => {
    const { model, el, render } = await startLoader(snapshot({ seq: 7, phase: "answering", text: "seven" }));
    model.deliver(delta(8, { text: " eight" }));
    await import("../../src/live");
    await render();
    expect(model.sent).toEqual(["ready", "shown"]);
    model.deliver(delta(9, { phase: "finished" }));
    expect(el.querySelector(".orn-body")?.textContent).toBe("seven eight");
  });

  it("asks for nothing once the model is gone", async () => {
    const { model, dispose } = await startLoader();
    dispose();
    vi.advanceTimersByTime(1000);
    expect(model.sent).toEqual([]);
  });

  it("evaluates the module that the kernel sends", async () => {
    const { model } = await startLoader();
    const unpacked = await evaluateAs(`globalThis[Symbol.for("test.sent")] = true`);
    model.deliver({ kind: "module" }, [packed]);
    await vi.waitFor(() => expect(page[Symbol.for("test.sent")]).toBe(true));
    expect(unpacked).toEqual(["the bundle"]);
  });

  it("evaluates the module that it carries, and asks for none", async () => {
    await import("../../src/live");
    const unpacked = await evaluateAs(`globalThis[Symbol.for("test.carried")] = true`);
    const { model, render } = await startLoader(snapshot(), packed);
    await render();
    expect(page[Symbol.for("test.carried")]).toBe(true);
    expect(unpacked).toEqual(["the bundle"]);
    vi.advanceTimersByTime(1000);
    expect(model.sent).toEqual(["ready", "shown", "shown"]);
  });

  it("takes the newest bundle", async () => {
    await import("../../src/live");
    const older = (page[SLOT] as { factory: unknown }).factory;
    vi.resetModules();
    await import("../../src/live");
    expect((page[SLOT] as { factory: unknown }).factory).not.toBe(older);
  });
});
