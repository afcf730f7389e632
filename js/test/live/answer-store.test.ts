import { describe, expect, it, vi } from "vitest";
import { AnswerStore } from "../../src/live/answer-store";
import { delta, snapshot } from "../fixtures/messages";

describe("AnswerStore", () => {
  it("accumulates deltas in order", () => {
    const store = new AnswerStore();
    store.adopt(snapshot());
    store.receive(delta(1, { phase: "reasoning", reasoning: "Hm" }));
    store.receive(delta(2, { reasoning: "m" }));
    store.receive(delta(3, { phase: "answering", text: "Hel" }));
    store.receive(delta(4, { text: "lo" }));
    store.receive(delta(5, { phase: "finished", note: "2 tokens" }));
    expect(store.state).toMatchObject({
      seq: 5,
      phase: "finished",
      reasoning: "Hmm",
      text: "Hello",
      note: "2 tokens",
    });
    expect(store.final).toBe(true);
  });

  it("ignores deltas that the snapshot includes", () => {
    const store = new AnswerStore();
    store.adopt(snapshot({ seq: 2, text: "ab" }));
    expect(store.receive(delta(1, { text: "a" }))).toBeUndefined();
    store.receive(delta(2, { text: "b" }));
    store.receive(delta(3, { text: "c" }));
    store.receive(delta(3, { text: "c" }));
    expect(store.state.text).toBe("abc");
  });

  it("requests a snapshot once after a gap, and again after the next gap", () => {
    const store = new AnswerStore();
    store.receive(delta(1, { text: "a" }));
    expect(store.receive(delta(3, { text: "c" }))).toBe("0");
    expect(store.receive(delta(4, { text: "d" }))).toBeUndefined();
    expect(store.state.text).toBe("a");
    store.receive({ kind: "snapshot", ...snapshot({ seq: 4, text: "abcd" }) });
    store.receive(delta(5, { text: "e" }));
    expect(store.state.text).toBe("abcde");
    expect(store.receive(delta(7))).toBe("0");
  });

  it("fills a hole with the delta that was late", () => {
    const store = new AnswerStore();
    expect(store.receive(delta(2, { text: "b" }))).toBe("0");
    store.receive(delta(1, { text: "a" }));
    expect(store.state).toMatchObject({ seq: 1, text: "a" });
  });

  it("adopts a snapshot of the same or a later number only", () => {
    const store = new AnswerStore();
    store.adopt(snapshot({ seq: 5, text: "five" }));
    store.adopt(snapshot({ seq: 4, text: "four" }));
    expect(store.state.text).toBe("five");
    store.adopt(snapshot({ seq: 5, text: "five", phase: "finished" }));
    expect(store.final).toBe(true);
  });

  it("strips control characters, except newline and tab", () => {
    const store = new AnswerStore();
    store.adopt(snapshot({ model: "a\u0007/b", text: "a\u0000\tb\r\n\u009bc", note: "\u001b[31mred" }));
    store.receive(delta(1, { text: "\u007fd", reasoning: "\u0008e" }));
    expect(store.state).toMatchObject({ model: "a/b", text: "a\tb\ncd", reasoning: "e", note: "[31mred" });
  });

  it.each([
    ["nothing", undefined],
    ["null", null],
    ["a string", "delta"],
    ["no kind", { ...delta(1, { text: "x" }), kind: undefined }],
    ["an unknown kind", { ...delta(1, { text: "x" }), kind: "dance" }],
    ["an older version", { ...delta(1, { text: "x" }), v: 2 }],
    ["deltas that are not a list", { ...delta(1), deltas: { run: "0", seq: 1 } }],
    ["a delta that is not an object", { ...delta(1), deltas: [null] }],
    ["no run", delta(1, { run: undefined, text: "x" })],
    ["no number", delta(Number.NaN, { text: "x" })],
    ["a number that is not a number", delta(1, { seq: "1", text: "x" })],
    ["an unknown phase", delta(1, { phase: "dancing", text: "x" })],
    ["a text that is not a string", delta(1, { text: ["x"] })],
    ["a note that is not a string", delta(1, { note: 5, text: "x" })],
    ["lists of another type", delta(1, { tool_calls: {}, text: "x" })],
    ["a wait of another type", delta(1, { wait: 5, text: "x" })],
    ["a snapshot that lacks fields", { kind: "snapshot", v: 3, run: "0", seq: 9, phase: "finished" }],
    ["a snapshot without a clock", { kind: "snapshot", ...snapshot({ seq: 9, elapsed_ms: Number.NaN }) }],
  ])("ignores %s", (_, message) => {
    const store = new AnswerStore();
    const listener = vi.fn();
    store.subscribe(listener);
    expect(store.receive(message)).toBeUndefined();
    expect(store.state.seq).toBe(0);
    expect(listener).not.toHaveBeenCalled();
  });

  it("replaces the fields of a delta and keeps the others", () => {
    const store = new AnswerStore();
    const call = { id: "1", name: "f", arguments: "{", state: "waiting" };
    store.receive(delta(1, { tool_calls: [call], wait: { remaining_ms: 500, attempt: 1 } }));
    store.receive(delta(2, { wait: null, reasoning_s: 1.5, surprise: 1 }));
    expect(store.state).toMatchObject({ tool_calls: [call], wait: null, reasoning_s: 1.5, citations: [] });
    expect(store.state).not.toHaveProperty("surprise");
  });

  it("starts as connecting when the trait is empty", () => {
    const store = new AnswerStore();
    store.adopt({});
    expect(store.state.phase).toBe("connecting");
  });

  it("clocks on from the kernel's time and stops with the answer", () => {
    let now = 1000;
    const store = new AnswerStore(() => now);
    store.adopt(snapshot({ elapsed_ms: 500 }));
    now = 1300;
    expect(store.elapsedMs).toBe(800);
    store.receive(delta(1, { phase: "stopped" }));
    now = 9000;
    expect(store.elapsedMs).toBe(800);
    store.adopt(snapshot({ seq: 1, phase: "stopped", elapsed_ms: 790 }));
    expect(store.elapsedMs).toBe(790);
  });
});
