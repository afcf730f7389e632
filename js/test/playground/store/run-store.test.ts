import { describe, expect, it } from "vitest";
import "../../../src/live";
import { type Delta, VERSION } from "../../../src/live/protocol";
import { liveExports } from "../../../src/playground/live-exports";
import { RunStore } from "../../../src/playground/store/run-store";
import { snapshot } from "../fake-kernel";

function runs(base = "") {
  const lost: string[] = [];
  let now = 1000;
  const store = new RunStore(
    (run) => lost.push(run),
    () => base,
    () => now,
  );
  const delta = (seq: number, more: Partial<Delta> = {}): Delta => ({
    run: "r1",
    seq,
    reasoning: "",
    text: "",
    cards: [],
    fields: { phase: "answering" },
    ...more,
  });
  return {
    store,
    lost,
    delta,
    pass: (ms: number) => {
      now += ms;
    },
    text: () => store.get("r1")?.state.value.text,
  };
}

describe("live answers", () => {
  it("adds numbered deltas up", () => {
    const { store, delta, text } = runs();
    store.applyDeltas([delta(1, { text: "One " }), delta(2, { text: "two" })]);
    expect(text()).toBe("One two");
  });

  it("appends to the card's text when an answer is continued", () => {
    const { store, delta, text } = runs("Once upon");
    store.applyDeltas([delta(1, { text: " a time" })]);
    expect(text()).toBe("Once upon a time");
  });

  it("asks once for a snapshot when a delta is missing, and ignores the rest until it comes", () => {
    const { store, delta, text, lost } = runs();
    store.applyDeltas([delta(1, { text: "a" }), delta(3, { text: "c" }), delta(4, { text: "d" })]);
    expect(text()).toBe("a");
    expect(lost).toEqual(["r1"]);
    store.adopt(snapshot({ seq: 4, text: "abcd" }));
    store.applyDeltas([delta(4, { text: "d" }), delta(5, { text: "e" })]);
    expect(text()).toBe("abcde");
  });

  it("does not go back to an older snapshot", () => {
    const { store, delta, text } = runs();
    store.applyDeltas([delta(1, { text: "a" }), delta(2, { text: "b" })]);
    store.adopt(snapshot({ seq: 1, text: "a" }));
    expect(text()).toBe("ab");
  });

  it("keeps two runs apart", () => {
    const { store, delta } = runs();
    store.applyDeltas([delta(1, { text: "a" }), { ...delta(1, { text: "x" }), run: "r2" }]);
    expect(store.get("r1")?.state.value.text).toBe("a");
    expect(store.get("r2")?.state.value.text).toBe("x");
  });

  it("shows the time of the reasoning and clocks each answer", () => {
    const { store, delta, pass } = runs();
    store.applyDeltas([delta(1, { reasoning: "Hm." })]);
    pass(3100);
    store.applyDeltas([delta(2, { text: "Yes", fields: { phase: "answering", reasoning_s: 3.1 } })]);
    expect(store.get("r1")?.state.value.reasoning_s).toBe(3.1);
    expect(store.get("r1")?.store.elapsedMs).toBe(3100);
  });

  it("removes control characters", () => {
    const { store, text } = runs();
    const deltas = [{ run: "r1", seq: 1, text: "java\u0000script\u0008:\n\tx" }];
    const message = liveExports().readLiveMessage({ kind: "deltas", v: VERSION, deltas });
    if (message?.kind === "deltas") store.applyDeltas(message.deltas);
    expect(text()).toBe("javascript:\n\tx");
  });

  it("fails unfinished answers when the kernel disconnects", () => {
    const { store, delta } = runs();
    store.applyDeltas([
      delta(1, { text: "a" }),
      { ...delta(1, { fields: { phase: "finished" } }), run: "r2" },
    ]);
    store.end("The kernel has gone.");
    expect(store.get("r1")?.state.value).toMatchObject({
      phase: "failed",
      text: "a",
      note: "The kernel has gone.",
    });
    expect(store.get("r2")?.state.value).toMatchObject({ phase: "finished", note: "" });
  });

  it("drops a finished run that no card names, and keeps one that still streams", () => {
    const { store, delta } = runs();
    store.applyDeltas([delta(1, { fields: { phase: "finished" } }), { ...delta(1), run: "r2" }]);
    store.retain(new Set());
    expect(store.get("r1")).toBeUndefined();
    expect(store.get("r2")).toBeDefined();
  });
});
