import { batch, type Signal, signal } from "@preact/signals";
import { clean } from "../../shared/guards";
import { type Delta, isFinal, type Snapshot } from "../protocol";

export interface Run {
  readonly state: Signal<Snapshot>;
  /** By the browser's clock, when the request was sent. */
  startedAt: number;
  needsSnapshot: boolean;
}

const EMPTY = {
  column: "",
  item: "",
  seq: 0,
  phase: "connecting",
  model: "",
  elapsed_ms: 0,
  reasoning: "",
  text: "",
  tool_calls: [],
  media: [],
  citations: [],
  note: "",
  wait: null,
  reasoning_s: null,
} as const;

/** The answers that are being written: for each, the newest snapshot and the numbered deltas that came after it. */
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
    const run = this.#open(snapshot.run);
    if (snapshot.seq < run.state.peek().seq) return;
    run.needsSnapshot = false;
    run.startedAt = this.now() - snapshot.elapsed_ms;
    run.state.value = { ...snapshot, text: clean(snapshot.text), reasoning: clean(snapshot.reasoning) };
  }

  applyDeltas(deltas: readonly Delta[]): void {
    batch(() => {
      for (const delta of deltas) this.#applyDelta(delta);
    });
  }

  /** Knows these from now on, and forgets those that have ended and are no longer among them. */
  retain(ids: ReadonlySet<string>): void {
    for (const id of ids) this.#open(id);
    const kept = new Map(
      [...this.#runs.peek()].filter(([id, { state }]) => ids.has(id) || !isFinal(state.peek().phase)),
    );
    if (kept.size < this.#runs.peek().size) this.#runs.value = kept;
  }

  /** Nobody writes any more: what there is stays, and `note` says why it is not whole. */
  end(note: string): void {
    for (const { state } of this.#runs.peek().values()) {
      if (!isFinal(state.peek().phase)) state.value = { ...state.peek(), phase: "failed", note, wait: null };
    }
  }

  elapsedMs(run: Run): number {
    return this.now() - run.startedAt;
  }

  #applyDelta(delta: Delta): void {
    const run = this.#open(delta.run);
    const before = run.state.peek();
    if (delta.seq <= before.seq || run.needsSnapshot) return;
    if (delta.seq > before.seq + 1) {
      run.needsSnapshot = true;
      this.resync(delta.run);
      return;
    }
    const { reasoning = "", text = "", ...rest } = delta;
    const began = text !== "" && before.text === "" && before.reasoning !== "";
    run.state.value = {
      ...before,
      ...rest,
      reasoning: before.reasoning + clean(reasoning),
      text: before.text + clean(text),
      reasoning_s: began ? this.elapsedMs(run) / 1000 : before.reasoning_s,
    };
  }

  #open(id: string): Run {
    const present = this.#runs.peek().get(id);
    if (present) return present;
    const run: Run = {
      state: signal<Snapshot>({ ...EMPTY, run: id, text: this.textOf(id) }),
      startedAt: this.now(),
      needsSnapshot: false,
    };
    this.#runs.value = new Map(this.#runs.peek()).set(id, run);
    return run;
  }
}
