import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { AnswerStore } from "../../src/live/answer-store";
import { type LiveMessage, readLiveMessage } from "../../src/live/protocol";

/** The same fixture is read by `tests/unit/live/test_answer.py`, where the kernel's half produces it. */
const FIXTURE = JSON.parse(readFileSync("../tests/fixtures/live/messages.json", "utf8"));

describe("live answers as the kernel sends them", () => {
  const messages = FIXTURE.from_kernel.map(readLiveMessage) as LiveMessage[];

  it("are read with everything in them", () => {
    expect(messages.map((message) => message.kind)).toEqual(["deltas", "deltas", "snapshot"]);
    const deltas = messages.flatMap((message) => (message.kind === "deltas" ? message.deltas : []));
    expect(deltas.map(({ run, seq }) => [run, seq])).toEqual(
      [1, 2].flatMap((seq) => ["r1", "r2", "r3"].map((run) => [run, seq])),
    );
  });

  it("add up to the state of the snapshot", () => {
    const store = new AnswerStore(() => 0, { run: "r1", model: "openai/gpt-5-mini" });
    for (const message of messages) {
      if (message.kind === "deltas")
        for (const delta of message.deltas) if (delta.run === "r1") store.apply(delta);
    }
    const { elapsed_ms, ...state } = store.state;
    const snapshot = messages.find((message) => message.kind === "snapshot");
    expect(snapshot).toMatchObject({ snapshot: state });
    expect(elapsed_ms).toBe(0);
  });
});
