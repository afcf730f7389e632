// @vitest-environment node

import { OpenRouterCore } from "openrouter-sdk-0.1/core.js";
import { chatSend as sdkChatSend } from "openrouter-sdk-0.1/funcs/chatSend.js";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ChatGenerationParams, connect } from "../../src/client";
import { BridgeDouble } from "./bridge-double";
import { LoopbackService } from "./loopback-service";
import { generateRequests, INVALID_REQUESTS, SEED_REQUEST } from "./request-generator";

type SdkRequest = Parameters<typeof sdkChatSend>[1];

const service = new LoopbackService();
let sdk: OpenRouterCore;

beforeAll(async () => {
  sdk = new OpenRouterCore({ serverURL: await service.start(), apiKey: "sk-or-test" });
});
afterAll(() => service.stop());

/** Return the body that the SDK sends. */
async function sdkBody(request: ChatGenerationParams): Promise<string> {
  const result = await sdkChatSend(sdk, request as unknown as SdkRequest);
  if (!result.ok) throw result.error;
  return service.bodies.at(-1) as string;
}

/** Return the body that our client sends. */
async function ownBody(request: unknown): Promise<string> {
  const bridge = new BridgeDouble();
  bridge.handle = (message) => bridge.reply(message, {});
  const connection = connect(bridge.proxy);
  const result = await connection.chatSend(request as ChatGenerationParams);
  connection.dispose();
  if (!result.ok) throw result.error;
  return bridge.sent[0]?.body as string;
}

describe("the body of a request", () => {
  it("is byte-equal to the SDK's for all fields", async () => {
    const body = await ownBody(SEED_REQUEST);
    expect(body).toBe(await sdkBody(SEED_REQUEST));
    expect(Object.keys(JSON.parse(body))).toHaveLength(22);
  });

  it("is byte-equal to the SDK's for 300 generated requests", async () => {
    const requests = generateRequests(300);
    for (const request of requests) expect(await ownBody(request)).toBe(await sdkBody(request));
    const sent = requests.map((request) => JSON.stringify(request));
    expect(new Set(sent).size).toBeGreaterThan(290);
    const used = new Set(requests.flatMap((request) => Object.keys(request)));
    expect(used.size).toBe(22);
  });

  it.each(INVALID_REQUESTS)("is not sent for %j", async (request, message) => {
    const reference = await sdkChatSend(sdk, request as SdkRequest);
    expect(reference.error?.name).toBe("SDKValidationError");
    const bridge = new BridgeDouble();
    const result = await connect(bridge.proxy).chatSend(request as ChatGenerationParams);
    expect(result.error?.name).toBe("SDKValidationError");
    expect(result.error?.message).toContain(`Input validation failed: ${message}`);
    expect(bridge.sent).toEqual([]);
  });
});

describe("fields that are newer than the SDK", () => {
  it("are sent in snake_case, after the others", async () => {
    const body = await ownBody({
      provider: { allowFallbacks: false, maxPrice: { prompt: 1 }, sort: { by: "price" } },
      plugins: [{ id: "web", maxResults: 3 }],
      sessionId: "s",
      topK: 3,
      minP: 0.1,
      topA: null,
      repetitionPenalty: 1,
      modalities: ["text", "image"],
      imageConfig: { aspectRatio: "16:9" },
      verbosity: "low",
      route: null,
      debug: { echoUpstreamBody: true },
      trace: { traceId: "t", ownKey: 1 },
      xSearchFilter: { fromDate: "2026-01-01" },
      messages: [
        { role: "user", content: [{ type: "text", text: "Hi", cacheControl: { type: "ephemeral" } }] },
        { role: "user", content: [{ type: "file", file: { fileData: "d", filename: "a.pdf" } }] },
        { role: "assistant", content: "A", reasoningDetails: [{ type: "reasoning.text", text: "R" }] },
      ],
      tools: [{ type: "openrouter:web_search", parameters: { maxResults: 2 } }],
    });
    expect(JSON.parse(body)).toEqual({
      messages: [
        { role: "user", content: [{ type: "text", text: "Hi", cache_control: { type: "ephemeral" } }] },
        { role: "user", content: [{ type: "file", file: { filename: "a.pdf", file_data: "d" } }] },
        { role: "assistant", content: "A", reasoning_details: [{ type: "reasoning.text", text: "R" }] },
      ],
      stream: false,
      tools: [{ type: "openrouter:web_search", parameters: { max_results: 2 } }],
      top_k: 3,
      min_p: 0.1,
      top_a: null,
      repetition_penalty: 1,
      verbosity: "low",
      provider: { allow_fallbacks: false, max_price: { prompt: 1 }, sort: { by: "price" } },
      route: null,
      plugins: [{ id: "web", max_results: 3 }],
      modalities: ["text", "image"],
      image_config: { aspect_ratio: "16:9" },
      x_search_filter: { from_date: "2026-01-01" },
      session_id: "s",
      trace: { trace_id: "t", ownKey: 1 },
      debug: { echo_upstream_body: true },
    });
    expect(body).toMatch(/^\{"messages":.*"stream":false,"tools":.*"top_k":/);
  });

  it.each([
    [{ max_tokens: 3 }, 'request has no key "max_tokens"; did you mean "maxTokens"?'],
    [{ temprature: 3 }, 'did you mean "temperature"?'],
    [{ topLogProbs: 3 }, 'did you mean "topLogprobs"?'],
    [{ reasoning: { efort: "low" } }, 'request.reasoning has no key "efort"; did you mean "effort"?'],
    [{ somethingElse: 1 }, 'request has no key "somethingElse"'],
  ])("have no typing errors: %j", async (fields, message) => {
    const result = await connect(new BridgeDouble().proxy).chatSend({ messages: [], ...(fields as object) });
    expect(result.error?.name).toBe("SDKValidationError");
    expect(result.error?.message).toContain(message);
  });

  it("are not circular", async () => {
    const provider: Record<string, unknown> = {};
    provider.self = provider;
    const result = await connect(new BridgeDouble().proxy).chatSend({ messages: [], provider });
    expect(result.error?.name).toBe("SDKValidationError");
  });
});
