import { applyCards } from "./cards";
import { isFinal, kindOf, readDelta, readSnapshot, type Snapshot, VERSION } from "./protocol";

const EMPTY: Snapshot = {
  v: VERSION,
  rev: 0,
  phase: "connecting",
  model: "",
  elapsed_ms: 0,
  keeps_reasoning: false,
  is_object: false,
  reasoning: "",
  text: "",
  note: "",
  cards: [],
};

/** One answer: the newest snapshot plus the numbered deltas that came after it. Shared by all views of a model. */
export class AnswerStore {
  #state = EMPTY;
  #startedAt: number;
  #awaitingSnapshot = false;
  readonly #listeners = new Set<() => void>();
  readonly #now: () => number;

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
    this.#startedAt = now();
  }

  get state(): Snapshot {
    return this.#state;
  }

  get final(): boolean {
    return isFinal(this.#state.phase);
  }

  /** Since the cell started; the browser clocks on between snapshots and stops with the answer. */
  get elapsedMs(): number {
    return this.final ? this.#state.elapsed_ms : this.#now() - this.#startedAt;
  }

  /** Takes a snapshot unless it is older than what is already known. */
  adopt(value: unknown): void {
    const snapshot = readSnapshot(value);
    if (!snapshot || snapshot.rev < this.#state.rev) return;
    this.#awaitingSnapshot = false;
    this.#startedAt = this.#now() - snapshot.elapsed_ms;
    this.#set(snapshot);
  }

  /** Takes a custom message; "resync" means that deltas were lost and the kernel must be asked for a snapshot. */
  receive(message: unknown): "resync" | undefined {
    const kind = kindOf(message);
    if (kind === "snapshot") this.adopt(message);
    return kind === "delta" ? this.#fold(message) : undefined;
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #fold(message: unknown): "resync" | undefined {
    const delta = readDelta(message);
    const state = this.#state;
    if (!delta || delta.rev <= state.rev) return undefined;
    if (delta.rev > state.rev + 1) {
      if (this.#awaitingSnapshot) return undefined;
      this.#awaitingSnapshot = true;
      return "resync";
    }
    this.#set({
      ...state,
      rev: delta.rev,
      phase: delta.phase ?? state.phase,
      elapsed_ms: this.elapsedMs,
      reasoning: state.reasoning + delta.reasoning,
      text: state.text + delta.text,
      note: delta.note ?? state.note,
      cards: applyCards(state.cards, delta.cards),
    });
    return undefined;
  }

  #set(state: Snapshot): void {
    this.#state = state;
    for (const listener of this.#listeners) listener();
  }
}
