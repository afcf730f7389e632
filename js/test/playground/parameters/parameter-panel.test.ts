import { beforeEach, describe, expect, it } from "vitest";
import type { Json, Spec } from "../../../src/playground/protocol";
import { FakeKernel, spec } from "../fake-kernel";
import { drawn, find, mounted, named, press, type } from "../mounted-panel";

async function row(made: Spec, traits: ConstructorParameters<typeof FakeKernel>[0] = {}) {
  const kernel = new FakeKernel({ param_specs: [made], ...traits });
  const { root, panel } = mounted(kernel);
  await drawn();
  const at = () => find(root, `[data-param="${made.name}"]`);
  const sent = () => kernel.ops().map(({ op, value }) => (op === "set_param" ? value : op));
  return { kernel, root, panel, at, sent, state: () => at().dataset.state };
}

const NUMBER = spec("temperature", "slider", {
  kind: "number",
  minimum: 0,
  maximum: 2,
  step: 0.01,
  arrow: 0.05,
  nullable: true,
});
const CHIPS = spec("stop", "chips", { kind: "strings", maximum: 4 });

describe("a parameter row", () => {
  it("is unset at first, and shows the model's default", async () => {
    const { at, state, sent } = await row(NUMBER, {
      hints: { temperature: { ghost: "model default 0.7", default: 0.7 } },
    });
    expect(state()).toBe("unset");
    expect(find<HTMLInputElement>(at(), "input[type=text]").title).toBe("model default 0.7");
    expect(find<HTMLInputElement>(at(), "input[type=text]").value).toBe("");
    expect(sent()).toEqual([]);
  });

  it("is set with the slider and with the number, which show the same", async () => {
    const { at, sent, state } = await row(NUMBER);
    type(find(at(), "input[type=range]"), "0.5");
    await drawn();
    expect(find<HTMLInputElement>(at(), "input[type=text]").value).toBe("0.5");
    type(find(at(), "input[type=text]"), "1.25");
    await drawn();
    expect(find<HTMLInputElement>(at(), "input[type=range]").value).toBe("1.25");
    expect(sent()).toEqual([0.5, 1.25]);
    expect(state()).toBe("set");
  });

  it("has an empty slider while it is unset, which takes a press at the place where it rests", async () => {
    const { at, sent } = await row(NUMBER);
    const slider = find<HTMLInputElement>(at(), "input[type=range]");
    expect(slider.className).toBe("orn-resting");
    expect(find<HTMLInputElement>(at(), "input[type=text]").placeholder).toBe("default");
    slider.click();
    await drawn();
    slider.click();
    await drawn();
    expect(slider.className).toBe("");
    expect(sent()).toEqual([0]);
  });

  it("moves by the arrow's step without a trace of binary fractions", async () => {
    const { at, sent } = await row(NUMBER, { params: { temperature: 0.1 } });
    press(find(at(), "input[type=text]"), "ArrowUp");
    await drawn();
    press(find(at(), "input[type=text]"), "ArrowUp");
    await drawn();
    expect(sent()).toEqual([0.15, 0.2]);
  });

  it("is unset by its button, and by emptying the field", async () => {
    const { at, sent, state } = await row(NUMBER, { params: { temperature: 0.2 } });
    named(at(), "Unset temperature").click();
    await drawn();
    expect(state()).toBe("unset");
    type(find(at(), "input[type=text]"), "1");
    await drawn();
    type(find(at(), "input[type=text]"), "");
    await drawn();
    expect(sent()).toEqual(["unset_param", 1, "unset_param"]);
  });

  it("sends null from its menu", async () => {
    const { at, sent, state } = await row(NUMBER);
    named(at(), "More about temperature").click();
    await drawn();
    find(at(), "[role=menuitem]").click();
    await drawn();
    expect(sent()).toEqual(["null_param"]);
    expect(state()).toBe("null");
  });

  it("shows a problem described by the field, and sends text that is not a number to the kernel", async () => {
    const { at, sent, state } = await row(NUMBER, {
      params: { temperature: 7 },
      problems: [{ field: "temperature", message: "temperature takes 0 to 2, not 7.", level: "error" }],
    });
    expect(state()).toBe("invalid");
    const field = find<HTMLInputElement>(at(), "input[type=text]");
    expect(field.getAttribute("aria-invalid")).toBe("true");
    expect(document.getElementById(field.getAttribute("aria-describedby") ?? "")?.textContent).toContain(
      "takes 0 to 2",
    );
    type(field, "warm");
    await drawn();
    expect(sent()).toEqual(["warm"]);
  });

  it("keeps a value that a model ignores, shows that it is not sent, and can send it anyway", async () => {
    const { at, state, kernel } = await row(NUMBER, {
      params: { temperature: 0.2 },
      ignored: { temperature: { columns: ["c1"], message: "Stored, not sent: demo/a lacks it." } },
    });
    expect(state()).toBe("ignored");
    expect(at().textContent).toContain("Stored, not sent: demo/a lacks it.");
    expect(find<HTMLInputElement>(at(), "input[type=text]").value).toBe("0.2");
    named(at(), "Send anyway").click();
    expect(kernel.ops()).toEqual([{ kind: "op", op: "force_param", name: "temperature", on: true }]);
  });

  it("is ignored with the parameter that it is a field of", async () => {
    const { state } = await row(spec("reasoning.effort", "text"), {
      params: { reasoning: { effort: "low" } },
      ignored: { reasoning: { columns: ["c1"], message: "The model does not list it." } },
    });
    expect(state()).toBe("ignored");
  });

  it("is edited as JSON if its control is unknown", async () => {
    const { at, sent } = await row(spec("quantum", "hologram" as Spec["control"]));
    type(find(at(), "textarea"), '{"a": [1]}');
    await drawn();
    expect(sent()).toEqual([{ a: [1] }]);
  });
});

describe("controls", () => {
  it("takes strings one by one, shows escapes, and splits a paste", async () => {
    const { at, sent } = await row(CHIPS);
    const field = find<HTMLInputElement>(at(), "input");
    type(field, "END\\n");
    press(field, "Enter");
    await drawn();
    expect(sent()).toEqual([["END\n"]]);
    expect(find(at(), "code").textContent).toBe("END\\n");
    const paste = new Event("paste", { bubbles: true, cancelable: true });
    Object.assign(paste, { clipboardData: { getData: () => "one\ntwo" } });
    field.dispatchEvent(paste);
    await drawn();
    expect(sent().at(-1)).toEqual(["END\n", "one", "two"]);
    named(at(), "Remove one").click();
    await drawn();
    expect(sent().at(-1)).toEqual(["END\n", "two"]);
  });

  it("does not take a string during composition", async () => {
    const { at, sent } = await row(CHIPS);
    const field = find<HTMLInputElement>(at(), "input");
    type(field, "にほん");
    press(field, "Enter", { isComposing: true });
    await drawn();
    expect(sent()).toEqual([]);
  });

  it.each<[string, Partial<Spec>, string, Json]>([
    ["table", { value: "number" }, "50256: -100, 11=5", { 11: 5, 50256: -100 }],
    ["table", { value: "text" }, "run: a b", { run: "a b" }],
    ["table", { value: "number" }, '{"1": 2}', { 1: 2 }],
  ])("makes an object of %s rows %o", async (control, more, text, value) => {
    const { at, sent } = await row(
      spec("table", control as Spec["control"], { ghost: "key: value", ...more }),
    );
    const field = find<HTMLInputElement>(at(), ".orn-pairs > input");
    expect(field.placeholder).toBe("key: value");
    type(field, text);
    press(field, "Enter");
    await drawn();
    expect(sent()).toEqual([value]);
  });

  it("shows JSON syntax errors, and sends the text for the kernel to reject", async () => {
    const { at, sent } = await row(spec("extra_body", "json"));
    type(find(at(), "textarea"), '{"a": ');
    await drawn();
    expect(at().textContent).toContain("Invalid JSON");
    expect(sent()).toEqual(['{"a": ']);
  });

  it("offers the choices that the model has, and marks its default", async () => {
    const made = spec("reasoning.effort", "segmented", { choices: ["none", "low", "high", "max"] });
    const { at, sent } = await row(made, {
      hints: { "reasoning.effort": { choices: ["low", "high"], default: "low" } },
    });
    const radios = [...at().querySelectorAll<HTMLInputElement>("input[type=radio]")];
    expect(radios).toHaveLength(2);
    expect(radios.some(({ checked }) => checked)).toBe(false);
    radios[1]?.click();
    await drawn();
    expect(sent()).toEqual(["high"]);
  });

  it("takes any text if a list is open", async () => {
    const { at, sent } = await row(spec("tier", "select", { choices: ["flex"], open: true }));
    const select = find<HTMLSelectElement>(at(), "select");
    select.value = "1";
    select.dispatchEvent(new Event("change", { bubbles: true }));
    await drawn();
    type(find(at(), "input"), "turbo");
    await drawn();
    expect(sent()).toEqual(["turbo"]);
  });

  it("adds plugins by menu with the fields of their cards", async () => {
    const fields = [spec("max_results", "number", { kind: "integer" })];
    const { at, sent } = await row(
      spec("plugins", "plugins", { cards: [{ id: "web", label: "Web search", help: "", fields }] }),
    );
    named(at(), "Add plugin").click();
    await drawn();
    find(at(), "[role=menuitem]").click();
    await drawn();
    type(find(at(), "[data-field=max_results] input"), "3");
    await drawn();
    expect(sent()).toEqual([[{ id: "web" }], [{ id: "web", max_results: 3 }]]);
  });

  it("hides parameters that the model does not support, unless they are set", async () => {
    const hints = { temperature: { hidden: true } };
    const { root } = await row(NUMBER, { hints, params: { temperature: 1 } });
    expect(root.querySelector("[data-param=temperature]")).not.toBeNull();
    const other = mounted(new FakeKernel({ param_specs: [NUMBER], hints }));
    await drawn();
    expect(other.root.querySelector("[data-param=temperature]")).toBeNull();
  });
});

describe("the column of parameters", () => {
  const SPECS = [
    NUMBER,
    spec("logprobs", "switch", { group: "Sampling", help: "Return probabilities of tokens." }),
    spec("top_logprobs", "number", {
      group: "Sampling",
      requires: "logprobs",
      reference: "https://a.test/x",
    }),
    spec("user", "text", { group: "Identity", advanced: true }),
    spec("plugins", "plugins", {
      group: "Tools",
      cards: [{ id: "web", label: "web search", help: "", fields: [] }],
    }),
  ];

  async function column(traits: ConstructorParameters<typeof FakeKernel>[0] = {}) {
    const kernel = new FakeKernel({ param_specs: SPECS, params: { logprobs: true }, ...traits });
    const { root } = mounted(kernel);
    await drawn();
    const field = named(root, "Find a parameter") as HTMLInputElement;
    const search = async (words: string) => {
      type(field, words);
      await drawn();
    };
    const shown = () =>
      [...root.querySelectorAll<HTMLElement>("[data-param]")].map((row) => row.dataset.param);
    const open = () => [...root.querySelectorAll("details[open] h3")].map(({ textContent }) => textContent);
    return { root, field, search, shown, open };
  }

  beforeEach(() => localStorage.clear());

  it("is searched by name, label, help, group and plugin, with all words", async () => {
    const { search, shown, field, root } = await column();
    expect(shown()).toEqual(["temperature"]);
    for (const [words, found] of [
      ["LOGPROBS", ["logprobs", "top_logprobs"]],
      ["tokens prob", ["logprobs"]],
      ["identity", ["user"]],
      ["web search", ["plugins"]],
      ["nothing like it", []],
    ] as const) {
      await search(words);
      expect(shown()).toEqual(found);
    }
    expect(find(root, ".orn-find [role=status]").textContent).toBe("0 parameters");
    expect(press(field, "Escape").defaultPrevented).toBe(true);
    await drawn();
    expect(field.value).toBe("");
    expect(shown()).toEqual(["temperature"]);
    // With nothing to clear, Escape is the panel's.
    expect(press(field, "Escape").defaultPrevented).toBe(false);
  });

  it("goes from a search to the first parameter that is found", async () => {
    const { search, field, root } = await column();
    await search("logprobs");
    press(field, "Enter");
    await drawn();
    expect(document.activeElement?.closest("[data-param]")).toBe(find(root, "[data-param=logprobs]"));
  });

  it("is searched after /, but not from a text field", async () => {
    const { root, field } = await column();
    const message = named(root, "Message");
    message.focus();
    expect(press(message, "/").defaultPrevented).toBe(false);
    press(find(root, ".orn-pg"), "/");
    await drawn();
    expect(document.activeElement).toBe(field);
  });

  it("shows what is set only", async () => {
    const { root, shown } = await column();
    named(root, "Set only").click();
    await drawn();
    expect(shown()).toEqual(["logprobs"]);
    expect(named(root, "Set only").getAttribute("aria-pressed")).toBe("true");
  });

  it("remembers which groups are open, but not what a search has opened", async () => {
    const first = await column();
    expect(first.open()).toEqual(["Parameters"]);
    for (const head of first.root.querySelectorAll<HTMLElement>("summary")) {
      if (/^(Parameters|Tools)/.test(head.textContent ?? "")) head.click();
    }
    await drawn();
    await first.search("user");
    expect(first.open()).toEqual(["Identity"]);
    const second = await column();
    expect(second.open()).toEqual(["Tools"]);
  });

  it("shows help that describes the control, with the model's default and the reference", async () => {
    const { search, root } = await column({ hints: { top_logprobs: { ghost: "model default 5" } } });
    await search("top_logprobs");
    const help = find(root, "[data-param=top_logprobs] .orn-help");
    expect(help.textContent).toBe("About top_logprobs. Turns on logprobs. · model default 5 · Reference");
    expect(find<HTMLAnchorElement>(help, "a").href).toBe("https://a.test/x");
    const control = find(root, "[data-param=top_logprobs] input");
    expect(document.getElementById(control.getAttribute("aria-describedby") ?? "")?.contains(help)).toBe(
      true,
    );
  });
});
