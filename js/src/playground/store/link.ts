import type { AnyModel } from "@anywidget/types";
import { type Ask, type FromKernel, type Op, readMessage, type Traits, VERSION } from "../protocol";

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

/** "" where it went well. */
export interface Ack {
  readonly problem: string;
  readonly created?: string;
}

export interface Reply {
  readonly problem: string;
  readonly value: unknown;
  readonly buffers: readonly DataView[];
}

type Body =
  | { kind: "ready" | "module" }
  | { kind: "submit"; text?: string; columns?: readonly string[] }
  | { kind: "stop"; column?: string }
  | { kind: "resync"; run: string }
  | ({ kind: "op" } & Op)
  | ({ kind: "ask" } & Ask);

interface Waiting {
  settle: (answer: Reply) => void;
  since: number;
}

const GONE = "The kernel is gone.";

/** The one place that talks to anywidget's model. Every message has a number, and is answered at most once. */
export class Link {
  readonly #waiting = new Map<number, Waiting>();
  // Pages of one kernel hear each other's answers: by their numbers they know their own.
  #isGone = false;
  #last = Math.floor(Math.random() * 2 ** 48);

  constructor(
    private readonly model: AnyModel,
    private readonly now: () => number = () => performance.now(),
  ) {}

  get<Name extends keyof Traits>(name: Name): Traits[Name] {
    return this.model.get(name) as Traits[Name];
  }

  /** Listens until the returned function is called. */
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
      for (const id of [...this.#waiting.keys()]) this.#giveUp(id);
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

  tell(body: Body, buffers: ArrayBuffer[] = []): void {
    this.#send(this.#last++, body, buffers);
  }

  async op(op: Op, buffers: ArrayBuffer[] = []): Promise<Ack> {
    return this.#answerTo({ kind: "op", ...op }, buffers);
  }

  async submit(body: { text?: string; columns?: readonly string[] }): Promise<Ack> {
    return this.#answerTo({ kind: "submit", ...body });
  }

  async ask(ask: Ask): Promise<Reply> {
    return this.#answerTo({ kind: "ask", ...ask });
  }

  /** How long the oldest question has waited. */
  get waitedMs(): number {
    const oldest = this.#waiting.values().next().value;
    return oldest ? this.now() - oldest.since : 0;
  }

  #answerTo(body: Body, buffers: ArrayBuffer[] = []): Promise<Reply> {
    return new Promise((settle) => {
      const id = this.#last++;
      this.#waiting.set(id, { settle, since: this.now() });
      this.#send(id, body, buffers);
    });
  }

  #send(id: number, body: Body, buffers: ArrayBuffer[]): void {
    try {
      if (!this.#isGone) this.model.send({ v: VERSION, id, ...body }, undefined, buffers);
      else this.#giveUp(id);
    } catch {
      // There is no kernel at the other end.
      this.#giveUp(id);
    }
  }

  #giveUp(id: number): void {
    this.#waiting.get(id)?.settle({ problem: GONE, value: null, buffers: [] });
    this.#waiting.delete(id);
  }

  #settle(message: Extract<FromKernel, { kind: "ack" | "reply" }>, buffers: readonly DataView[]): void {
    const waiting = this.#waiting.get(message.id);
    this.#waiting.delete(message.id);
    waiting?.settle({ value: null, ...message, buffers });
  }
}
