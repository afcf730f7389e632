// @vitest-environment node

import { beforeEach, expect, it } from "vitest";
import { type ChatStore, connect, createChatStore } from "../../src/client";
import { BridgeDouble, type SentMessage } from "./bridge-double";
import { CHAT_RESULT } from "./error-table";

let bridge: BridgeDouble;
let store: ChatStore;

beforeEach(() => {
  bridge = new BridgeDouble();
  store = createChatStore(connect(bridge.proxy), {
    model: "m",
    system: "Be kind.",
    params: { temperature: 1 },
  });
});

const last = () => bridge.of("chat").at(-1) as SentMessage;
const texts = () => store.getSnapshot().messages.map(({ role, content }) => `${role}: ${content}`);

function reply(content: string): void {
  const choices = [{ index: 0, finish_reason: "stop", message: { role: "assistant", content } }];
  bridge.reply(last(), { ...CHAT_RESULT, choices });
}

it("sends the conversation and keeps the answer", async () => {
  const call = store.send("Hello");
  expect(store.getSnapshot()).toMatchObject({ status: "connecting", answer: null });
  expect(JSON.parse(last().body)).toMatchObject({
    model: "m",
    temperature: 1,
    stream: true,
    messages: [{ role: "system" }, { role: "user", content: "Hello" }],
  });
  bridge.deltas({ run: last().run, seq: 1, phase: "answering", text: "Hi", reasoning: "Think" });
  expect(store.getSnapshot()).toMatchObject({
    status: "streaming",
    answer: { text: "Hi", reasoning: "Think" },
  });
  reply("Hi there");
  await call;
  expect(store.getSnapshot()).toMatchObject({ status: "idle", answer: null, usage: { totalTokens: 8 } });
  expect(texts()).toEqual(["user: Hello", "assistant: Hi there"]);
});

it("returns the same snapshot between changes, and tells each listener of a change", async () => {
  const seen: unknown[] = [];
  const stop = store.subscribe(() => seen.push(store.getSnapshot()));
  const before = store.getSnapshot();
  expect(store.getSnapshot()).toBe(before);
  const call = store.send("Hello");
  expect(seen.length).toBe(1);
  expect(store.getSnapshot()).not.toBe(before);
  expect(before.messages).toEqual([]);
  stop();
  reply("Hi");
  await call;
  expect(seen.length).toBe(1);
});

it("stops an answer and keeps its text", async () => {
  const call = store.send("Hello");
  bridge.deltas({ run: last().run, seq: 1, phase: "answering", text: "Half" });
  store.stop();
  expect(store.getSnapshot()).toMatchObject({ status: "idle", answer: null });
  expect(texts()).toEqual(["user: Hello", "assistant: Half"]);
  expect((await call).error?.name).toBe("RequestAbortedError");
  expect(store.getSnapshot().status).toBe("idle");
  expect(bridge.of("abort").length).toBe(1);
});

it("regenerates the last answer and edits a message", async () => {
  const first = store.send("One");
  reply("1");
  await first;
  const again = store.regenerate();
  expect(JSON.parse(last().body).messages.length).toBe(2);
  reply("uno");
  await again;
  expect(texts()).toEqual(["user: One", "assistant: uno"]);
  const second = store.send("Two");
  reply("2");
  await second;
  const edited = store.edit(0, "Three");
  reply("3");
  await edited;
  expect(texts()).toEqual(["user: Three", "assistant: 3"]);
  expect(await store.edit(1, "drei")).toBeUndefined();
  expect(texts()).toEqual(["user: Three", "assistant: drei"]);
  expect((await store.edit(7, "x"))?.error?.name).toBe("InvalidRequestError");
});

it("decides about the tool calls that wait", async () => {
  const call = store.send("Weather?");
  const { run } = last();
  const proposed = { id: "c1", name: "weather", arguments: "{}", state: "waiting" };
  bridge.deltas({ run, seq: 1, phase: "waiting", tool_calls: [proposed] });
  expect(store.getSnapshot()).toMatchObject({ status: "waiting", toolCalls: [{ id: "c1" }] });
  for (const decide of [
    () => store.approve("c1"),
    () => store.approve("c1", '{"city":"Lyon"}'),
    () => store.respond("c1", "sunny"),
    () => store.refuse("c1", "no"),
  ]) {
    const decided = decide();
    bridge.reply(bridge.of("decide").at(-1) as SentMessage, null);
    expect((await decided).ok).toBe(true);
  }
  const sent = bridge.of("decide").map(({ call: id, decision, value }) => [id, decision, value]);
  expect(sent).toEqual([
    ["c1", "run", undefined],
    ["c1", "run_with", '{"city":"Lyon"}'],
    ["c1", "respond", "sunny"],
    ["c1", "refuse", "no"],
  ]);
  reply("Sunny.");
  await call;
  expect(store.getSnapshot()).toMatchObject({ status: "idle", toolCalls: [] });
  expect((await store.approve("c1")).error?.name).toBe("InvalidRequestError");
});

it("shows an error with what had arrived, and continues", async () => {
  const call = store.send("Hello");
  bridge.deltas({ run: last().run, seq: 1, phase: "answering", text: "Half" });
  bridge.restart();
  await call;
  expect(store.getSnapshot()).toMatchObject({
    status: "error",
    error: { name: "KernelDisconnectedError" },
    answer: { text: "Half" },
  });
});
