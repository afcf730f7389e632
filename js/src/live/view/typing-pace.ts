const LONGEST_WAIT_MS = 250;
const FIRST_GUESS_MS = 100;
/** A backlog that nobody could read as it runs past. */
const TOO_MUCH = 2000;

/** Spreads what arrived over the time until the next delta is expected, so that text flows instead of jumping. */
export class TypingPace {
  #shown = 0;
  #from = 0;
  #goal = 0;
  #arrivedAt: number | undefined;
  #intervalMs = FIRST_GUESS_MS;

  arrive(length: number, now: number): void {
    if (this.#arrivedAt !== undefined) {
      const waited = Math.min(now - this.#arrivedAt, LONGEST_WAIT_MS);
      this.#intervalMs = (this.#intervalMs + waited) / 2;
    }
    this.#arrivedAt = now;
    this.#from = Math.min(this.#shown, length);
    this.#goal = length;
  }

  /** How much to show now: at least a little more than before. */
  advance(now: number): number {
    const pending = this.#goal - this.#from;
    const share = (now - (this.#arrivedAt ?? now)) / this.#intervalMs;
    const due = pending > TOO_MUCH ? this.#goal : this.#from + Math.ceil(pending * share);
    this.#shown = Math.min(this.#goal, Math.max(due, this.#shown + 1));
    return this.#shown;
  }

  /** Everything at once. */
  jump(length: number): void {
    this.#shown = this.#from = this.#goal = length;
  }

  get isDone(): boolean {
    return this.#shown >= this.#goal;
  }
}
