const LONGEST_WAIT_MS = 250;
const FIRST_GUESS_MS = 100;
/** A backlog too long to be read at typing speed, in characters. */
const MAX_BACKLOG = 2000;

/** Spreads new text over the expected time until the next delta, so that text flows instead of jumping. */
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

  /** Return the length to show now: at least one character more than before. */
  advance(now: number): number {
    const pending = this.#goal - this.#from;
    const share = (now - (this.#arrivedAt ?? now)) / this.#intervalMs;
    const due = pending > MAX_BACKLOG ? this.#goal : this.#from + Math.ceil(pending * share);
    this.#shown = Math.min(this.#goal, Math.max(due, this.#shown + 1));
    return this.#shown;
  }

  /** Show all text now. */
  jump(length: number): void {
    this.#shown = this.#from = this.#goal = length;
  }

  get isDone(): boolean {
    return this.#shown >= this.#goal;
  }
}
