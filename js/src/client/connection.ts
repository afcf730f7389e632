import type { AnyModel } from "@anywidget/types";
import { AnswerStore } from "../live/answer-store";
import { readLiveMessage, type Snapshot } from "../live/protocol";
import { isCount, isRecord } from "../shared/guards";
import { KernelChannel } from "../shared/kernel-channel";
import { type AnswerEvent, eventsBetween } from "./answer-events";
import type { AllowedModel, ChatGenerationParams, ChatResponse } from "./chat-types";
import { withCamelCaseKeys } from "./key-case";
import { requestBody } from "./request-body";
import { ERR, OK, type Result } from "./result";
import {
  abortError,
  errorFromWire,
  InvalidRequestError,
  KernelDisconnectedError,
  RequestAbortedError,
  type WireError,
} from "./sdk-errors";

/** Version of the messages of this module. Messages of the widget's author do not have it. */
const VERSION = 1;
const TICK_MS = 500;

/** Run a tool, run it with other arguments, give its result, or refuse it. */
export type ToolDecision = "run" | "run_with" | "respond" | "refuse";

/** Options of one request. `fetchOptions` is as in the SDK; of these, only signal and headers apply here. */
export interface ChatOptions {
  signal?: AbortSignal | null | undefined;
  headers?: HeadersInit | undefined;
  fetchOptions?: { signal?: AbortSignal | null | undefined; headers?: HeadersInit | undefined } | undefined;
  timeoutMs?: number | undefined;
  /** Names of functions of the kernel that the model may call. */
  tools?: readonly string[] | undefined;
  onEvent?: ((event: AnswerEvent) => void) | undefined;
  /** Receives each state of a streamed answer. */
  onState?: ((state: Snapshot) => void) | undefined;
}

/** A request: the promise of its result, which never rejects. */
export interface ChatCall extends Promise<Result<ChatResponse>> {
  /** Id of the answer. */
  readonly run: string;
  abort(reason?: unknown): void;
  /** Decide about a tool call that waits. `value` is the arguments or the result. */
  decide(call: string, decision: ToolDecision, value?: string): Promise<Result<unknown>>;
}

type Request =
  | {
      kind: "chat";
      run: string;
      body: string;
      tools?: readonly string[];
      timeout_ms?: number;
      headers?: object;
    }
  | { kind: "abort" | "resync"; run: string }
  | { kind: "decide"; run: string; call: string; decision: ToolDecision; value?: string }
  | { kind: "models" };

interface RunningCall {
  readonly store: AnswerStore;
  readonly options: ChatOptions;
  readonly isStreamed: boolean;
  readonly abort: (reason?: unknown) => void;
}

/** Return a connection to the `ChatBridge` of a widget in the kernel. `model` is the widget's model. */
export function connect(model: AnyModel): ChatConnection {
  return new ChatConnection(model);
}

/** Send a request. The signature is that of the SDK's function. */
export function chatSend(
  connection: ChatConnection,
  request: ChatGenerationParams,
  options?: ChatOptions,
): ChatCall {
  return connection.chatSend(request, options);
}

/** A connection of one page. Its methods work without it: `const { chatSend } = connect(model)`. */
export class ChatConnection {
  readonly #channel: KernelChannel<Request, Result<unknown>>;
  readonly #calls = new Map<string, RunningCall>();
  readonly #stopListening: () => void;
  #timer: ReturnType<typeof setInterval> | undefined;
  #isDisposed = false;

  constructor(model: AnyModel) {
    this.#channel = new KernelChannel<Request, Result<unknown>>(
      model,
      { openrouter: VERSION },
      (why, body) => {
        if (why === "gone") return ERR(new KernelDisconnectedError("The kernel has disconnected."));
        // Without a reply to the request, the abort may be lost as well.
        if (body.kind === "chat") this.#channel.send({ kind: "abort", run: body.run });
        return ERR(new RequestAbortedError("Request aborted by client"));
      },
    );
    this.#stopListening = this.#channel.listen({
      message: (content) => this.#receive(content),
      gone: () => {},
    });
  }

  /** Send a request. With `stream: true`, the events of the answer arrive before the result. */
  readonly chatSend = (request: ChatGenerationParams, options: ChatOptions = {}): ChatCall => {
    const run = newRun();
    const own = new AbortController();
    const result = this.#send(run, request, options, own);
    return Object.assign(result, {
      run,
      abort: (reason?: unknown) => own.abort(reason),
      decide: (call: string, decision: ToolDecision, value?: string) =>
        this.#request({ kind: "decide", run, call, decision, ...(value !== undefined && { value }) }),
    });
  };

  /** Send a request and iterate over the events of its answer. Leaving the loop aborts the request. */
  readonly stream = (
    request: ChatGenerationParams,
    options: ChatOptions = {},
  ): AsyncGenerator<AnswerEvent, void, undefined> => this.#stream(request, options);

  async *#stream(
    request: ChatGenerationParams,
    options: ChatOptions,
  ): AsyncGenerator<AnswerEvent, void, undefined> {
    let events: AnswerEvent[] = [];
    let wake = () => {};
    const onEvent = (event: AnswerEvent) => {
      events.push(event);
      wake();
      options.onEvent?.(event);
    };
    const call = this.chatSend({ ...request, stream: true }, { ...options, onEvent });
    try {
      for (;;) {
        const arrived = events;
        events = [];
        yield* arrived;
        if (arrived.at(-1)?.type === "result") return;
        if (events.length > 0) continue;
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    } finally {
      call.abort();
    }
  }

  /** Return the models that this page may use. */
  readonly models = async (): Promise<Result<AllowedModel[]>> => {
    const reply = await this.#request({ kind: "models" });
    return reply.ok ? OK(withCamelCaseKeys(reply.value) as AllowedModel[]) : reply;
  };

  /** Abort all running requests. */
  readonly abort = (reason?: unknown): void => {
    for (const call of [...this.#calls.values()]) call.abort(reason);
  };

  /** Abort all running requests and end the connection. */
  readonly dispose = (): void => {
    this.abort();
    this.#isDisposed = true;
    this.#stopListening();
    clearInterval(this.#timer);
  };

  async #send(
    run: string,
    request: ChatGenerationParams,
    options: ChatOptions,
    own: AbortController,
  ): Promise<Result<ChatResponse>> {
    const result = await this.#result(run, request, options, own);
    this.#calls.delete(run);
    this.#channel.withdraw((body) => body.kind === "decide" && body.run === run);
    notify(options.onEvent, { type: "result", result });
    return result;
  }

  async #result(
    run: string,
    request: ChatGenerationParams,
    options: ChatOptions,
    own: AbortController,
  ): Promise<Result<ChatResponse>> {
    const { tools, timeoutMs, fetchOptions } = options;
    const body = requestBody(request);
    if (!body.ok) return body;
    const signals = [own.signal, options.signal, fetchOptions?.signal].filter((each) => !!each);
    const aborted = signals.find((signal) => signal.aborted);
    if (aborted) return ERR(abortError(aborted.reason));
    const headers = options.headers ?? fetchOptions?.headers;
    const store = new AnswerStore(undefined, { run });
    const isStreamed = request.stream === true;
    this.#calls.set(run, { store, options, isStreamed, abort: (reason) => own.abort(reason) });
    let onAbort!: (event: Event) => void;
    const abort = new Promise<Result<never>>((resolve) => {
      onAbort = ({ target }) => {
        this.#calls.delete(run);
        this.#channel.withdraw((each) => each.kind === "chat" && each.run === run);
        this.#channel.send({ kind: "abort", run });
        resolve(ERR(abortError((target as AbortSignal).reason)));
      };
    });
    for (const signal of signals) signal.addEventListener("abort", onAbort, { once: true });
    const reply = this.#request({
      kind: "chat",
      run,
      body: body.value,
      ...(tools && { tools }),
      ...(timeoutMs && timeoutMs > 0 && { timeout_ms: timeoutMs }),
      ...(headers && { headers: Object.fromEntries(new Headers(headers)) }),
    });
    const result = await Promise.race([reply, abort]);
    for (const signal of signals) signal.removeEventListener("abort", onAbort);
    return result.ok ? OK(withCamelCaseKeys(result.value) as ChatResponse) : result;
  }

  #request(body: Request): Promise<Result<unknown>> {
    if (this.#isDisposed)
      return Promise.resolve(ERR(new InvalidRequestError("The connection has been disposed.")));
    this.#timer ??= setInterval(() => this.#tick(), TICK_MS);
    return this.#channel.request(body);
  }

  #tick(): void {
    this.#channel.resend();
    // Deltas may be lost with a connection, and sending fails after a shutdown, which no event reports.
    if (this.#channel.endSilence())
      for (const [run, { isStreamed }] of this.#calls)
        if (isStreamed) this.#channel.send({ kind: "resync", run });
    if (this.#channel.isWaiting) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #receive(content: unknown): void {
    if (!isRecord(content) || !isCount(content.openrouter)) return;
    // A kernel of another version replies with an error that names both versions.
    if (content.kind === "reply" && isCount(content.id)) {
      const { ok, value, error } = content;
      const reply =
        ok === true ? OK(value) : ERR(errorFromWire(isRecord(error) ? (error as Partial<WireError>) : {}));
      this.#channel.settle(content.id, reply);
    }
    if (content.openrouter !== VERSION) return;
    const message = readLiveMessage(content);
    if (message?.kind === "deltas") {
      for (const delta of message.deltas) {
        this.#change(delta.run, delta, (store) => {
          if (store.apply(delta) === "resync") this.#channel.send({ kind: "resync", run: delta.run });
        });
      }
    } else if (message) {
      const { run, text, reasoning } = message.snapshot;
      const before = this.#calls.get(run)?.store.state;
      const added = before && {
        text: text.slice(before.text.length),
        reasoning: reasoning.slice(before.reasoning.length),
      };
      if (added) this.#change(run, added, (store) => store.adoptSnapshot(message.snapshot));
    }
  }

  /** Change the answer `run`, and notify of the difference. Answers of other pages are ignored. */
  #change(
    run: string,
    added: { text: string; reasoning: string },
    change: (store: AnswerStore) => void,
  ): void {
    const call = this.#calls.get(run);
    if (!call) return;
    const before = call.store.state;
    change(call.store);
    const after = call.store.state;
    if (after === before) return;
    notify(call.options.onState, after);
    if (call.options.onEvent)
      for (const event of eventsBetween(before, after, added)) notify(call.options.onEvent, event);
  }
}

/** Call a listener. Its exception is reported and does not affect other requests. */
function notify<Value>(listener: ((value: Value) => void) | undefined, value: Value): void {
  try {
    listener?.(value);
  } catch (error) {
    queueMicrotask(() => {
      throw error;
    });
  }
}

function newRun(): string {
  const words = crypto.getRandomValues(new Uint32Array(4));
  return [...words].map((word) => word.toString(36)).join("-");
}
