import { describe, expect, it } from "vitest";
import "../../../src/live";
import { KernelConnection } from "../../../src/playground/store/kernel-connection";
import { FakeKernel } from "../fake-kernel";
import { drawn, mounted } from "../mounted-panel";

function connected() {
  const kernel = new FakeKernel();
  kernel.answers = false;
  const clock = { now: 0 };
  const connection = new KernelConnection(kernel.proxy, () => clock.now);
  connection.open({ traits: () => {}, message: () => {}, gone: () => {} });
  const later = (ms: number) => {
    clock.now += ms;
    connection.resend();
  };
  return { kernel, connection, later };
}

describe("a request without a response", () => {
  it("is sent again with the same id, after growing waits, and its first response counts", async () => {
    const { kernel, connection, later } = connected();
    const request = connection.command({ op: "undo" });
    const id = kernel.lastId;
    const counts = [4_000, 1_000, 9_000, 1_000, 20_000, 40_000].map((ms) => {
      later(ms);
      return kernel.sent.length;
    });
    expect(counts).toEqual([1, 2, 2, 3, 4, 5]);
    expect(new Set(kernel.sent.map((message) => JSON.stringify(message))).size).toBe(1);
    kernel.ack(id, "Nothing to undo.");
    kernel.ack(id);
    expect((await request).problem).toBe("Nothing to undo.");
    later(200_000);
    expect(kernel.sent).toHaveLength(5);
    expect(connection.waitedMs).toBe(0);
  });

  it("keeps its order and its bytes", () => {
    const { kernel, connection, later } = connected();
    const piece = new ArrayBuffer(3);
    void connection.command({ op: "upload", upload: "x1", at: 0 }, [piece]);
    void connection.query({ ask: "history" });
    later(5_000);
    expect(kernel.sent.map(({ op, ask }) => op ?? ask)).toEqual(["upload", "history", "upload", "history"]);
    expect(kernel.buffers.map(([buffer]) => buffer === piece)).toEqual([true, false, true, false]);
  });

  it("is not sent again after Stop if it would send a prompt", async () => {
    const { kernel, connection, later } = connected();
    const submitted = connection.submit({ text: "Hi", role: "user" });
    void connection.command({ op: "undo" });
    connection.withdrawSubmissions();
    later(5_000);
    expect(kernel.sent.map(({ kind }) => kind)).toEqual(["submit", "op", "op"]);
    expect((await submitted).problem).toBe("Stopped before the message was sent.");
  });

  it("fails when the kernel disconnects", async () => {
    const { kernel, connection } = connected();
    const request = connection.command({ op: "undo" });
    kernel.restart();
    expect((await request).problem).toBe("The kernel has disconnected.");
  });
});

describe("a kernel that is silent", () => {
  it("is noticed each 10 s", () => {
    const { kernel, connection, later } = connected();
    later(9_000);
    expect(connection.endSilence()).toBe(false);
    kernel.deliver({ kind: "module" });
    later(10_001);
    expect([connection.endSilence(), connection.endSilence()]).toEqual([true, false]);
  });

  it("is gone if it was shut down", async () => {
    const kernel = new FakeKernel();
    const { panel, root } = mounted(kernel);
    await drawn();
    kernel.isShutDown = true;
    expect((await panel.kernel.command({ op: "undo" })).problem).toBe("The kernel has disconnected.");
    expect(panel.isGone.value).toBe(true);
    await drawn();
    expect(root.querySelector("[data-notice=gone]")).not.toBeNull();
  });
});

it("knows its own messages", () => {
  const { kernel, connection } = connected();
  connection.send({ kind: "ready" });
  expect(connection.isOwn(kernel.lastId)).toBe(true);
  expect(connection.isOwn(kernel.lastId + 1)).toBe(false);
  expect(connection.isOwn(0)).toBe(false);
});
