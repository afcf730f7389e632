import { applyCards } from "./cards";
import { type Delta, EMPTY, isFinal, readLiveMessage, readSnapshot, type Snapshot } from "./protocol";

/** One answer: the newest snapshot plus the numbered deltas that came after it. Shared by all views of a model. */
export class AnswerStore {
  #state: Snapshot;
  #startedAt: number;
  #awaitingSnapshot = false;
  readonly #listeners = new Set<() => void>();
  readonly #now: () => number;

  constructor(now: () => number = () => performance.now(), initial: Partial<Snapshot> = {}) {
    this.#now = now;
    this.#startedAt = now();
    this.#state = { ...EMPTY, ...initial };
  }

  get state(): Snapshot {
    return this.#state;
  }

  get final(): boolean {
    return isFinal(this.#state.phase);
  }

  /** Since the request was sent; the browser clocks on between snapshots and stops with the answer. */
  get elapsedMs(): number {
    return this.final ? this.#state.elapsed_ms : this.#now() - this.#startedAt;
  }

  /** Takes a snapshot as the kernel sends it; anything else is ignored. */
  adopt(value: unknown): void {
    const snapshot = readSnapshot(value);
    if (snapshot) this.adoptSnapshot(snapshot);
  }

  /** Takes a snapshot unless it is older than what is already known. */
  adoptSnapshot(snapshot: Snapshot): void {
    if (snapshot.seq < this.#state.seq) return;
    this.#awaitingSnapshot = false;
    this.#startedAt = this.#now() - snapshot.elapsed_ms;
    this.#set(snapshot);
  }

  /** Takes a custom message; the id of the answer means that deltas were lost and the kernel must be asked for a snapshot. */
  receive(message: unknown): string | undefined {
    const read = readLiveMessage(message);
    if (read?.kind === "deltas") return read.deltas.find((delta) => this.apply(delta))?.run;
    if (read) this.adoptSnapshot(read.snapshot);
    return undefined;
  }

  /** Applies the next delta; "resync" means that one before it was lost. Says so once until a snapshot comes. */
  apply(delta: Delta): "resync" | undefined {
    const state = this.#state;
    if (delta.seq <= state.seq) return undefined;
    if (delta.seq > state.seq + 1) {
      if (this.#awaitingSnapshot) return undefined;
      this.#awaitingSnapshot = true;
      return "resync";
    }
    this.#set({
      ...state,
      ...delta.fields,
      seq: delta.seq,
      elapsed_ms: this.elapsedMs,
      reasoning: state.reasoning + delta.reasoning,
      text: state.text + delta.text,
      cards: applyCards(state.cards, delta.cards),
    });
    return undefined;
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #set(state: Snapshot): void {
    this.#state = state;
    for (const listener of this.#listeners) listener();
  }
}
