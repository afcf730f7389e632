import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import "../../../src/live";
import { isFinal, PHASES, VERSION } from "../../../src/live/protocol";
import { readMessage } from "../../../src/playground/protocol";

/** The same fixture is read by `tests/unit/playground/test_protocol.py`. */
const FIXTURE = JSON.parse(readFileSync("../tests/fixtures/playground/messages.json", "utf8"));

describe("messages of the kernel", () => {
  it.each(FIXTURE.from_kernel as unknown[])("%j is read as it is", (message) => {
    expect(readMessage(message)).toEqual(message);
  });

  it.each((FIXTURE.from_kernel_wrong as unknown[]).map((message) => ({ message })))(
    "$message is ignored",
    ({ message }) => {
      expect(readMessage(message)).toBeUndefined();
    },
  );

  it("includes live answers", () => {
    const message = { kind: "deltas", v: VERSION, deltas: [{ run: "r1", seq: 1, text: "a" }] };
    const deltas = [{ run: "r1", seq: 1, reasoning: "", text: "a", cards: [], fields: {} }];
    expect(readMessage(message)).toEqual({ kind: "deltas", deltas });
    expect(readMessage({ ...message, v: 1 })).toBeUndefined();
  });

  it("knows which phases are final", () => {
    expect(PHASES.filter(isFinal)).toEqual(["finished", "stopped", "interrupted", "failed"]);
  });
});
