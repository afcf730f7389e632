/** Requests in camelCase that OpenRouter's TypeScript SDK 0.1.11 accepts. Plain JSON values: other tests can send them, too. */

import type { ChatGenerationParams, Content, ContentPart, Message } from "../../src/client";

/** The request of the SDK's documentation, all 21 fields and `models`, with lawful numbers. */
export const SEED_REQUEST: ChatGenerationParams = {
  messages: [
    { role: "system", content: "You are a helpful assistant.", name: "system" },
    { role: "user", content: "What is the capital of France?" },
  ],
  model: "openai/gpt-4o",
  models: ["openai/gpt-4o", "anthropic/claude-sonnet-4.5"],
  frequencyPenalty: 0.5,
  logitBias: { "50256": -100, "198": 1.5 },
  logprobs: true,
  topLogprobs: 5,
  maxCompletionTokens: 100,
  maxTokens: 100,
  metadata: { userId: "user-1", session_id: "s-2" },
  presencePenalty: -0.5,
  reasoning: { effort: "low", summary: "auto" },
  responseFormat: {
    type: "json_schema",
    jsonSchema: {
      name: "capital",
      description: "A capital",
      schema: { type: "object", properties: { cityName: { type: "string" } }, additionalProperties: false },
      strict: true,
    },
  },
  seed: 42,
  stop: ["\n\n", "END"],
  stream: false,
  streamOptions: { includeUsage: true },
  temperature: 1e-7,
  toolChoice: { type: "function", function: { name: "lookupCity" } },
  tools: [
    {
      type: "function",
      function: {
        name: "lookupCity",
        description: "Look up a city",
        parameters: { type: "object", properties: { cityName: { maxLength: 20 } }, required: ["cityName"] },
        strict: null,
      },
    },
  ],
  topP: 0.9,
  user: "user-1",
};

const TEXTS = [
  "",
  "Hello",
  "Grüße, 你好, 🎉🏳️‍🌈",
  'quote " backslash \\ slash / \u2028 \u2029',
  "\u0000\u0007\b\t\n\f\r\u001f\u007f\u0085",
  "lone \ud83d and \udc4d surrogates",
  "__proto__",
  "camelCase topLogprobs snake_case",
  "</script><!-- &amp;",
  "a\u0301 \ufeff \u202e",
];
const NUMBERS = [
  0, -0, 1, -1, 0.1, 1e-7, 1.5e-10, 1e21, 123456789012345680000, 0.30000000000000004, 5e-324, 1e300, -1.5,
];
const INTEGERS = [0, -0, 1, 42, -7, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER];
const KEYS = ["a", "topLogprobs", "max_tokens", "10", "2", "", "ключ", "toJSON", "constructor"];

/** A generator of pseudorandom numbers (mulberry32), so that each seed gives the same requests. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export function generateRequests(count: number, seed = 13): ChatGenerationParams[] {
  const next = random(seed);
  const below = (limit: number) => Math.floor(next() * limit);
  const pick = <Value>(values: readonly Value[]) => values[below(values.length)] as Value;
  const list = <Value>(make: () => Value, least = 0) => Array.from({ length: least + below(3) }, make);
  const text = () => pick(TEXTS);
  const number = () => (next() < 0.5 ? pick(NUMBERS) : (next() - 0.5) * 10 ** (below(30) - 15));
  const integer = () => pick(INTEGERS);
  const boolean = () => next() < 0.5;
  const nullOr = (make: () => unknown) => () => (next() < 0.2 ? null : make());
  const map = (make: () => unknown) => () => Object.fromEntries(list(() => [pick(KEYS), make()]));
  const json = (depth = 0): unknown =>
    pick<() => unknown>([
      text,
      number,
      boolean,
      () => null,
      ...(depth < 3 ? [() => list(() => json(depth + 1)), map(() => json(depth + 1))] : []),
    ])();

  /** An object with these fields in any order; an optional one is often absent, sometimes undefined. */
  function fields(
    required: Record<string, () => unknown>,
    optional: Record<string, () => unknown> = {},
  ): Record<string, unknown> {
    const chosen = Object.entries(optional)
      .filter(() => next() < 0.4)
      .map(([name, make]) => [name, next() < 0.1 ? () => undefined : make] as const);
    const all = [...Object.entries(required), ...chosen].map(([name, make]) => ({
      name,
      make,
      order: next(),
    }));
    all.sort((a, b) => a.order - b.order);
    return Object.fromEntries(all.map(({ name, make }) => [name, make()]));
  }
  const always =
    <Value>(value: Value) =>
    () =>
      value;

  const part = () =>
    pick([
      () => fields({ type: always("text"), text }),
      () =>
        fields({
          type: always("image_url"),
          imageUrl: () => fields({ url: text }, { detail: () => pick(["auto", "low", "new"]) }),
        }),
      () =>
        fields({
          type: always("input_audio"),
          inputAudio: () => fields({ data: text, format: () => pick(["wav", "mp3", "new"]) }),
        }),
      () => fields({ type: always("input_video"), videoUrl: () => fields({ url: text }) }),
    ])() as ContentPart;
  const textPart = () => fields({ type: always("text"), text }) as ContentPart;
  const content = (make: () => ContentPart) => () => (boolean() ? text() : list(make)) as Content;
  const toolCall = () =>
    fields({
      id: text,
      type: always("function"),
      function: () => fields({ name: text, arguments: () => JSON.stringify(json()) }),
    });
  const message = () =>
    pick([
      () => fields({ role: always("system"), content: content(textPart) }, { name: text }),
      () => fields({ role: always("developer"), content: content(textPart) }, { name: text }),
      () => fields({ role: always("user"), content: content(part) }, { name: text }),
      () => fields({ role: always("tool"), content: content(part), toolCallId: text }),
      () =>
        fields(
          { role: always("assistant") },
          {
            content: nullOr(content(part)),
            name: text,
            toolCalls: () => list(toolCall),
            refusal: nullOr(text),
            reasoning: nullOr(text),
          },
        ),
    ])() as unknown as Message;
  const schema = { description: text, strict: nullOr(boolean) };
  const tool = () =>
    fields({
      type: always("function"),
      function: () => fields({ name: text }, { ...schema, parameters: map(json) }),
    });
  const format = () =>
    pick([
      () => fields({ type: () => pick(["text", "json_object", "python"]) }),
      () => fields({ type: always("grammar"), grammar: text }),
      () =>
        fields({
          type: always("json_schema"),
          jsonSchema: () => fields({ name: text }, { ...schema, schema: map(json) }),
        }),
    ])();

  const request = () =>
    fields(
      { messages: () => list(message) },
      {
        model: text,
        models: () => list(text),
        frequencyPenalty: nullOr(number),
        logitBias: nullOr(map(number)),
        logprobs: nullOr(boolean),
        topLogprobs: nullOr(number),
        maxCompletionTokens: nullOr(number),
        maxTokens: nullOr(number),
        metadata: map(text),
        presencePenalty: nullOr(number),
        reasoning: () =>
          fields({}, { effort: nullOr(() => pick(["low", "high", "new"])), summary: nullOr(text) }),
        responseFormat: format,
        seed: nullOr(integer),
        stop: nullOr(() => (boolean() ? text() : list(text))),
        stream: always(false),
        streamOptions: nullOr(() => fields({}, { includeUsage: boolean })),
        temperature: nullOr(number),
        toolChoice: () => (boolean() ? pick(["none", "auto", "required"]) : json()),
        tools: () => list(tool),
        topP: nullOr(number),
        user: text,
      },
    ) as unknown as ChatGenerationParams;
  return Array.from({ length: count }, request);
}

/** Requests that the SDK refuses, and what our message contains. */
export const INVALID_REQUESTS: readonly (readonly [request: unknown, message: string])[] = [
  [{}, "request.messages: expected a value"],
  [{ messages: "Hi" }, "request.messages: expected an array"],
  [{ messages: [{ role: "user" }] }, "request.messages[0].content: expected a value"],
  [{ messages: [{ role: "robot", content: "Hi" }] }, "request.messages[0].role: expected one of"],
  [{ messages: [{ role: "user", content: 1 }] }, "request.messages[0].content: expected an array"],
  [{ messages: [{ role: "user", content: null }] }, "request.messages[0].content: expected an array"],
  [{ messages: [], temperature: "1" }, "request.temperature: expected a number"],
  [{ messages: [], temperature: Number.NaN }, "request.temperature: expected a number"],
  [{ messages: [], temperature: Number.POSITIVE_INFINITY }, "request.temperature: expected a number"],
  [{ messages: [], seed: 1.5 }, "request.seed: expected an integer"],
  [{ messages: [], model: null }, "request.model: expected a string"],
  [{ messages: [], stream: null }, "request.stream: expected a boolean"],
  [{ messages: [], metadata: { count: 1 } }, "request.metadata: expected an object of strings"],
  [{ messages: [], logitBias: { "1": "2" } }, "request.logitBias: expected an object of numbers"],
  [{ messages: [], responseFormat: { type: "xml" } }, "request.responseFormat.type: expected one of"],
  [{ messages: [], stop: 7 }, "request.stop: expected an array"],
  [
    { messages: [{ role: "system", content: [{ type: "image_url", imageUrl: { url: "" } }] }] },
    'request.messages[0].content[0].type: expected "text"',
  ],
  [null, "request.messages: expected a value"],
];
