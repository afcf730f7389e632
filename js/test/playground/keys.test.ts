import { describe, expect, it } from "vitest";
import type { ThreadItem } from "../../src/playground/protocol";
import { FakeKernel, item, spec } from "./fake-kernel";
import { drawn, find, mounted, named, press, type } from "./mounted-panel";

const call = { id: "c", name: "weather", arguments: "{}", state: "waiting" as const };
const answer: ThreadItem = {
  id: "m2",
  role: "assistant",
  cards: [{ column: null, parts: [], branch: { index: 0, count: 1 }, tool_calls: [call] }],
};

async function panel() {
  const kernel = new FakeKernel({
    param_specs: [spec("stop", "chips"), spec("metadata", "table"), spec("seed", "number")],
    params: { stop: ["one"], metadata: { a: "b" }, seed: 1 },
    thread: [item("m1", "user", "Hi"), answer],
  });
  const { root } = mounted(kernel);
  await drawn();
  for (const head of root.querySelectorAll<HTMLElement>("details:not([open]) > summary")) head.click();
  await drawn();
  return { kernel, root };
}

describe("keys of an input method", () => {
  it("are left to it in each field", async () => {
    const { kernel, root } = await panel();
    named(root, "Presets").click();
    await drawn();
    for (const button of [find(root, "[role=menuitem]"), named(root, "Edit"), named(root, "Edit…")]) {
      button.click();
      await drawn();
    }
    const fields = [...root.querySelectorAll<HTMLInputElement>("textarea, input[type=text]")];
    expect(fields.length).toBeGreaterThan(6);
    for (const field of fields) {
      if (field.value === "") type(field, "にほん");
      await drawn();
      const before = field.value;
      const sent = kernel.ops().length;
      const keys = [
        { key: "Enter" },
        { key: "Enter", ctrlKey: true },
        { key: "Escape" },
        { key: "ArrowUp" },
        { key: "ArrowUp", altKey: true },
      ];
      field.dispatchEvent(new Event("compositionstart", { bubbles: true }));
      field.dispatchEvent(new Event("compositionend", { bubbles: true }));
      for (const key of keys) {
        // Safari ends the composition before the key that ends it.
        press(field, key.key, { ...key, keyCode: 229 });
        press(field, key.key, { ...key, isComposing: true });
      }
      await drawn();
      expect([field.isConnected, field.value, kernel.ops().length]).toEqual([true, before, sent]);
    }
  });
});

describe("Ctrl+S and Cmd+S", () => {
  it.each([
    { key: "s", ctrlKey: true, keyCode: 83 },
    { key: "s", metaKey: true, keyCode: 83 },
    { key: "ы", ctrlKey: true, keyCode: 83 },
  ])("reach the notebook instead of the browser: %o", async (init) => {
    const { root } = await panel();
    const notebook = document.createElement("div");
    notebook.className = "jp-Notebook";
    root.before(notebook);
    notebook.append(root);
    const heard: KeyboardEvent[] = [];
    notebook.addEventListener("keydown", (event) => heard.push(event));
    for (const field of [find(root, ".orn-input"), named(root, "Model"), find(root, ".orn-pg")]) {
      expect(press(field, init.key, init).defaultPrevented).toBe(true);
      expect(heard.pop()).toMatchObject({ ...init, target: notebook });
    }
    press(find(root, ".orn-input"), "a", { ctrlKey: true });
    expect(heard).toEqual([]);
    notebook.remove();
  });

  it("reach the listeners of other frontends", async () => {
    const { root } = await panel();
    const heard: Event[] = [];
    root.addEventListener("keydown", (event) => heard.push(event));
    const event = press(find(root, ".orn-input"), "s", { ctrlKey: true });
    expect(heard).toEqual([event]);
  });
});
