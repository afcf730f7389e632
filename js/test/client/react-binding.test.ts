// @vitest-environment node

import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { Window } from "happy-dom";
import { OpenRouterCore } from "openrouter-sdk-0.1/core.js";
import { OpenRouterProvider as SdkProvider } from "openrouter-sdk-0.1/react-query/_context.js";
import { useChatSendMutation as useSdkMutation } from "openrouter-sdk-0.1/react-query/chatSend.js";
import { createElement as h, type ReactNode, useEffect } from "react";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { connect, createChatStore } from "../../src/client";
import { OpenRouterProvider, useChat, useChatSendMutation } from "../../src/client/react-binding";
import { BridgeDouble, type SentMessage } from "./bridge-double";
import { CHAT_RESULT } from "./error-table";
import { httpBridge } from "./http-bridge";
import { LoopbackService } from "./loopback-service";

const service = new LoopbackService();
const window = new Window();
let url: string;
let createRoot: typeof import("react-dom/client").createRoot;

beforeAll(async () => {
  const { document, navigator } = window;
  Object.assign(globalThis, { window, document, navigator });
  ({ createRoot } = await import("react-dom/client"));
  url = await service.start();
});
afterAll(() => service.stop());

type Mutation = ReturnType<typeof useChatSendMutation>;

/** Drive a component that uses a hook through a result, an error, an abort and a reset. Returns the states that it had. */
async function drive(use: () => Mutation, provider: (child: ReactNode) => ReactNode): Promise<unknown[]> {
  const states: unknown[][] = [];
  let present!: Mutation;
  function Component() {
    present = use();
    const { status, data, error } = present;
    const state = [status, data?.choices[0]?.message.content ?? null, error?.name ?? null];
    useEffect(() => {
      if (JSON.stringify(states.at(-1)) !== JSON.stringify(state)) states.push(state);
    });
    return null;
  }
  let seen = 0;
  const shows = async (status: string) => {
    await vi.waitFor(() => expect(states.slice(seen).map(([each]) => each)).toContain(status));
    seen = states.length;
  };
  const root = createRoot(window.document.createElement("div") as unknown as Element);
  root.render(h(QueryClientProvider, { client: new QueryClient(), children: provider(h(Component)) }));
  await shows("idle");
  const request = { model: "m", messages: [{ role: "user" as const, content: "Hello" }] };
  const ok = service.answer;
  present.mutate({ request });
  await shows("success");
  service.answer = { ...ok, status: 429, body: '{"error":{"code":429,"message":"Slow down"}}' };
  present.mutate({ request });
  await shows("error");
  service.answer = ok;
  service.holds = true;
  const control = new AbortController();
  const { arrival } = service;
  present.mutate({ request, options: { fetchOptions: { signal: control.signal } } });
  await arrival;
  await shows("pending");
  control.abort();
  await shows("error");
  service.holds = false;
  service.release();
  present.reset();
  await shows("idle");
  root.unmount();
  return states;
}

it("has the states of the SDK's hook: idle, pending, success, error, abort", async () => {
  const sdk = new OpenRouterCore({ serverURL: url, apiKey: "sk-or-test" });
  const reference = await drive(useSdkMutation as unknown as () => Mutation, (child) =>
    h(SdkProvider, { client: sdk, children: child }),
  );
  const connection = connect(httpBridge(url).proxy);
  const own = await drive(useChatSendMutation, (child) =>
    h(OpenRouterProvider, { client: connection, children: child }),
  );
  expect(own).toEqual(reference);
  expect(own).toEqual([
    ["idle", null, null],
    ["pending", null, null],
    ["success", "Paris", null],
    ["pending", null, null],
    ["error", null, "ChatError"],
    ["pending", null, null],
    ["error", null, "RequestAbortedError"],
    ["idle", null, null],
  ]);
});

it("renders the snapshots of a store", async () => {
  const bridge = new BridgeDouble();
  const store = createChatStore(connect(bridge.proxy), { model: "m" });
  const shown: string[] = [];
  function Component() {
    const { status, messages } = useChat(store);
    shown.push(`${status} ${messages.length}`);
    return null;
  }
  const root = createRoot(window.document.createElement("div") as unknown as Element);
  root.render(h(Component));
  await vi.waitFor(() => expect(shown).toEqual(["idle 0"]));
  void store.send("Hello");
  await vi.waitFor(() => expect(shown.at(-1)).toBe("connecting 1"));
  bridge.reply(bridge.of("chat")[0] as SentMessage, CHAT_RESULT);
  await vi.waitFor(() => expect(shown.at(-1)).toBe("idle 2"));
  root.unmount();
  expect(shown).toEqual(["idle 0", "connecting 1", "idle 2"]);
});
