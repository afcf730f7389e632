import { describe, expect, it, vi } from "vitest";
import { AnswerStore } from "../../src/live/answer-store";
import { delta, snapshot } from "../fixtures/messages";

describe("AnswerStore", () => {
  it("folds deltas in order", () => {
    const store = new AnswerStore();
    store.adopt(snapshot());
    store.receive(delta(1, { phase: "reasoning", reasoning: "Hm" }));
    store.receive(delta(2, { reasoning: "m" }));
    store.receive(delta(3, { phase: "answering", text: "Hel" }));
    store.receive(delta(4, { text: "lo" }));
    store.receive(delta(5, { phase: "finished", note: "2 tokens" }));
    expect(store.state).toMatchObject({
      rev: 5,
      phase: "finished",
      reasoning: "Hmm",
      text: "Hello",
      note: "2 tokens",
    });
    expect(store.final).toBe(true);
  });

  it("ignores deltas that the snapshot already holds", () => {
    const store = new AnswerStore();
    store.adopt(snapshot({ rev: 2, text: "ab" }));
    expect(store.receive(delta(1, { text: "a" }))).toBeUndefined();
    store.receive(delta(2, { text: "b" }));
    store.receive(delta(3, { text: "c" }));
    store.receive(delta(3, { text: "c" }));
    expect(store.state.text).toBe("abc");
  });

  it("asks once for a snapshot after a gap, and again after the next gap", () => {
    const store = new AnswerStore();
    store.receive(delta(1, { text: "a" }));
    expect(store.receive(delta(3, { text: "c" }))).toBe("resync");
    expect(store.receive(delta(4, { text: "d" }))).toBeUndefined();
    expect(store.state.text).toBe("a");
    store.receive({ kind: "snapshot", ...snapshot({ rev: 4, text: "abcd" }) });
    store.receive(delta(5, { text: "e" }));
    expect(store.state.text).toBe("abcde");
    expect(store.receive(delta(7))).toBe("resync");
  });

  it("fills a hole with the delta that was late", () => {
    const store = new AnswerStore();
    expect(store.receive(delta(2, { text: "b" }))).toBe("resync");
    store.receive(delta(1, { text: "a" }));
    expect(store.state).toMatchObject({ rev: 1, text: "a" });
  });

  it("adopts a snapshot of the same or a later revision only", () => {
    const store = new AnswerStore();
    store.adopt(snapshot({ rev: 5, text: "five" }));
    store.adopt(snapshot({ rev: 4, text: "four" }));
    expect(store.state.text).toBe("five");
    store.adopt(snapshot({ rev: 5, text: "five", phase: "finished" }));
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
    ["no kind", { v: 2, rev: 1, text: "x" }],
    ["an unknown kind", { kind: "dance", v: 2, rev: 1, text: "x" }],
    ["an unknown version", delta(1, { v: 1, text: "x" })],
    ["no revision", delta(Number.NaN, { text: "x" })],
    ["a revision that is no number", { kind: "delta", v: 2, rev: "1", text: "x" }],
    ["an unknown phase", delta(1, { phase: "dancing", text: "x" })],
    ["a text that is no string", delta(1, { text: ["x"] })],
    ["a note that is no string", delta(1, { note: 5, text: "x" })],
    ["a snapshot that lacks fields", { kind: "snapshot", v: 2, rev: 9, phase: "finished" }],
    ["a snapshot without a clock", { kind: "snapshot", ...snapshot({ rev: 9, elapsed_ms: Number.NaN }) }],
  ])("ignores %s", (_, message) => {
    const store = new AnswerStore();
    const listener = vi.fn();
    store.subscribe(listener);
    expect(store.receive(message)).toBeUndefined();
    expect(store.state.rev).toBe(0);
    expect(listener).not.toHaveBeenCalled();
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
    store.adopt(snapshot({ rev: 1, phase: "stopped", elapsed_ms: 790 }));
    expect(store.elapsedMs).toBe(790);
  });
});
