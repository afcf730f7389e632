import { describe, expect, it } from "vitest";
import { card, column, FakeKernel, item, snapshot, spec, stats } from "../fake-kernel";
import { drawn, mounted } from "../mounted-panel";

const TEMPERATURE = spec("temperature", "slider", { kind: "number", minimum: 0, maximum: 2 });

describe("the panel's state", () => {
  it("sends ready once, and adopts running answers", () => {
    const kernel = new FakeKernel({ live: { r1: snapshot({ text: "so far" }) } });
    const { panel } = mounted(kernel);
    expect(kernel.sent.map(({ kind }) => kind)).toEqual(["ready"]);
    expect(panel.runs.get("r1")?.state.value.text).toBe("so far");
  });

  it("numbers its messages and shows a value before the kernel has acknowledged it", () => {
    const kernel = new FakeKernel({ param_specs: [TEMPERATURE] });
    const { panel } = mounted(kernel);
    kernel.answers = false;
    panel.set(TEMPERATURE, 0.3);
    expect(panel.value(TEMPERATURE)).toBe(0.3);
    const [first = 0] = kernel.sent.map(({ id }) => id);
    expect(kernel.sent.map(({ v, id }) => [v, id])).toEqual([
      [1, first],
      [1, first + 1],
    ]);
  });

  it("does not take the answer to another page of the same kernel for its own", async () => {
    const kernel = new FakeKernel({ param_specs: [TEMPERATURE] });
    kernel.answers = false;
    const [one, other] = [mounted(kernel).panel, mounted(kernel).panel];
    one.set(TEMPERATURE, 0.3);
    other.set(TEMPERATURE, 0.7);
    kernel.ack(kernel.lastId, "Not while it answers.");
    await drawn();
    expect([one.problem.value, other.problem.value]).toEqual(["", "Not while it answers."]);
    expect(one.value(TEMPERATURE)).toBe(0.3);
  });

  it("has one change of a row under way at a time and then sends the last one only", async () => {
    const kernel = new FakeKernel({ param_specs: [TEMPERATURE] });
    const { panel } = mounted(kernel);
    kernel.answers = false;
    for (const value of [0.1, 0.2, 0.3, 0.4]) panel.set(TEMPERATURE, value);
    expect(kernel.ops()).toHaveLength(1);
    kernel.answers = true;
    kernel.ack(kernel.lastId);
    await drawn();
    expect(kernel.ops().map(({ value }) => value)).toEqual([0.1, 0.4]);
    expect(panel.value(TEMPERATURE)).toBe(0.4);
  });

  it("sends commands only after pending values are acknowledged", async () => {
    const kernel = new FakeKernel({ param_specs: [TEMPERATURE] });
    const { panel } = mounted(kernel);
    kernel.answers = false;
    panel.set(TEMPERATURE, 1);
    panel.set(TEMPERATURE, 1.5);
    const submitted = panel.submit({ text: "Hi", role: "user" });
    void panel.do({ op: "preset_save", name: "mine" });
    await drawn();
    expect(kernel.ops().map(({ value }) => value)).toEqual([1]);
    expect(panel.isRunning.value).toBe(true);
    kernel.answers = true;
    kernel.ack(kernel.lastId);
    expect(await submitted).toBe(true);
    expect(kernel.ops().map(({ op, kind, value }) => value ?? op ?? kind)).toEqual([
      1,
      1.5,
      "submit",
      "preset_save",
    ]);
  });

  it("cancels a submit that is stopped before it is sent", async () => {
    const kernel = new FakeKernel({ param_specs: [TEMPERATURE] });
    const { panel } = mounted(kernel);
    kernel.answers = false;
    panel.set(TEMPERATURE, 1);
    const setting = kernel.lastId;
    const submitted = panel.submit({ text: "Hi", role: "user" });
    panel.stop();
    kernel.ack(setting);
    expect(await submitted).toBe(false);
    expect(kernel.ops().map(({ kind }) => kind)).toEqual(["op", "stop"]);
    expect(panel.isRunning.value).toBe(false);
    expect(panel.isStopping.value).toBe(false);
  });

  it("reverts a change that the kernel rejects, and shows why", async () => {
    const kernel = new FakeKernel({ param_specs: [TEMPERATURE], params: { temperature: 1 } });
    kernel.answers = false;
    const { panel, root } = mounted(kernel);
    panel.set(TEMPERATURE, 0.3);
    kernel.ack(kernel.lastId, "Not while it answers.");
    await drawn();
    expect(panel.value(TEMPERATURE)).toBe(1);
    expect(root.querySelector("[role=alert]")?.textContent).toContain("Not while it answers.");
  });

  it("unsets and sends null by separate commands", async () => {
    const kernel = new FakeKernel({ param_specs: [TEMPERATURE] });
    const { panel } = mounted(kernel);
    panel.set(TEMPERATURE, null);
    await drawn();
    panel.set(TEMPERATURE, undefined);
    await drawn();
    expect(kernel.ops()).toEqual([
      { kind: "op", op: "null_param", name: "temperature" },
      { kind: "op", op: "unset_param", name: "temperature" },
    ]);
  });

  it("sets a value of one column only where that column is chosen", async () => {
    const kernel = new FakeKernel({
      param_specs: [TEMPERATURE],
      columns: [column("c1", "a/a"), column("c2", "b/b", { overrides: { temperature: 0.9 } })],
      params: { temperature: 0.2 },
    });
    const { panel } = mounted(kernel);
    panel.scope.value = "c2";
    expect(panel.value(TEMPERATURE)).toBe(0.9);
    panel.set(TEMPERATURE, 0.5);
    expect(kernel.ops()).toEqual([
      { kind: "op", op: "set_param", name: "temperature", value: 0.5, column: "c2" },
    ]);
  });

  it("ignores messages that are not the protocol's", () => {
    const kernel = new FakeKernel({ thread: [item("m1", "user", "Hi")] });
    const { panel } = mounted(kernel);
    for (const message of [
      { kind: "ack", id: -1 },
      { kind: "deltas", deltas: "x" },
      { kind: "deltas", deltas: [{ run: 1 }] },
      { kind: "snapshot" },
      { kind: "eval" },
    ]) {
      kernel.deliver(message as Record<string, unknown>);
    }
    expect(panel.traits.thread.value).toHaveLength(1);
  });

  it("shows that the kernel has disconnected, ends live answers, and disables the controls", async () => {
    const card1 = card("", { column: "c1", run: "r1" });
    const kernel = new FakeKernel({
      thread: [item("m1", "user", "Hi"), { id: "m2", role: "assistant", cards: [card1] }],
      columns: [column("c1", "a/a", { status: "running", run: "r1", item: "m2" })],
      live: { r1: snapshot({ text: "So far" }) },
    });
    const { panel, root } = mounted(kernel);
    kernel.answers = false;
    const asked = panel.kernel.query({ ask: "history" });
    kernel.restart();
    expect((await asked).problem).toBe("The kernel has disconnected.");
    expect((await panel.kernel.query({ ask: "history" })).problem).toBe("The kernel has disconnected.");
    await drawn();
    expect(root.querySelector("[data-notice=gone]")?.textContent).toContain("Run the cell again");
    const answer = root.querySelector(".orn-answer");
    expect(answer?.getAttribute("aria-busy")).toBe("false");
    expect(answer?.textContent).toContain("So far");
    expect(answer?.querySelector(".orn-note")?.textContent).toBe(
      "The kernel disconnected before the answer ended.",
    );
    const controls = root.querySelectorAll("button, input, select, textarea");
    expect(controls.length).toBeGreaterThan(5);
    for (const each of controls) expect(each.closest("fieldset[disabled]")).not.toBeNull();
  });

  it("announces the beginning and the end, with the number of tokens", async () => {
    const kernel = new FakeKernel();
    const { root } = mounted(kernel);
    const said = () => root.querySelector(".orn-sr[role=status]")?.textContent;
    kernel.set({ columns: [column("c1", "a/a", { status: "running", run: "r1" })] });
    await drawn();
    expect(said()).toBe("Generating");
    kernel.set({ columns: [column("c1", "a/a", { status: "finished", stats: stats({ tokens_out: 318 }) })] });
    await drawn();
    expect(said()).toBe("Response complete, 318 tokens");
  });
});
