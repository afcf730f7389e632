/**
 * Write what OpenRouter's TypeScript SDK sends and returns, one JSON value for the tests in Chromium:
 * `bodies` are pairs of a request and the body that the SDK sends for it, `results` the outcomes of `ERROR_TABLE`.
 */

import { OpenRouterCore } from "openrouter-sdk-0.1/core.js";
import { chatSend } from "openrouter-sdk-0.1/funcs/chatSend.js";
import type { ChatGenerationParams } from "../../src/client";
import { ERROR_TABLE } from "./error-table";
import { LoopbackService } from "./loopback-service";
import { generateRequests, SEED_REQUEST } from "./request-generator";

type SdkRequest = Parameters<typeof chatSend>[1];

// For JSON that is incomplete the SDK throws a SyntaxError, in a second promise as well, instead of returning a Result.
process.on("unhandledRejection", () => {});
const service = new LoopbackService();
const sdk = new OpenRouterCore({ serverURL: await service.start(), apiKey: "sk-or-test" });
const bodies: { request: object; body: string | undefined }[] = [];
const MODEL = "openai/gpt-4o";
/** The bounds of numbers, and whether they are whole. */
const NUMBERS = {
  frequencyPenalty: [-2, 2, false],
  maxCompletionTokens: [1, 1e6, true],
  maxTokens: [1, 1e6, true],
  presencePenalty: [-2, 2, false],
  temperature: [0, 2, false],
  topLogprobs: [0, 20, true],
  topP: [0, 1, false],
} as const;

const NAME = /^[\w-]{1,64}$/;
const named = <Value extends { name: string }>(value: Value): Value =>
  NAME.test(value.name) ? value : { ...value, name: "a_name" };

/** Return a request with models that a kernel can allow, and with values that the service accepts. */
function lawful(request: ChatGenerationParams): ChatGenerationParams {
  const { messages, models, logitBias, responseFormat, tools, toolChoice } = request;
  const changed: Record<string, unknown> = { ...request, model: MODEL };
  if (messages.length === 0) changed.messages = [{ role: "user", content: "Hello" }];
  if (models) changed.models = [MODEL];
  if (logitBias) changed.logitBias = { "198": 1.5, "50256": -100 };
  if (tools)
    changed.tools = tools.map((tool) =>
      "function" in tool ? { ...tool, function: named(tool.function) } : tool,
    );
  if (toolChoice !== undefined && typeof toolChoice !== "string") changed.toolChoice = "auto";
  if (responseFormat && "jsonSchema" in responseFormat)
    changed.responseFormat = { ...responseFormat, jsonSchema: named(responseFormat.jsonSchema) };
  for (const [name, [low, high, isWhole]] of Object.entries(NUMBERS)) {
    const value = changed[name];
    if (typeof value !== "number") continue;
    const bounded = Math.max(low, Math.min(high, value));
    changed[name] = isWhole ? Math.round(bounded) : bounded;
  }
  return changed as unknown as ChatGenerationParams;
}

const generated = generateRequests(300).map(lawful);
for (const request of [SEED_REQUEST, ...generated]) {
  await chatSend(sdk, request as unknown as SdkRequest);
  bodies.push({ request, body: service.bodies.at(-1) });
}
const results: object[] = [];
for (const answer of ERROR_TABLE) {
  service.answer = answer;
  try {
    const { ok, error } = await chatSend(sdk, SEED_REQUEST as unknown as SdkRequest);
    const status = error && "statusCode" in error ? error.statusCode : null;
    results.push({ answer, ok, name: error?.name ?? null, message: error?.message ?? null, status });
  } catch {
    results.push({ answer, ok: false, name: null });
  }
}
await service.stop();
console.log(JSON.stringify({ bodies, results }));
