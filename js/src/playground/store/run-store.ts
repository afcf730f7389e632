import { batch, type Signal, signal } from "@preact/signals";
import type { AnswerStore } from "../../live/answer-store";
import type { Delta, Snapshot } from "../../live/protocol";
import { liveExports } from "../live-exports";

/** A live answer as a signal. */
export interface Run {
  readonly store: AnswerStore;
  readonly state: Signal<Snapshot>;
}

/** The live answers of all columns, by their ids. */
export class RunStore {
  readonly #runs = signal<ReadonlyMap<string, Run>>(new Map());

  constructor(
    private readonly resync: (run: string) => void,
    private readonly textOf: (run: string) => string,
    private readonly now: () => number = () => performance.now(),
  ) {}

  get(id: string | null | undefined): Run | undefined {
    return id ? this.#runs.value.get(id) : undefined;
  }

  adopt(snapshot: Snapshot): void {
    this.#open(snapshot.run).store.adoptSnapshot(snapshot);
  }

  applyDeltas(deltas: readonly Delta[]): void {
    batch(() => {
      for (const delta of deltas) {
        if (this.#open(delta.run).store.apply(delta) === "resync") this.resync(delta.run);
      }
    });
  }

  /** Request the state of the answers that have not ended. */
  resyncAll(): void {
    for (const [id, { store }] of this.#runs.peek()) if (!store.final) this.resync(id);
  }

  /** Track `ids`, and drop finished runs that are not among them. */
  retain(ids: ReadonlySet<string>): void {
    for (const id of ids) this.#open(id);
    const retained = new Map([...this.#runs.peek()].filter(([id, { store }]) => ids.has(id) || !store.final));
    if (retained.size < this.#runs.peek().size) this.#runs.value = retained;
  }

  /** End all answers: the kernel has disconnected, and `note` says so. */
  end(note: string): void {
    for (const { store } of this.#runs.peek().values()) store.end("failed", note);
  }

  #open(id: string): Run {
    const present = this.#runs.peek().get(id);
    if (present) return present;
    const { AnswerStore } = liveExports();
    const store = new AnswerStore(this.now, { run: id, text: this.textOf(id) });
    const state = signal(store.state);
    store.subscribe(() => {
      state.value = store.state;
    });
    const run: Run = { store, state };
    this.#runs.value = new Map(this.#runs.peek()).set(id, run);
    return run;
  }
}
