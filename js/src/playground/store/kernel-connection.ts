import type { AnyModel } from "@anywidget/types";
import type { Failure } from "../../shared/kernel-channel";
import { liveExports } from "../live-exports";
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

const FAILURES: Readonly<Record<Failure, string>> = {
  gone: "The kernel has disconnected.",
  withdrawn: STRINGS.notSent,
};

/** The panel's traits, and its messages to the kernel. */
export class KernelConnection extends liveExports().KernelChannel<MessageBody, Reply> {
  constructor(model: AnyModel, now?: () => number) {
    super(model, { v: VERSION }, (why) => ({ problem: FAILURES[why], value: null, buffers: [] }), now);
  }

  get<Name extends keyof Traits>(name: Name): Traits[Name] {
    return this.model.get(name) as Traits[Name];
  }

  /** Listen until the returned function is called. */
  open(on: { traits: () => void; message: (message: FromKernel) => void; gone: () => void }): () => void {
    const stop = this.listen({
      message: (content, buffers) => {
        const message = readMessage(content);
        if (!message) return;
        if (message.kind === "ack" || message.kind === "reply")
          this.settle(message.id, { value: null, ...message, buffers });
        else on.message(message);
      },
      gone: on.gone,
    });
    for (const name of TRAITS) this.model.on(`change:${name}`, on.traits);
    return () => {
      stop();
      for (const name of TRAITS) this.model.off(`change:${name}`, on.traits);
    };
  }

  async command(op: Command, buffers: ArrayBuffer[] = []): Promise<Ack> {
    return this.request({ kind: "op", ...op }, buffers);
  }

  async submit(body: { text?: string; role?: Role }): Promise<Ack> {
    return this.request({ kind: "submit", ...body });
  }

  /** Do not send pending submissions again: the user has stopped them. */
  withdrawSubmissions(): void {
    this.withdraw(({ kind }) => kind === "submit");
  }

  async query(ask: Query): Promise<Reply> {
    return this.request({ kind: "ask", ...ask });
  }
}
