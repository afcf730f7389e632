import { applyCards } from "./cards";
import { type Delta, EMPTY, isFinal, readLiveMessage, readSnapshot, type Snapshot } from "./protocol";

/** One answer: the latest snapshot plus the numbered deltas after it. Shared by all views of a model. */
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

  /** Time since the request was sent. The browser's clock runs between snapshots and stops when the answer ends. */
  get elapsedMs(): number {
    return this.final ? this.#state.elapsed_ms : this.#now() - this.#startedAt;
  }

  /** Apply a snapshot as the kernel sends it; other values are ignored. */
  adopt(value: unknown): void {
    const snapshot = readSnapshot(value);
    if (snapshot) this.adoptSnapshot(snapshot);
  }

  /** Apply a snapshot unless it is older than the current state. */
  adoptSnapshot(snapshot: Snapshot): void {
    if (snapshot.seq < this.#state.seq) return;
    this.#awaitingSnapshot = false;
    this.#startedAt = this.#now() - snapshot.elapsed_ms;
    this.#set(snapshot);
  }

  /** Apply a custom message. Returns the id of the answer if deltas were lost and a snapshot must be requested. */
  receive(message: unknown): string | undefined {
    const read = readLiveMessage(message);
    if (read?.kind === "deltas") return read.deltas.find((delta) => this.apply(delta))?.run;
    if (read) this.adoptSnapshot(read.snapshot);
    return undefined;
  }

  /** Apply the next delta. Returns "resync" if a delta before it was lost, once until the next snapshot. */
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

  /** End the answer unless it has ended: the kernel has disconnected, and `note` says so. */
  end(phase: "interrupted" | "failed", note: string): void {
    if (!this.final) this.#set({ ...this.#state, elapsed_ms: this.elapsedMs, wait: null, phase, note });
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
