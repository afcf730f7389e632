import type { AnyModel } from "@anywidget/types";
import type { Snapshot } from "../../src/live/protocol";

type Listener = (...message: unknown[]) => void;

/** An anywidget model whose kernel side is controlled by the test. */
export class FakeModel {
  readonly sent: string[] = [];
  /** Presses on buttons of cards. */
  readonly acts: unknown[] = [];
  /** Ids of `sent`. */
  readonly ids: number[] = [];
  isShutDown = false;
  readonly #listeners = new Map<string, Set<Listener>>();

  constructor(
    private snapshot: unknown,
    private readonly module?: DataView,
  ) {}

  get proxy(): AnyModel {
    return {
      get: (name: string) => (name === "module" ? this.module : this.snapshot),
      send: ({ kind, id, page: _, ...rest }: { kind: string; id: number; page: number }) => {
        if (this.isShutDown) throw new Error("Kernel is dead");
        this.sent.push(kind);
        this.ids.push(id);
        if (kind === "action") this.acts.push(rest);
      },
      on: (name: string, listener: Listener) => {
        const present = this.#listeners.get(name) ?? new Set();
        this.#listeners.set(name, present.add(listener));
      },
      off: (name: string, listener: Listener) => this.#listeners.get(name)?.delete(listener),
    } as unknown as AnyModel;
  }

  deliver(message: unknown, buffers: DataView[] = []): void {
    for (const listener of this.#listeners.get("msg:custom") ?? []) listener(message, buffers);
  }

  /** The kernel replies to a message. */
  reply(id: number | undefined): void {
    this.deliver({ kind: "reply", id });
  }

  /** The kernel is restarted. */
  lose(): void {
    for (const listener of this.#listeners.get("comm_live_update") ?? []) listener();
  }

  change(snapshot: Snapshot): void {
    this.snapshot = snapshot;
    for (const listener of this.#listeners.get("change:snapshot") ?? []) listener();
  }
}
