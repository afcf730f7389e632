import type { Citation, ToolCall } from "../live/content";
import type { Phase, Snapshot } from "../live/protocol";
import type { AnswerMedia } from "./answer-events";
import type { ChatGenerationParams, ChatResponse, ChatUsage, Content, Message } from "./chat-types";
import type { ChatCall, ChatConnection, ToolDecision } from "./connection";
import { withCamelCaseKeys } from "./key-case";
import { ERR, type Result } from "./result";
import { InvalidRequestError } from "./sdk-errors";

export type ChatStatus = "idle" | "connecting" | "streaming" | "waiting" | "error";

/** The answer that is being streamed, or the incomplete answer of a failed request. */
export interface StreamingAnswer {
  readonly phase: Phase;
  readonly note: string;
  readonly text: string;
  readonly reasoning: string;
  readonly toolCalls: readonly ToolCall[];
  readonly media: readonly AnswerMedia[];
  readonly citations: readonly Citation[];
}

/** One state of a chat. It never changes: after a change, `getSnapshot` returns another one. */
export interface ChatSnapshot {
  /** `waiting` is for decisions about `toolCalls`. */
  readonly status: ChatStatus;
  /** The conversation without the system message. */
  readonly messages: readonly Message[];
  readonly answer: StreamingAnswer | null;
  /** The tool calls that need a decision. */
  readonly toolCalls: readonly ToolCall[];
  readonly error: Error | null;
  /** Of the last answer. */
  readonly usage: ChatUsage | null;
}

export interface ChatStoreOptions {
  readonly model?: string;
  /** Text of the system message. */
  readonly system?: string;
  /** Other fields of each request, such as `temperature`. */
  readonly params?: Omit<ChatGenerationParams, "messages" | "model">;
  /** Names of functions of the kernel that the model may call. */
  readonly tools?: readonly string[];
  readonly timeoutMs?: number;
  /** The conversation so far. */
  readonly messages?: readonly Message[];
}

/** A conversation, independent of frameworks. */
export interface ChatStore {
  getSnapshot(): ChatSnapshot;
  subscribe(listener: () => void): () => void;
  /** Append a message of the user, and request the answer. A running answer is stopped. */
  send(content: Content): Promise<Result<ChatResponse>>;
  /** Stop the answer. Its text so far becomes a message. */
  stop(): void;
  /** Request the last answer again. */
  regenerate(): Promise<Result<ChatResponse>>;
  /** Replace the content of a message and drop the messages after it. For a message of the user, request the answer. */
  edit(index: number, content: Content): Promise<Result<ChatResponse> | undefined>;
  /** Run a tool call that waits, with the model's arguments or with others (JSON text). */
  approve(call: string, withArguments?: string): Promise<Result<unknown>>;
  /** Give the result of a tool call that waits, instead of running it. */
  respond(call: string, result: string): Promise<Result<unknown>>;
  refuse(call: string, reason?: string): Promise<Result<unknown>>;
}

export function createChatStore(connection: ChatConnection, options: ChatStoreOptions = {}): ChatStore {
  const listeners = new Set<() => void>();
  let running: ChatCall | undefined;
  /** Increments when an answer starts or is stopped: later changes of the previous one are ignored. */
  let turn = 0;
  let snapshot: ChatSnapshot = {
    status: "idle",
    messages: options.messages ?? [],
    answer: null,
    toolCalls: [],
    error: null,
    usage: null,
  };

  function set(change: Partial<ChatSnapshot>): void {
    snapshot = { ...snapshot, ...change };
    for (const listener of [...listeners]) listener();
  }

  function show(state: Snapshot): void {
    const { phase, note, text, reasoning, tool_calls, citations } = state;
    const media = withCamelCaseKeys(state.media) as readonly AnswerMedia[];
    const toolCalls = tool_calls.filter((call) => call.state === "waiting");
    const isConnecting = phase === "connecting" || phase === "processing";
    set({
      status: toolCalls.length > 0 ? "waiting" : isConnecting ? "connecting" : "streaming",
      answer: { phase, note, text, reasoning, toolCalls: tool_calls, media, citations },
      toolCalls,
    });
  }

  async function run(messages: readonly Message[]): Promise<Result<ChatResponse>> {
    set({ status: "connecting", messages, answer: null, toolCalls: [], error: null });
    const { model, system, params, tools, timeoutMs } = options;
    const own = ++turn;
    const start: Message[] = system ? [{ role: "system", content: system }] : [];
    const call = connection.chatSend(
      { ...params, model, messages: [...start, ...messages], stream: true },
      {
        tools,
        timeoutMs,
        onState: (state) => {
          if (turn === own) show(state);
        },
      },
    );
    running = call;
    const result = await call;
    if (turn !== own) return result;
    running = undefined;
    const message = result.ok && result.value.choices[0]?.message;
    if (message) {
      const usage = result.value.usage ?? null;
      set({ status: "idle", messages: [...messages, message], answer: null, toolCalls: [], usage });
    } else {
      const error = result.error ?? new InvalidRequestError("The result contains no message.");
      set({ status: "error", error, toolCalls: [] });
    }
    return result;
  }

  function stop(): void {
    if (!running) return;
    const { messages, answer } = snapshot;
    const call = running;
    running = undefined;
    turn++;
    call.abort();
    const rest: Message[] = answer?.text ? [{ role: "assistant", content: answer.text }] : [];
    set({ status: "idle", messages: [...messages, ...rest], answer: null, toolCalls: [] });
  }

  function decide(call: string, decision: ToolDecision, value?: string): Promise<Result<unknown>> {
    if (running) return running.decide(call, decision, value);
    return Promise.resolve(ERR(new InvalidRequestError(`No tool call "${call}" is waiting.`)));
  }

  return {
    getSnapshot: () => snapshot,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    send(content) {
      stop();
      return run([...snapshot.messages, { role: "user", content }]);
    },
    stop,
    regenerate() {
      stop();
      const last = snapshot.messages.findLastIndex(({ role }) => role !== "assistant");
      return run(snapshot.messages.slice(0, last + 1));
    },
    async edit(index, content) {
      stop();
      const message = snapshot.messages[index];
      if (!message) return ERR(new InvalidRequestError(`There is no message ${index}.`));
      const messages = [...snapshot.messages.slice(0, index), { ...message, content } as Message];
      if (message.role === "user") return run(messages);
      set({ status: "idle", messages, answer: null, error: null });
      return undefined;
    },
    approve: (call, withArguments) =>
      withArguments === undefined ? decide(call, "run") : decide(call, "run_with", withArguments),
    respond: (call, result) => decide(call, "respond", result),
    refuse: (call, reason) => decide(call, "refuse", reason),
  };
}
