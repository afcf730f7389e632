import type { AnyModel } from "@anywidget/types";
import { expect, it, vi } from "vitest";
import { KernelChannel } from "../../src/shared/kernel-channel";

function model(relay: unknown) {
  const send = vi.fn();
  return { send, proxy: { get: () => relay, send, on() {}, off() {} } as unknown as AnyModel };
}

it("sends messages through the model", () => {
  for (const none of ["", undefined, {}]) {
    const { send, proxy } = model(none);
    new KernelChannel(proxy, { page: 1 }, () => undefined).send({ kind: "ready" });
    expect(send).toHaveBeenCalledWith(expect.objectContaining({ page: 1, kind: "ready" }), undefined, []);
  }
});

it("sends messages and buffers through the relay of a kernel that has one", async () => {
  const receiver = new BroadcastChannel("relay-of-a-test");
  const received = new Promise<unknown>((resolve) => {
    receiver.onmessage = ({ data }) => resolve(data);
  });
  const { send, proxy } = model("relay-of-a-test");
  void new KernelChannel(proxy, { page: 1 }, () => undefined).request({ kind: "stop" }, [new ArrayBuffer(2)]);
  const message = expect.objectContaining({ page: 1, kind: "stop" });
  expect(await received).toEqual([message, [expect.objectContaining({ byteLength: 2 })]]);
  expect(send).not.toHaveBeenCalled();
  receiver.close();
});
