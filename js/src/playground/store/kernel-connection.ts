import type { AnyModel } from "@anywidget/types";
import { type Command, type FromKernel, type Query, readMessage, type Traits, VERSION } from "../protocol";

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
  "connection",
  "policies",
  "undo",
  "live",
] as const satisfies readonly (keyof Traits)[];

/** `problem` is "" on success. */
export interface Ack {
  readonly problem: string;
  readonly created?: string;
}

export interface Reply {
  readonly problem: string;
  readonly value: unknown;
  readonly buffers: readonly DataView[];
}

type MessageBody =
  | { kind: "ready" | "module" }
  | { kind: "submit"; text?: string; columns?: readonly string[] }
  | { kind: "stop"; column?: string }
  | { kind: "resync"; run: string }
  | ({ kind: "op" } & Command)
  | ({ kind: "ask" } & Query);

interface PendingRequest {
  settle: (answer: Reply) => void;
  since: number;
}

const GONE = "The kernel has disconnected.";

/** The connection to anywidget's model. Every message has an id and at most one response. */
export class KernelConnection {
  readonly #waiting = new Map<number, PendingRequest>();
  // All pages of a kernel receive all responses: random first ids tell them apart.
  #isGone = false;
  #last = Math.floor(Math.random() * 2 ** 48);

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
      const message = readMessage(content);
      if (!message) return;
      if (message.kind === "ack" || message.kind === "reply") this.#settle(message, buffers);
      else on.message(message);
    };
    this.model.on("msg:custom", receive);
    const leave = () => {
      this.#isGone = true;
      for (const id of [...this.#waiting.keys()]) this.#abandon(id);
      on.gone();
    };
    this.model.on("comm_live_update", leave);
    for (const name of TRAITS) this.model.on(`change:${name}`, on.traits);
    return () => {
      this.model.off("msg:custom", receive);
      this.model.off("comm_live_update", leave);
      for (const name of TRAITS) this.model.off(`change:${name}`, on.traits);
    };
  }

  send(body: MessageBody, buffers: ArrayBuffer[] = []): void {
    this.#post(this.#last++, body, buffers);
  }

  async command(op: Command, buffers: ArrayBuffer[] = []): Promise<Ack> {
    return this.#request({ kind: "op", ...op }, buffers);
  }

  async submit(body: { text?: string; columns?: readonly string[] }): Promise<Ack> {
    return this.#request({ kind: "submit", ...body });
  }

  async query(ask: Query): Promise<Reply> {
    return this.#request({ kind: "ask", ...ask });
  }

  /** Age of the oldest pending request. */
  get waitedMs(): number {
    const oldest = this.#waiting.values().next().value;
    return oldest ? this.now() - oldest.since : 0;
  }

  #request(body: MessageBody, buffers: ArrayBuffer[] = []): Promise<Reply> {
    return new Promise((settle) => {
      const id = this.#last++;
      this.#waiting.set(id, { settle, since: this.now() });
      this.#post(id, body, buffers);
    });
  }

  #post(id: number, body: MessageBody, buffers: ArrayBuffer[]): void {
    try {
      if (!this.#isGone) this.model.send({ v: VERSION, id, ...body }, undefined, buffers);
      else this.#abandon(id);
    } catch {
      // The kernel has disconnected.
      this.#abandon(id);
    }
  }

  #abandon(id: number): void {
    this.#waiting.get(id)?.settle({ problem: GONE, value: null, buffers: [] });
    this.#waiting.delete(id);
  }

  #settle(message: Extract<FromKernel, { kind: "ack" | "reply" }>, buffers: readonly DataView[]): void {
    const waiting = this.#waiting.get(message.id);
    this.#waiting.delete(message.id);
    waiting?.settle({ value: null, ...message, buffers });
  }
}
