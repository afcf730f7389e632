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

const CALL = { at: "2026-01-01T00:00:00Z", model: "demo/tour", provider: "", end: "stop" };
const CALLS = [{ ...CALL, tokens_in: 1, tokens_out: 2, cost: 0, seconds: 1, prompt: "Hello" }];

it("shows a view of the built bundle, with the preact and the context of this one", async () => {
  const kernel = new FakeKernel();
  kernel.replies.history = { calls: CALLS };
  await servePanelViews(kernel, readFileSync("../openrouter_nb/static/panel-views.js", "utf8"));
  const { drawn, find, root } = await historyTab(kernel);
  await vi.waitFor(() => expect(find(root, ".orn-table td:nth-child(3)").textContent).toBe("Hello"));
  kernel.replies.history = { calls: [...CALLS, { ...CALL, ...CALLS[0], prompt: "Again" }] };
  kernel.set({
    session: { calls: 2, cost: 0, unpriced: 0, tokens_in: 1, tokens_out: 1, kept: "orn-kept-1" },
  });
  await drawn();
  expect(find(root, ".orn-table td:nth-child(3)").textContent).toBe("Again");
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
  expect(find(root, ".orn-pane").textContent).toBe("No calls yet.");
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
  expect(find(root, ".orn-pane").textContent).toBe("No calls yet.");
  expect(root.contains(document.activeElement)).toBe(true);
});
