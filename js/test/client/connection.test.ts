// @vitest-environment node

import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { OpenRouterCore } from "openrouter-sdk-0.1/core.js";
import { chatSend as sdkChatSend } from "openrouter-sdk-0.1/funcs/chatSend.js";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { type AnswerEvent, type ChatGenerationParams, type ChatResponse, connect } from "../../src/client";
import { BridgeDouble, type SentMessage } from "./bridge-double";
import { CHAT_RESULT, ERROR_TABLE } from "./error-table";
import { httpBridge } from "./http-bridge";
import { LoopbackService } from "./loopback-service";
import { SEED_REQUEST } from "./request-generator";

const request = (text: string): ChatGenerationParams => ({
  model: "m",
  messages: [{ role: "user", content: text }],
  stream: true,
});
const result = (content: string) => ({
  ...CHAT_RESULT,
  choices: [{ index: 0, finish_reason: "stop", message: { role: "assistant", content } }],
});

describe("a connection", () => {
  let bridge: BridgeDouble;

  beforeEach(() => {
    bridge = new BridgeDouble();
  });
  afterEach(() => vi.useRealTimers());

  it("mixes nothing of 32 requests at once", async () => {
    const { chatSend } = connect(bridge.proxy);
    const texts = Array.from({ length: 32 }, (_, number) => `text ${number}`);
    const events = texts.map((): AnswerEvent[] => []);
    const calls = texts.map((text, index) =>
      chatSend(request(text), { onEvent: (event) => events[index]?.push(event) }),
    );
    const runs = bridge.of("chat").map(({ run }) => run);
    for (const seq of [1, 2])
      bridge.deltas(...runs.map((run, index) => ({ run, seq, text: `${seq} of ${texts[index]}. ` })));
    for (const message of [...bridge.of("chat")].reverse())
      bridge.reply(message, result(texts[runs.indexOf(message.run)] ?? ""));
    for (const [index, call] of calls.entries()) {
      expect((await call).value?.choices[0]?.message.content).toBe(texts[index]);
      const said = (events[index] ?? []).flatMap((event) => (event.type === "text" ? event.text : []));
      expect(said).toEqual([`1 of ${texts[index]}. `, `2 of ${texts[index]}. `]);
    }
  });

  it("aborts one request and leaves the others", async () => {
    const connection = connect(bridge.proxy);
    const [first, second] = [connection.chatSend(request("a")), connection.chatSend(request("b"))];
    first.abort();
    expect((await first).error?.name).toBe("RequestAbortedError");
    expect(bridge.of("abort").map(({ run }) => run)).toEqual([first.run]);
    bridge.reply(bridge.of("chat")[1] as SentMessage, result("b"));
    expect((await second).ok).toBe(true);
  });

  it("sends a request without a reply again with the same id", async () => {
    vi.useFakeTimers();
    const call = connect(bridge.proxy).chatSend(request("a"));
    await vi.advanceTimersByTimeAsync(16_000);
    const sent = bridge.of("chat");
    expect(sent.length).toBe(3);
    expect(new Set(sent.map(({ id }) => id)).size).toBe(1);
    bridge.reply(sent[0] as SentMessage, result("a"));
    expect((await call).ok).toBe(true);
    await vi.advanceTimersByTimeAsync(100_000);
    expect(bridge.of("chat").length).toBe(3);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("ends each request when the kernel disconnects", async () => {
    const connection = connect(bridge.proxy);
    const calls = [connection.chatSend(request("a")), connection.chatSend(request("b")), connection.models()];
    bridge.restart();
    for (const call of calls) expect((await call).error?.name).toBe("KernelDisconnectedError");
    bridge.isShutDown = true;
    expect((await connection.chatSend(request("c"))).error?.name).toBe("KernelDisconnectedError");
  });

  it("requests a snapshot after a lost delta, and repeats no text", async () => {
    const events: AnswerEvent[] = [];
    const call = connect(bridge.proxy).chatSend(request("a"), { onEvent: (event) => events.push(event) });
    const { run } = call;
    bridge.deltas({ run, seq: 1, text: "one " });
    bridge.deltas({ run, seq: 3, text: "three" });
    expect(bridge.of("resync").map((message) => message.run)).toEqual([run]);
    const state = { seq: 3, model: "m", phase: "answering", elapsed_ms: 5, text: "one two three" };
    bridge.deliver({ kind: "snapshot", v: 3, run, ...state });
    bridge.reply(bridge.of("chat")[0] as SentMessage, result("one two three"));
    await call;
    expect(events.flatMap((event) => (event.type === "text" ? event.text : []))).toEqual([
      "one ",
      "two three",
    ]);
    expect(events.at(-1)).toMatchObject({ type: "result", result: { ok: true } });
  });

  it("ignores the messages of other pages and of the widget's author", async () => {
    const call = connect(bridge.proxy).chatSend(request("a"));
    const { id, run } = bridge.of("chat")[0] as SentMessage;
    bridge.deliver({ kind: "reply", id: id + 1, ok: true, value: result("other") });
    bridge.deltas({ run: "other", seq: 1, text: "other" });
    bridge.deliver({ openrouter: undefined, kind: "reply", id, ok: true, value: result("author") });
    bridge.reply({ id }, result("own"));
    expect((await call).value?.choices[0]?.message.content).toBe("own");
    expect(run).toMatch(/^[a-z0-9-]{1,40}$/);
  });

  it("leaves a stream by aborting it", async () => {
    const connection = connect(bridge.proxy);
    bridge.handle = ({ kind, run }) => {
      if (kind === "chat") bridge.deltas({ run, seq: 1, text: "one" });
    };
    for await (const event of connection.stream(request("a"))) if (event.type === "text") break;
    expect(bridge.of("abort").length).toBe(1);
  });

  it("removes its listeners and refuses requests after dispose", async () => {
    const connection = connect(bridge.proxy);
    const call = connection.chatSend(request("a"));
    connection.dispose();
    expect((await call).error?.name).toBe("RequestAbortedError");
    expect(bridge.listeners).toBe(0);
    expect((await connection.chatSend(request("b"))).error?.name).toBe("InvalidRequestError");
  });
});

describe("results and errors", () => {
  const service = new LoopbackService();
  let url: string;

  // For JSON that is incomplete the SDK throws a SyntaxError, in a second promise as well, instead of returning a Result.
  const ignore = () => {};

  beforeAll(async () => {
    process.on("unhandledRejection", ignore);
    url = await service.start();
  });
  afterAll(async () => {
    process.off("unhandledRejection", ignore);
    await service.stop();
  });

  it.each(ERROR_TABLE.filter(({ name }) => !name.includes("invalid JSON")))(
    "agree with the SDK's for $name",
    async (answer) => {
      service.answer = answer;
      const sdk = new OpenRouterCore({ serverURL: url, apiKey: "sk-or-test" });
      const reference = await sdkChatSend(sdk, SEED_REQUEST as unknown as Parameters<typeof sdkChatSend>[1]);
      const own = await connect(httpBridge(url).proxy).chatSend(SEED_REQUEST);
      expect(own.ok).toBe(reference.ok);
      expect(own.error?.name).toBe(reference.error?.name);
      const status = (error: object | undefined) =>
        error && "statusCode" in error ? error.statusCode : null;
      expect(status(own.error)).toBe(status(reference.error));
      if (reference.ok)
        expect(own.value).toMatchObject({ choices: (reference.value as ChatResponse).choices });
    },
  );

  it("are those of the SDK where no answer came", async () => {
    const gone = "http://127.0.0.1:9";
    const sdk = new OpenRouterCore({ serverURL: gone, apiKey: "sk-or-test" });
    const reference = await sdkChatSend(sdk, SEED_REQUEST as unknown as Parameters<typeof sdkChatSend>[1]);
    const own = await connect(httpBridge(gone).proxy).chatSend(SEED_REQUEST);
    expect(own.error?.name).toBe(reference.error?.name);
  });
});

it("client and store take at most 8 kB, compressed", () => {
  const module = readFileSync(new URL("../../../openrouter_nb/static/client.js", import.meta.url));
  expect(gzipSync(module, { level: 9 }).length).toBeLessThanOrEqual(8 * 1024);
});
