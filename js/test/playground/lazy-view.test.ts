import { readFileSync } from "node:fs";
import { beforeEach, expect, it, vi } from "vitest";
import { FakeKernel } from "./fake-kernel";
import { servePanelViews } from "./panel-views";

beforeEach(() => {
  // Each test loads the bundle again.
  vi.resetModules();
  vi.restoreAllMocks();
});

async function historyTab(kernel: FakeKernel) {
  const panel = await import("./mounted-panel");
  const { root } = panel.mounted(kernel);
  const tab = panel.find(root, "[data-tab=history]");
  tab.focus();
  tab.click();
  await panel.drawn();
  return { ...panel, root, tab };
}

const ROW = { id: "1", title: "Hello", models: ["demo/tour"], updated: 1.8e9, messages: 2 };
const USAGE = { cost: 0.001, tokens_in: 1204, tokens_out: 318 };
const HISTORY = { on: true, changes: 0, current: "1", deleted: null, problem: "" };

it("shows a view of the built bundle, with the preact and the context of this one", async () => {
  const kernel = new FakeKernel();
  kernel.replies.conversations = { rows: [{ ...ROW, ...USAGE }] };
  await servePanelViews(kernel, readFileSync("../openrouter_nb/static/panel-views.js", "utf8"));
  const { drawn, find, root } = await historyTab(kernel);
  await vi.waitFor(() => expect(find(root, ".orn-open span").textContent).toBe("Hello"));
  expect(find(root, ".orn-open small").textContent).toContain("2 messages · 1,204 → 318 · $0.001");
  kernel.replies.conversations = { rows: [] };
  kernel.set({ history: { ...HISTORY, changes: 1, deleted: "Hello" } });
  await drawn();
  expect(root.querySelector(".orn-open")).toBeNull();
  find(root, ".orn-pane [role=status] button").click();
  expect(kernel.ops()).toEqual([{ kind: "op", op: "history_restore" }]);
});

it("says that it loads, keeps the focus, and is loaded once", async () => {
  const kernel = new FakeKernel();
  await servePanelViews(kernel);
  kernel.answers = false;
  const { drawn, find, root, tab } = await historyTab(kernel);
  expect(find(root, ".orn-pane").textContent).toBe("Loading…");
  expect(document.activeElement).toBe(tab);
  kernel.answers = true;
  kernel.deliver({ kind: "reply", id: kernel.lastId, problem: "", value: {} }, kernel.replyBuffers.script);
  await drawn();
  expect(find(root, ".orn-pane").textContent).toContain("0 conversations");
  expect(document.activeElement).toBe(tab);
  find(root, "[data-tab=code]").click();
  await drawn();
  expect(kernel.sent.filter(({ ask }) => ask === "script")).toHaveLength(1);
});

it("says why it cannot be loaded, and tries again", async () => {
  const kernel = new FakeKernel();
  await servePanelViews(kernel);
  kernel.problems.script = "This version has no panel-views.js.";
  const { drawn, find, named, root } = await historyTab(kernel);
  expect(find(root, "[role=alert]").textContent).toContain("no panel-views.js");
  kernel.problems.script = "";
  named(root, "Try again").focus();
  named(root, "Try again").click();
  await drawn();
  expect(find(root, ".orn-pane").textContent).toContain("0 conversations");
  expect(root.contains(document.activeElement)).toBe(true);
});
