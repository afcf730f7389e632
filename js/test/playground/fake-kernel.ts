import type { AnyModel } from "@anywidget/types";
import { EMPTY, type Snapshot, VERSION } from "../../src/live/protocol";
import type {
  AnswerStats,
  Column,
  Json,
  MessageCard,
  Part,
  Role,
  Spec,
  ThreadItem,
  Traits,
} from "../../src/playground/protocol";

type Listener = (...message: unknown[]) => void;
interface Sent {
  readonly [field: string]: unknown;
  readonly id: number;
  readonly kind: string;
}

export const spec = (name: string, control: Spec["control"], more: Partial<Spec> = {}): Spec => ({
  name,
  label: name,
  group: "Parameters",
  control,
  kind: "json",
  help: `About ${name}.`,
  nullable: false,
  advanced: false,
  ...more,
});

export const column = (id: string, model: string, more: Partial<Column> = {}): Column => ({
  id,
  model,
  overrides: {},
  status: "idle",
  run: null,
  item: null,
  stats: null,
  banner: null,
  summary: ["1M", "$3 / $15", "tools"],
  ...more,
});

export const card = (text: string, more: Partial<MessageCard> = {}): MessageCard => ({
  column: null,
  parts: [{ type: "text", text }] as Part[],
  branch: { index: 0, count: 1 },
  ...more,
});

export const item = (id: string, role: Role, text: string, more: Partial<MessageCard> = {}): ThreadItem => ({
  id,
  role,
  cards: [card(text, more)],
});

export const stats = (more: Partial<AnswerStats> = {}): AnswerStats => ({
  model: "demo/tour",
  provider: "Simulator",
  finish_reason: "stop",
  native_finish_reason: "stop",
  end: "complete",
  seconds: 4.1,
  first_token_s: 0.62,
  reasoning_s: null,
  tokens_per_s: 71,
  tokens_in: 1204,
  tokens_out: 318,
  tokens_reasoning: null,
  tokens_cached: null,
  cost: 0.0084,
  generation_id: "gen-1",
  has_logprobs: false,
  note: "",
  schema_note: "",
  schema_problems: [],
  variable: "p.results[0]",
  ...more,
});

/** A snapshot as the kernel sends it. */
export const snapshot = (more: Partial<Snapshot> = {}): Snapshot => {
  const sent = { v: VERSION, ...EMPTY, run: "r1", seq: 1, phase: "answering" as const, model: "demo/tour" };
  return { ...sent, elapsed_ms: 1000, ...more };
};

const BASE: Traits = {
  param_specs: [],
  setting_specs: [],
  params: {},
  settings: {},
  hints: {},
  ignored: {},
  forced: [],
  problems: [],
  blocked: "",
  thread: [],
  draft: { text: "", role: "user", attachments: [], rev: 0, by: 0 },
  columns: [column("c1", "demo/tour")],
  estimate: { tokens_in: 12, tokens_exact: false, cost_low: 0.001, cost_high: 0.03 },
  routing: { model: "demo/tour", state: "unknown", total: 0, remain: 0, endpoints: [], message: "" },
  session: { calls: 0, cost: 0, unpriced: 0, tokens_in: 0, tokens_out: 0, kept: "orn-kept-1" },
  presets: { names: [], current: "", changed: false, folder: "~/presets" },
  history: { on: true, changes: 0, current: "", deleted: null, problem: "" },
  connection: { server: "http://127.0.0.1", badge: "simulated", key_source: "" },
  policies: {},
  undo: { undo: "", redo: "" },
  live: {},
};

/** A kernel controlled by the test: it acknowledges commands and stores parameters like the real one. */
export class FakeKernel {
  readonly sent: Sent[] = [];
  readonly buffers: unknown[][] = [];
  /** Whether it was shut down, which only a message shows. */
  isShutDown = false;
  /** Whether it acknowledges automatically; `false` simulates a busy kernel. */
  answers = true;
  /** Problems to return, by command. */
  readonly problems: Record<string, string> = {};
  readonly replies: Record<string, unknown> = {};
  /** Binary parts of replies, by query. */
  readonly replyBuffers: Record<string, DataView[]> = {};
  #traits: Record<string, unknown>;
  readonly #listeners = new Map<string, Set<Listener>>();

  constructor(traits: Partial<Traits> = {}) {
    this.#traits = { ...BASE, ...traits };
  }

  get proxy(): AnyModel {
    return {
      get: (name: string) => this.#traits[name],
      send: (message: Sent, _callbacks: unknown, buffers: unknown[]) => {
        if (this.isShutDown) throw new Error("Kernel is dead");
        this.#receive(message, buffers);
      },
      on: (name: string, listener: Listener) => {
        const present = this.#listeners.get(name) ?? new Set();
        this.#listeners.set(name, present.add(listener));
      },
      off: (name: string, listener: Listener) => this.#listeners.get(name)?.delete(listener),
    } as unknown as AnyModel;
  }

  /** The id of the latest message. */
  get lastId(): number {
    return this.sent.at(-1)?.id ?? 0;
  }

  /** Return the messages of a kind, without the common fields. */
  ops(): Record<string, unknown>[] {
    return this.sent
      .filter(({ kind }) => kind !== "ask" && kind !== "ready")
      .map(({ v: _v, id: _id, ...rest }) => rest);
  }

  set(changes: Partial<Traits>): void {
    Object.assign(this.#traits, changes);
    for (const name of Object.keys(changes)) this.#tell(`change:${name}`);
  }

  deliver(message: Record<string, unknown>, buffers: unknown[] = []): void {
    const v = message.kind === "deltas" ? VERSION : 1;
    this.#tell("msg:custom", { v, ...message }, buffers);
  }

  restart(): void {
    this.#tell("comm_live_update");
  }

  ack(id: number, problem = ""): void {
    this.deliver({ kind: "ack", id, problem });
  }

  #receive(message: Sent, buffers: unknown[] = []): void {
    this.sent.push(message);
    this.buffers.push(buffers);
    if (!this.answers || message.kind === "ready") return;
    if (message.kind === "ask") {
      const word = String(message.ask);
      const reply = { kind: "reply", id: message.id, problem: this.problems[word] ?? "" };
      this.deliver({ ...reply, value: this.replies[word] ?? null }, this.replyBuffers[word]);
      return;
    }
    this.#carryOut(message);
    this.ack(message.id, this.problems[String(message.op ?? message.kind)] ?? "");
  }

  #carryOut({ op, name, value }: Sent): void {
    const params = { ...(this.#traits.params as Record<string, Json>) };
    if (op === "set_param") params[String(name)] = value as Json;
    else if (op === "null_param") params[String(name)] = null;
    else if (op === "unset_param") delete params[String(name)];
    else return;
    this.set({ params });
  }

  #tell(name: string, ...message: unknown[]): void {
    for (const listener of this.#listeners.get(name) ?? []) listener(...message);
  }
}
