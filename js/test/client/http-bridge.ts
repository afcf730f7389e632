import { BridgeDouble, type SentMessage } from "./bridge-double";

/** A bridge that sends chat requests to a server, and names errors as the protocol specifies. */
export function httpBridge(url: string): BridgeDouble {
  const bridge = new BridgeDouble();
  const aborts = new Map<string, AbortController>();
  bridge.handle = (message) => {
    if (message.kind === "abort") aborts.get(message.run)?.abort();
    if (message.kind !== "chat") return;
    const own = new AbortController();
    aborts.set(message.run, own);
    void forward(bridge, url, message, own.signal);
  };
  return bridge;
}

async function forward(
  bridge: BridgeDouble,
  url: string,
  message: SentMessage,
  aborted: AbortSignal,
): Promise<void> {
  const { body, timeout_ms } = message;
  const signal = timeout_ms ? AbortSignal.any([aborted, AbortSignal.timeout(Number(timeout_ms))]) : aborted;
  const headers = { "content-type": "application/json" };
  let response: Response;
  try {
    response = await fetch(`${url}/chat/completions`, { method: "POST", body, headers, signal });
  } catch (error) {
    bridge.fail(message, connectionError(error as Error));
    return;
  }
  const text = await response.text();
  const failure = responseError(response, text);
  if (!failure) bridge.reply(message, JSON.parse(text));
  else
    bridge.fail(message, {
      ...failure,
      status_code: response.status,
      body: text,
      headers: Object.fromEntries(response.headers),
      content_type: response.headers.get("content-type") ?? "",
    });
}

function connectionError(error: Error): { name: string; message: string } {
  if (error.name === "AbortError")
    return { name: "RequestAbortedError", message: `Request aborted by client: ${error}` };
  if (error.name === "TimeoutError")
    return { name: "RequestTimeoutError", message: `Request timed out: ${error}` };
  return { name: "ConnectionError", message: `Unable to make request: ${error}` };
}

function responseError(response: Response, text: string): { name: string; message: string } | undefined {
  const { status } = response;
  const type = response.headers.get("content-type");
  const isJson = type?.split(";")[0] === "application/json";
  if (isJson && [200, 400, 401, 429, 500].includes(status)) {
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch (error) {
      return { name: "SyntaxError", message: (error as Error).message };
    }
    if (status === 200)
      return isChatResult(value)
        ? undefined
        : { name: "ResponseValidationError", message: "Response validation failed" };
    const error = (value as { error?: { code?: unknown; message?: unknown } } | null)?.error;
    const isDescribed = typeof error?.message === "string" && error.code !== undefined;
    if (!isDescribed) return { name: "ResponseValidationError", message: "Response validation failed" };
    return { name: "ChatError", message: String(error.message) };
  }
  const start = status >= 400 && status < 600 ? "API error occurred" : "Unexpected Status or Content-Type";
  const shown = type?.includes(" ") ? `"${type}"` : (type ?? '""');
  const about = type === "application/json" ? "" : ` Content-Type ${shown}`;
  const body = text || '""';
  const rest = body.length - 10_000;
  const cut = rest > 0 ? `${body.slice(0, 10_000)}...and ${rest} more chars` : body;
  const message = `${start}: Status ${status}${about}${body.length > 100 ? "\n" : ". "}Body: ${cut}`;
  return { name: "OpenRouterDefaultError", message: message.trim() };
}

function isChatResult(value: unknown): boolean {
  return typeof value === "object" && value !== null && "choices" in value;
}
