import type { AnyModel } from "@anywidget/types";
import { VERSION } from "../../src/live/protocol";

type Listener = (...message: unknown[]) => void;

export interface SentMessage {
  readonly openrouter: number;
  readonly id: number;
  readonly kind: string;
  readonly run: string;
  readonly body: string;
  readonly [field: string]: unknown;
}

/** The kernel's half of the bridge's messages, controlled by the test. */
export class BridgeDouble {
  readonly sent: SentMessage[] = [];
  /** Whether the kernel was shut down, which only a message shows. */
  isShutDown = false;
  /** Handles each message that arrives. */
  handle: (message: SentMessage) => void = () => {};
  readonly #listeners = new Map<string, Set<Listener>>();

  get proxy(): AnyModel {
    return {
      get: () => undefined,
      send: (message: SentMessage) => {
        if (this.isShutDown) throw new Error("Kernel is dead");
        const received = structuredClone(message);
        this.sent.push(received);
        this.handle(received);
      },
      on: (name: string, listener: Listener) => {
        const present = this.#listeners.get(name) ?? new Set();
        this.#listeners.set(name, present.add(listener));
      },
      off: (name: string, listener: Listener) => this.#listeners.get(name)?.delete(listener),
    } as unknown as AnyModel;
  }

  of(kind: string): SentMessage[] {
    return this.sent.filter((message) => message.kind === kind);
  }

  reply({ id }: { id: number }, value: unknown): void {
    this.deliver({ kind: "reply", id, ok: true, value });
  }

  fail({ id }: { id: number }, error: Record<string, unknown>): void {
    this.deliver({ kind: "reply", id, ok: false, error });
  }

  deltas(...deltas: Record<string, unknown>[]): void {
    this.deliver({ kind: "deltas", v: VERSION, deltas });
  }

  deliver(message: Record<string, unknown>): void {
    this.#tell("msg:custom", { openrouter: 1, ...message }, []);
  }

  restart(): void {
    this.#tell("comm_live_update");
  }

  /** How many listeners the page has added and not removed. */
  get listeners(): number {
    return [...this.#listeners.values()].reduce((sum, each) => sum + each.size, 0);
  }

  #tell(name: string, ...message: unknown[]): void {
    for (const listener of [...(this.#listeners.get(name) ?? [])]) listener(...message);
  }
}
