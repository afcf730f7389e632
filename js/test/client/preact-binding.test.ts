import { h, render } from "preact";
import { expect, it, vi } from "vitest";
import { connect, createChatStore } from "../../src/client";
import { useChat } from "../../src/client/react-binding";
import { BridgeDouble, type SentMessage } from "./bridge-double";
import { CHAT_RESULT } from "./error-table";

// What an alias of "react" does in a bundle with Preact.
vi.mock("react", () => import("preact/compat"));

it("renders the snapshots of a store in Preact, until the component is removed", async () => {
  const bridge = new BridgeDouble();
  const store = createChatStore(connect(bridge.proxy), { model: "m" });
  let renders = 0;
  function Component() {
    renders += 1;
    const { status, messages } = useChat(store);
    return h("p", null, `${status} ${messages.length}`);
  }
  const root = document.createElement("div");
  render(h(Component, null), root);
  expect(root.textContent).toBe("idle 0");
  await vi.waitFor(() => expect(renders).toBe(1));
  void store.send("Hello");
  await vi.waitFor(() => expect(root.textContent).toBe("connecting 1"));
  bridge.reply(bridge.of("chat")[0] as SentMessage, CHAT_RESULT);
  await vi.waitFor(() => expect(root.textContent).toBe("idle 2"));
  render(null, root);
  const before = renders;
  void store.send("Again");
  await vi.waitFor(() => expect(bridge.of("chat")).toHaveLength(2));
  expect(renders).toBe(before);
});
