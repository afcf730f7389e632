/**
 * The errors of a chat request, under the names of OpenRouter's TypeScript SDK 0.1.11. They are values of a `Result`, and
 * `name` tells them apart. `BridgeRefusedError` and `KernelDisconnectedError` are added.
 */

/** An error as the kernel sends it. */
export interface WireError {
  readonly name: string;
  readonly message: string;
  readonly status_code?: number;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly content_type?: string;
  readonly reason?: string;
  readonly retryable?: boolean;
}

type Details = Partial<WireError> & { readonly cause?: unknown; readonly rawValue?: unknown };

class ClientError extends Error {
  /** Whether the same request may succeed later; undefined if this is not known. */
  readonly retryable: boolean | undefined;

  constructor(message: string, details: Details = {}) {
    super(message, "cause" in details ? { cause: details.cause } : undefined);
    this.retryable = details.retryable;
  }
}

/** The request received no HTTP response. */
export class HTTPClientError extends ClientError {
  override name = "HTTPClientError";
}

export class UnexpectedClientError extends HTTPClientError {
  override name = "UnexpectedClientError";
}

export class InvalidRequestError extends HTTPClientError {
  override name = "InvalidRequestError";
}

export class RequestAbortedError extends HTTPClientError {
  override name = "RequestAbortedError";
}

export class RequestTimeoutError extends HTTPClientError {
  override name = "RequestTimeoutError";
}

export class ConnectionError extends HTTPClientError {
  override name = "ConnectionError";
}

/** The request received an HTTP response that is an error. */
export class OpenRouterError extends ClientError {
  override name = "OpenRouterError";
  readonly statusCode: number;
  readonly body: string;
  readonly headers: Headers;
  readonly contentType: string;

  constructor(message: string, details: Details = {}) {
    super(message, details);
    this.statusCode = details.status_code ?? 0;
    this.body = details.body ?? "";
    this.headers = new Headers(details.headers);
    this.contentType = details.content_type ?? this.headers.get("content-type") ?? "";
  }
}

export class OpenRouterDefaultError extends OpenRouterError {
  override name = "OpenRouterDefaultError";
}

export interface ChatErrorData {
  readonly code: string | number | null;
  readonly message: string;
  readonly param?: string | null;
  readonly type?: string | null;
  readonly metadata?: unknown;
}

/** An error that the service describes. */
export class ChatError extends OpenRouterError {
  override name = "ChatError";
  readonly error: ChatErrorData;
  readonly data$: { readonly error: ChatErrorData };

  constructor(message: string, details: Details = {}) {
    super(message, details);
    this.data$ = parsed(this.body) as ChatError["data$"];
    this.error = this.data$?.error;
  }
}

/** The response of the service is not a chat result. */
export class ResponseValidationError extends OpenRouterError {
  override name = "ResponseValidationError";
  readonly rawMessage: string;
  readonly rawValue: unknown;

  constructor(message: string, details: Details = {}) {
    super(message, details);
    this.rawMessage = message;
    this.rawValue = parsed(this.body);
  }

  pretty(): string {
    return this.toString();
  }
}

/** The request is invalid and was not sent. */
export class SDKValidationError extends ClientError {
  override name = "SDKValidationError";
  readonly rawMessage: string;
  readonly rawValue: unknown;

  constructor(message: string, details: Details = {}) {
    super(details.cause ? `${message}: ${(details.cause as Error).message}` : message, details);
    this.rawMessage = message;
    this.rawValue = details.rawValue;
  }

  pretty(): string {
    return this.toString();
  }
}

/** The kernel does not allow this request, and has not sent it. `reason` names the limit. */
export class BridgeRefusedError extends ClientError {
  override name = "BridgeRefusedError";
  readonly reason: string;

  constructor(message: string, details: Details = {}) {
    super(message, details);
    this.reason = details.reason ?? "";
  }
}

/** The kernel was restarted, was shut down or died. */
export class KernelDisconnectedError extends ClientError {
  override name = "KernelDisconnectedError";
}

const CLASSES: Readonly<Record<string, new (message: string, details: Details) => ClientError>> = {
  BridgeRefusedError,
  ChatError,
  ConnectionError,
  HTTPClientError,
  InvalidRequestError,
  OpenRouterDefaultError,
  RequestAbortedError,
  RequestTimeoutError,
  ResponseValidationError,
  SDKValidationError,
  UnexpectedClientError,
};

/** Return the error that the kernel has sent. A name without a class is kept. */
export function errorFromWire(wire: Partial<WireError>): Error {
  const { name = "UnexpectedClientError", message = "" } = wire;
  const error = new (CLASSES[name] ?? OpenRouterError)(message, wire);
  error.name = name;
  return error;
}

/** Return the error of a request that a signal has aborted. Class and message are those of the SDK. */
export function abortError(cause: unknown): HTTPClientError {
  switch ((cause as Error | undefined)?.name) {
    case "AbortError":
      return new RequestAbortedError(`Request aborted by client: ${cause}`, { cause });
    case "TimeoutError":
      return new RequestTimeoutError(`Request timed out: ${cause}`, { cause });
    default:
      return new UnexpectedClientError(`Unexpected HTTP client error: ${cause}`, { cause });
  }
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
