import { describe, expect, it } from "vitest";
import type { Traits } from "../../src/playground/protocol";
import { card, column, FakeKernel, item, spec } from "./fake-kernel";
import { drawn, find, mounted, named, press, type } from "./mounted-panel";

/** Run the tasks that a browser runs before the next key: no frame, no timer. */
async function beforeNextKey(): Promise<void> {
  for (let turn = 0; turn < 50; turn++) await Promise.resolve();
}

async function panelWith(traits: Partial<Traits>) {
  const kernel = new FakeKernel(traits);
  const { root, panel, focusTarget } = mounted(kernel);
  await drawn();
  return { kernel, root, panel, focusTarget, focused: () => document.activeElement };
}

const PRESETS: Traits["presets"] = { names: ["mine"], current: "", changed: false, folder: "~/presets" };

describe("the focus is where the next key belongs", () => {
  it("when a menu opens, and what comes into it later does not take it away", async () => {
    const { kernel, root, focused } = await panelWith({ presets: PRESETS });
    named(root, "Presets").click();
    await beforeNextKey();
    const first = find(root, "[role=menuitem]");
    expect(focused()).toBe(first);
    press(first, "ArrowDown");
    const second = find(root, "[role=menuitemcheckbox]");
    expect(focused()).toBe(second);
    kernel.set({ presets: { ...PRESETS, names: ["mine", "yours"] } });
    await beforeNextKey();
    expect(root.querySelectorAll("[role=menuitemcheckbox]")).toHaveLength(2);
    expect(focused()).toBe(second);
  });

  it("when a press elsewhere follows at once, the menu closes", async () => {
    const { root } = await panelWith({});
    named(root, "Presets").click();
    await beforeNextKey();
    document.body.dispatchEvent(new Event("pointerdown", { bubbles: true }));
    await beforeNextKey();
    expect(root.querySelector("[role=menu]")).toBeNull();
  });

  it("when the focus moves elsewhere, the menu closes", async () => {
    const { root, focused } = await panelWith({ presets: PRESETS });
    named(root, "Presets").click();
    await beforeNextKey();
    named(root, "Model").focus();
    await beforeNextKey();
    expect(root.querySelector("[role=menu]")).toBeNull();
    expect(focused()).toBe(named(root, "Model"));
  });

  it("when a column is created, before the kernel replies and after it", async () => {
    const { kernel, root, focused } = await panelWith({});
    kernel.answers = false;
    named(root, "Compare").focus();
    named(root, "Compare").click();
    await beforeNextKey();
    const field = named(root, "Model 2");
    expect(focused()).toBe(field);
    type(field, "demo/e");
    const { new_id } = kernel.ops().at(-1) as { new_id: string };
    kernel.set({ columns: [column("c1", "demo/tour"), column(new_id, "demo/tour")] });
    kernel.ack(kernel.lastId);
    await drawn();
    expect(focused()).toBe(field);
    expect((field as HTMLInputElement).value).toBe("demo/e");
    expect(root.querySelectorAll(".orn-chosen")).toHaveLength(2);
  });

  it("when the kernel refuses a column, which is removed", async () => {
    const { kernel, root, focused } = await panelWith({});
    kernel.problems.add_column = "There is room for 4 models side by side.";
    named(root, "Compare").focus();
    named(root, "Compare").click();
    await drawn();
    expect(root.querySelectorAll(".orn-chosen")).toHaveLength(1);
    expect(find(root, "[role=alert]").textContent).toContain("room for 4");
    expect(root.contains(focused())).toBe(true);
  });

  it("when a message is created by a button that is removed", async () => {
    const { kernel, root, focused } = await panelWith({ thread: [item("m1", "user", "Hi")] });
    kernel.answers = false;
    named(root, "Add a system message").focus();
    named(root, "Add a system message").click();
    await beforeNextKey();
    const area = find<HTMLTextAreaElement>(root, ".orn-role-system textarea");
    expect(focused()).toBe(area);
    expect(root.querySelector(".orn-add-system")).toBeNull();
    type(area, "Be br");
    const { new_id } = kernel.ops().at(-1) as { new_id: string };
    kernel.set({ thread: [item(new_id, "system", ""), item("m1", "user", "Hi")] });
    kernel.ack(kernel.lastId);
    await drawn();
    expect(focused()).toBe(area);
    expect(area.value).toBe("Be br");
    press(area, "Enter", { ctrlKey: true });
    await drawn();
    expect(kernel.ops().at(-1)).toEqual({ kind: "op", op: "edit_message", item: new_id, text: "Be br" });
  });

  it("when the items of a menu arrive after the keys for them", async () => {
    const { kernel, root, focused } = await panelWith({});
    kernel.answers = false;
    const opener = named(root, "Variable");
    opener.focus();
    opener.click();
    await beforeNextKey();
    const menu = find(root, "[role=menu]");
    expect(focused()).toBe(menu);
    for (const key of ["ArrowDown", "ArrowDown", "ArrowUp", "Enter"]) press(menu, key);
    const asked = kernel.lastId;
    kernel.answers = true;
    const variables = ["one", "two", "three"].map((name) => ({ name, about: "" }));
    kernel.deliver({ kind: "reply", id: asked, problem: "", value: { variables } });
    await drawn();
    expect(kernel.ops().at(-1)).toMatchObject({ op: "attach", variable: "two" });
    expect(focused()).toBe(opener);
  });

  it("when a press elsewhere follows the keys for items that have not arrived: a choice counts", async () => {
    const { kernel, root, focused } = await panelWith({});
    const area = find(root, "textarea");
    const reply = async () => {
      const variables = ["one", "two", "three"].map((name) => ({ name, about: "" }));
      kernel.deliver({ kind: "reply", id: kernel.lastId, problem: "", value: { variables } });
      await drawn();
    };
    for (const [keys, chosen] of [
      [["ArrowDown", "Enter"], [expect.objectContaining({ op: "attach", variable: "two" })]],
      [["ArrowDown"], []],
      [[], []],
    ] as const) {
      const before = kernel.ops().length;
      kernel.answers = false;
      named(root, "Variable").click();
      await beforeNextKey();
      for (const key of keys) press(find(root, "[role=menu]"), key);
      area.dispatchEvent(new Event("pointerdown", { bubbles: true }));
      area.focus();
      await reply();
      expect(kernel.ops().slice(before)).toEqual(chosen);
      expect(root.querySelector("[role=menu]")).toBeNull();
      expect(focused()).toBe(area);
    }
  });

  it.each([
    ["goes to the end of the conversation", "]", '[{"role": "user"}]'],
    ["replaces the conversation if it is JSON", "[]", "[]"],
  ])(
    "when the conversation is edited as JSON: text that comes before it %s",
    async (_what, typed, expected) => {
      const { kernel, root, panel } = await panelWith({ thread: [item("m1", "user", "Hi")] });
      kernel.answers = false;
      panel.isJson.value = true;
      await beforeNextKey();
      const area = find<HTMLTextAreaElement>(root, ".orn-thread-json textarea");
      type(area, typed);
      await drawn();
      const [asked] = kernel.sent.filter(({ ask }) => ask === "thread_json");
      const value = expected === "[]" ? '[{"role": "user"}]' : '[{"role": "user"}';
      kernel.deliver({ kind: "reply", id: asked?.id, problem: "", value });
      await drawn();
      expect(area.value).toBe(expected);
    },
  );

  it("when the kernel replies while a name is typed", async () => {
    const tool = { type: "function", function: { name: "weather", description: "", parameters: {} } };
    const { kernel, root } = await panelWith({
      param_specs: [spec("tools", "tools", { group: "Tools" })],
      params: { tools: [tool] },
    });
    const group = root.querySelector<HTMLDetailsElement>("details.orn-group");
    if (group) group.open = true;
    await drawn();
    const field = named(root, "Description for the model") as HTMLInputElement;
    field.focus();
    type(field, "Looks up the wea");
    kernel.set({ params: { tools: [structuredClone(tool)] }, policies: {} });
    await drawn();
    expect(field.value).toBe("Looks up the wea");
  });

  it("when a message is edited", async () => {
    const { root, focused } = await panelWith({ thread: [item("m1", "user", "Helo")] });
    named(root, "Edit").click();
    await beforeNextKey();
    expect(focused()).toBe(find(root, ".orn-message textarea"));
  });

  it("when the arguments of a tool are edited", async () => {
    const call = { id: "c", name: "weather", arguments: "{}", state: "waiting" as const };
    const { root, focused } = await panelWith({
      thread: [
        item("m1", "user", "Hi"),
        { id: "m2", role: "assistant", cards: [card("", { tool_calls: [call] })] },
      ],
    });
    named(root, "Edit…").click();
    await beforeNextKey();
    expect(focused()).toBe(find(root, ".orn-tool textarea"));
  });

  it("when Escape leaves the arguments of a tool as they were", async () => {
    const call = { id: "c", name: "weather", arguments: "{}", state: "waiting" as const };
    const answer = { id: "m2", role: "assistant" as const, cards: [card("", { tool_calls: [call] })] };
    const { kernel, root, focused } = await panelWith({ thread: [item("m1", "user", "Hi"), answer] });
    named(root, "Edit…").click();
    await beforeNextKey();
    expect(press(find(root, ".orn-tool textarea"), "Escape").defaultPrevented).toBe(true);
    await beforeNextKey();
    expect(root.querySelector(".orn-tool textarea")).toBeNull();
    expect(focused()).toBe(find(root, ".orn-tool summary"));
    expect(kernel.ops()).toEqual([]);
  });

  it("when an error names a collapsed parameter that is unset", async () => {
    const rows = [spec("temperature", "text"), spec("top_a", "text", { advanced: true, group: "Sampling" })];
    const { root, focusTarget, focused } = await panelWith({ param_specs: rows });
    expect(root.querySelector("[data-param=top_a]")).toBeNull();
    focusTarget.value = { field: "top_a" };
    await beforeNextKey();
    expect(focused()).toBe(find(root, "[data-param=top_a] input"));
    await drawn();
    expect(focused()).toBe(find(root, "[data-param=top_a] input"));
  });

  it("when a column is added, and when an error says that a column's model is wrong", async () => {
    const models = [column("c1", "a/a"), column("c2", "a/a")];
    const { root, focusTarget, focused } = await panelWith({ columns: models });
    focusTarget.value = { column: "c2" };
    await beforeNextKey();
    expect(focused()).toBe(named(root, "Model 2"));
    expect(focusTarget.value).toBeUndefined();
  });

  it("while a preset is named, despite kernel updates, and afterwards", async () => {
    const { kernel, root, focused } = await panelWith({ presets: PRESETS, columns: [column("c1", "a/a")] });
    named(root, "Presets").click();
    await beforeNextKey();
    find(root, "[role=menuitem]").click();
    await beforeNextKey();
    const field = named(root, "Name of the preset");
    expect(focused()).toBe(field);
    type(field, "cool");
    kernel.set({ presets: { ...PRESETS, changed: true } });
    await beforeNextKey();
    expect((field as HTMLInputElement).value).toBe("cool");
    press(field, "Enter");
    await beforeNextKey();
    expect(kernel.ops()).toEqual([{ kind: "op", op: "preset_save", name: "cool" }]);
    expect(focused()).toBe(named(root, "Presets"));
  });

  it("when Escape leaves a preset without a name", async () => {
    const { kernel, root, focused } = await panelWith({ presets: PRESETS });
    named(root, "Presets").click();
    await beforeNextKey();
    find(root, "[role=menuitem]").click();
    await beforeNextKey();
    type(named(root, "Name of the preset"), "cool");
    press(named(root, "Name of the preset"), "Escape");
    await beforeNextKey();
    expect(kernel.ops()).toEqual([]);
    expect(focused()).toBe(named(root, "Presets"));
  });
});
