import type { AnyModel } from "@anywidget/types";
import {
  type Command,
  type FromKernel,
  type Query,
  type Role,
  readMessage,
  type Traits,
  VERSION,
} from "../protocol";
import { STRINGS } from "../strings";

export const TRAITS = [
  "param_specs",
  "setting_specs",
  "params",
  "settings",
  "hints",
  "ignored",
  "forced",
  "problems",
  "blocked",
  "thread",
  "draft",
  "columns",
  "estimate",
  "routing",
  "session",
  "presets",
  "history",
  "connection",
  "policies",
  "undo",
  "live",
] as const satisfies readonly (keyof Traits)[];

/** `problem` is "" on success. */
export interface Ack {
  readonly problem: string;
}

export interface Reply {
  readonly problem: string;
  readonly value: unknown;
  readonly buffers: readonly DataView[];
}

type MessageBody =
  | { kind: "ready" | "module" }
  | { kind: "submit"; text?: string; role?: Role }
  | { kind: "stop"; column?: string }
  | { kind: "resync"; run: string }
  | ({ kind: "op" } & Command)
  | ({ kind: "ask" } & Query);

interface PendingRequest {
  readonly settle: (answer: Reply) => void;
  readonly body: MessageBody;
  readonly buffers: ArrayBuffer[];
  readonly since: number;
  /** Time at which it is sent again, and the wait before that. */
  due: number;
  patience: number;
  isWithdrawn?: boolean;
}

const GONE = "The kernel has disconnected.";
/** A response may be missing because the kernel is busy, or because the connection failed. Doubles with each attempt. */
const RESEND_AFTER_MS = 5_000;
const RESEND_AT_MOST_MS = 80_000;
const SILENCE_MS = 10_000;

/**
 * The connection to anywidget's model. Every message has an id and at most one response. A request without a response
 * is sent again with the same id, and the kernel executes it once.
 */
export class KernelConnection {
  readonly #waiting = new Map<number, PendingRequest>();
  // All pages of a kernel receive all responses: random first ids tell them apart.
  readonly #first = Math.floor(Math.random() * 2 ** 48);
  #last = this.#first;
  #isGone = false;
  #leave = () => {};
  #heardAt = 0;

  constructor(
    private readonly model: AnyModel,
    private readonly now: () => number = () => performance.now(),
  ) {}

  get<Name extends keyof Traits>(name: Name): Traits[Name] {
    return this.model.get(name) as Traits[Name];
  }

  /** Listen until the returned function is called. */
  listen(on: { traits: () => void; message: (message: FromKernel) => void; gone: () => void }): () => void {
    const receive = (content: unknown, buffers: readonly DataView[] = []) => {
      this.#heardAt = this.now();
      const message = readMessage(content);
      if (!message) return;
      if (message.kind === "ack" || message.kind === "reply") this.#settle(message, buffers);
      else on.message(message);
    };
    this.model.on("msg:custom", receive);
    this.#leave = () => {
      if (this.#isGone) return;
      this.#isGone = true;
      for (const id of [...this.#waiting.keys()]) this.#abandon(id);
      on.gone();
    };
    const leave = this.#leave;
    this.model.on("comm_live_update", leave);
    for (const name of TRAITS) this.model.on(`change:${name}`, on.traits);
    return () => {
      this.model.off("msg:custom", receive);
      this.model.off("comm_live_update", leave);
      for (const name of TRAITS) this.model.off(`change:${name}`, on.traits);
    };
  }

  /** Whether this page has sent a message. */
  isOwn(id: number): boolean {
    return id >= this.#first && id < this.#last;
  }

  send(body: MessageBody): void {
    this.#post(this.#last++, body, []);
  }

  async command(op: Command, buffers: ArrayBuffer[] = []): Promise<Ack> {
    return this.#request({ kind: "op", ...op }, buffers);
  }

  async submit(body: { text?: string; role?: Role }): Promise<Ack> {
    return this.#request({ kind: "submit", ...body });
  }

  /** Do not send pending submissions again: the user has stopped them. */
  withdrawSubmissions(): void {
    for (const pending of this.#waiting.values()) pending.isWithdrawn = pending.body.kind === "submit";
  }

  /** Send overdue requests again. */
  resend(): void {
    const now = this.now();
    for (const [id, pending] of this.#waiting) {
      if (now < pending.due) continue;
      if (pending.isWithdrawn) {
        this.#abandon(id, STRINGS.notSent);
        continue;
      }
      pending.patience = Math.min(RESEND_AT_MOST_MS, 2 * pending.patience);
      pending.due = now + pending.patience;
      this.#post(id, pending.body, pending.buffers);
    }
  }

  async query(ask: Query): Promise<Reply> {
    return this.#request({ kind: "ask", ...ask });
  }

  /** Age of the oldest pending request. */
  get waitedMs(): number {
    const oldest = this.#waiting.values().next().value;
    return oldest ? this.now() - oldest.since : 0;
  }

  /** Whether the kernel has sent nothing for 10 s. The next 10 s begin now. */
  endSilence(): boolean {
    const isSilent = this.now() - this.#heardAt > SILENCE_MS;
    if (isSilent) this.#heardAt = this.now();
    return isSilent;
  }

  #request(body: MessageBody, buffers: ArrayBuffer[] = []): Promise<Reply> {
    return new Promise((settle) => {
      const id = this.#last++;
      const since = this.now();
      const patience = RESEND_AFTER_MS;
      this.#waiting.set(id, { settle, body, buffers, since, due: since + patience, patience });
      this.#post(id, body, buffers);
    });
  }

  #post(id: number, body: MessageBody, buffers: ArrayBuffer[]): void {
    if (this.#isGone) {
      this.#abandon(id);
      return;
    }
    try {
      this.model.send({ v: VERSION, id, ...body }, undefined, buffers);
    } catch {
      // The kernel was shut down, which no event reports.
      this.#leave();
    }
  }

  #abandon(id: number, problem = GONE): void {
    this.#waiting.get(id)?.settle({ problem, value: null, buffers: [] });
    this.#waiting.delete(id);
  }

  #settle(message: Extract<FromKernel, { kind: "ack" | "reply" }>, buffers: readonly DataView[]): void {
    const waiting = this.#waiting.get(message.id);
    this.#waiting.delete(message.id);
    waiting?.settle({ value: null, ...message, buffers });
  }
}
