/** HTTP answers of the service to a chat request. Plain JSON values: other tests can serve them, too. */

export interface HttpAnswer {
  readonly name: string;
  readonly status: number;
  readonly contentType: string | null;
  readonly body: string;
}

const described = (status: number, message: string, more: object = {}) =>
  JSON.stringify({ error: { code: status, message, ...more } });

export const CHAT_RESULT = {
  id: "gen-1",
  object: "chat.completion",
  created: 1790000000,
  model: "openai/gpt-4o",
  system_fingerprint: "fp_1",
  choices: [
    {
      index: 0,
      finish_reason: "stop",
      message: {
        role: "assistant",
        content: "Paris",
        refusal: null,
        reasoning: "France is a country.",
        tool_calls: [
          { id: "c1", type: "function", function: { name: "look_up", arguments: '{"city_name":1}' } },
        ],
      },
      logprobs: {
        content: [
          {
            token: "P",
            logprob: -0.1,
            bytes: [80],
            top_logprobs: [{ token: "P", logprob: -0.1, bytes: null }],
          },
        ],
        refusal: null,
      },
    },
  ],
  usage: {
    prompt_tokens: 3,
    completion_tokens: 5,
    total_tokens: 8,
    prompt_tokens_details: { cached_tokens: 1 },
    completion_tokens_details: { reasoning_tokens: 2 },
  },
};

const MEANINGS: Readonly<Record<number, string>> = {
  400: "Bad request",
  401: "No auth credentials found",
  402: "Insufficient credits",
  403: "Input was flagged",
  404: "No endpoints found",
  408: "Request timed out",
  413: "Payload too large",
  422: "Unprocessable",
  429: "Rate limited",
  500: "Internal error",
  502: "Provider error",
  503: "No provider available",
  504: "Gateway timeout",
  524: "Edge timeout",
  529: "Provider overloaded",
};

const STATUSES = Object.entries(MEANINGS).map(([status, message]) => [Number(status), message] as const);

export const ERROR_TABLE: readonly HttpAnswer[] = [
  { name: "a result", status: 200, contentType: "application/json", body: JSON.stringify(CHAT_RESULT) },
  ...STATUSES.map(([status, message]) => ({
    name: `${status} that describes the error`,
    status,
    contentType: "application/json",
    body: described(status, message, { param: null, type: "kind", metadata: { provider_name: "P" } }),
  })),
  ...STATUSES.map(([status, message]) => ({
    name: `${status} with text`,
    status,
    contentType: "text/plain; charset=utf-8",
    body: message,
  })),
  ...[400, 401, 429, 500].flatMap((status) => [
    { name: `${status} of another form`, status, contentType: "application/json", body: '{"detail":"no"}' },
    { name: `${status} with a list`, status, contentType: "application/json", body: "[1]" },
    {
      name: `${status} with a code in words`,
      status,
      contentType: "application/json; charset=utf-8",
      body: '{"error":{"code":"bad","message":"Bad"}}',
    },
    {
      name: `${status} without a code`,
      status,
      contentType: "application/json",
      body: '{"error":{"message":"Bad"}}',
    },
    {
      name: `${status} with an empty message`,
      status,
      contentType: "application/json",
      body: '{"error":{"code":null,"message":""}}',
    },
  ]),
  { name: "502 with HTML", status: 502, contentType: "text/html", body: `<html>${"x".repeat(200)}</html>` },
  { name: "503 with a long body", status: 503, contentType: "text/html", body: "é".repeat(12_000) },
  { name: "404 without a body", status: 404, contentType: null, body: "" },
  { name: "418", status: 418, contentType: "application/json", body: described(418, "Teapot") },
  { name: "204", status: 204, contentType: null, body: "" },
  {
    name: "201 with a result",
    status: 201,
    contentType: "application/json",
    body: JSON.stringify(CHAT_RESULT),
  },
  { name: "200 with text", status: 200, contentType: "text/plain", body: "OK" },
  { name: "200 without a type", status: 200, contentType: null, body: JSON.stringify(CHAT_RESULT) },
  { name: "200 of another form", status: 200, contentType: "application/json", body: '{"id":"gen-1"}' },
  {
    name: "200 with an error",
    status: 200,
    contentType: "application/json",
    body: described(502, "Provider error"),
  },
  { name: "200 with null", status: 200, contentType: "application/json", body: "null" },
  { name: "200 with invalid JSON", status: 200, contentType: "application/json", body: '{"id":' },
  { name: "400 with invalid JSON", status: 400, contentType: "application/json", body: "oops" },
];
