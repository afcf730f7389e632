import { describe, expect, it } from "vitest";
import type { ModelRow } from "../../src/playground/protocol";
import { fuzzyScore } from "../../src/playground/ui/fuzzy-match";
import { FakeKernel } from "./fake-kernel";
import { drawn, find, mounted, press, type } from "./mounted-panel";

const model = (id: string, more: Partial<ModelRow> = {}): ModelRow => ({
  id,
  name: id,
  context: 128_000,
  price_in: 3,
  price_out: 15,
  inputs: ["text"],
  outputs: ["text"],
  tools: true,
  reasoning: false,
  efforts: [],
  expires: "",
  created: 1,
  description: "",
  ...more,
});

const MODELS = [
  model("openai/gpt-5-mini"),
  model("anthropic/claude-sonnet-5", { name: "Claude Sonnet 5", inputs: ["text", "image"], reasoning: true }),
  model("meta/llama:free", { price_in: 0, price_out: 0, tools: false }),
  ...Array.from({ length: 400 }, (_, at) => model(`many/model-${at}`)),
];

async function picker() {
  const kernel = new FakeKernel();
  kernel.replies.models = {
    models: MODELS,
    age_s: 1,
    stale: false,
    suffixes: [{ suffix: ":nitro", help: "fastest first" }],
  };
  const { root } = mounted(kernel);
  await drawn();
  const field = find<HTMLInputElement>(root, "[role=combobox]");
  const options = () => [...root.querySelectorAll<HTMLElement>("[role=option]")];
  const write = async (text: string) => {
    type(field, text);
    await drawn();
  };
  return { kernel, root, field, options, write };
}

describe("the model picker", () => {
  it("applies keys that were pressed before the list arrived", async () => {
    const { kernel, field, write } = await picker();
    kernel.answers = false;
    await write("claude");
    press(field, "ArrowDown");
    press(field, "Enter");
    await drawn();
    expect(kernel.ops()).toEqual([]);
    const { id } = kernel.sent.find(({ ask }) => ask === "models") ?? { id: 0 };
    kernel.deliver({ kind: "reply", id, problem: "", value: kernel.replies.models });
    await drawn();
    expect(kernel.ops()).toEqual([
      { kind: "op", op: "set_model", column: "c1", model: "anthropic/claude-sonnet-5" },
    ]);
  });

  it("applies a choice that was made before the list arrived, also after a press elsewhere", async () => {
    const { kernel, root, field, write } = await picker();
    kernel.answers = false;
    await write("claude");
    press(field, "ArrowDown");
    press(field, "Enter");
    find(root, "textarea").dispatchEvent(new Event("pointerdown", { bubbles: true }));
    find(root, "textarea").focus();
    await drawn();
    expect(kernel.ops()).toEqual([]);
    const { id } = kernel.sent.find(({ ask }) => ask === "models") ?? { id: 0 };
    kernel.deliver({ kind: "reply", id, problem: "", value: kernel.replies.models });
    await drawn();
    expect(kernel.ops()).toMatchObject([{ op: "set_model", model: "anthropic/claude-sonnet-5" }]);
    expect(field.getAttribute("aria-expanded")).toBe("false");
    expect(document.activeElement).toBe(find(root, "textarea"));
  });

  it("queries the models on first opening, and renders only visible rows", async () => {
    const { kernel, field, options } = await picker();
    expect(kernel.sent.some(({ ask }) => ask === "models")).toBe(false);
    field.click();
    await drawn();
    expect(field.getAttribute("aria-expanded")).toBe("true");
    expect(options().length).toBeGreaterThan(5);
    expect(options().length).toBeLessThan(40);
    expect(options()[0]?.getAttribute("aria-setsize")).toBe("403");
  });

  it("matches id and name with missing letters, and picks with arrow keys and Enter", async () => {
    const { kernel, field, options, write } = await picker();
    field.click();
    await drawn();
    await write("cld snt");
    expect(options().map((each) => each.querySelector("b")?.textContent)).toEqual([
      "anthropic/claude-sonnet-5",
    ]);
    press(field, "ArrowDown");
    await drawn();
    expect(document.getElementById(field.getAttribute("aria-activedescendant") ?? "")).toBe(options()[0]);
    press(field, "Enter");
    await drawn();
    expect(kernel.ops()).toEqual([
      { kind: "op", op: "set_model", column: "c1", model: "anthropic/claude-sonnet-5" },
    ]);
    expect(field.getAttribute("aria-expanded")).toBe("false");
  });

  it("takes any slug that is typed, also one that the catalog does not know", async () => {
    const { kernel, field, write } = await picker();
    await write("@preset/mine:nitro");
    press(field, "Enter");
    await drawn();
    expect(kernel.ops()).toEqual([
      { kind: "op", op: "set_model", column: "c1", model: "@preset/mine:nitro" },
    ]);
  });

  it("offers the suffixes of a complete model id", async () => {
    const { options, write } = await picker();
    await write("openai/gpt-5-mini:");
    expect(options()[0]?.textContent).toContain("openai/gpt-5-mini:nitro");
  });

  it("changes nothing on Escape", async () => {
    const { kernel, field, write } = await picker();
    await write("claude");
    press(field, "Escape");
    await drawn();
    expect(field.value).toBe("demo/tour");
    expect(kernel.ops()).toEqual([]);
  });

  it("filters", async () => {
    const { root, field, options } = await picker();
    field.click();
    await drawn();
    find(root, ".orn-filters button").click();
    await drawn();
    expect(options().map((each) => each.querySelector("b")?.textContent)).toEqual(["meta/llama:free"]);
  });

  it("ranks the start of a word above scattered letters", () => {
    expect(fuzzyScore("gpt", "openai/gpt-5")).toBeGreaterThan(fuzzyScore("gpt", "g-long-p-t"));
    expect(fuzzyScore("xyz", "openai/gpt-5")).toBe(0);
  });

  it("offers to use an id that is not in the list", async () => {
    const { kernel, root, field, options, write } = await picker();
    await write("unknown/model");
    expect(options()).toEqual([]);
    expect(find(root, ".orn-nothing").textContent).toContain("Enter to use it anyway");
    find(root, ".orn-filters button").click();
    await drawn();
    expect(find(root, ".orn-nothing").textContent).toContain("this name and all filters");
    press(field, "Enter");
    await drawn();
    expect(kernel.ops()).toEqual([{ kind: "op", op: "set_model", column: "c1", model: "unknown/model" }]);
  });
});
