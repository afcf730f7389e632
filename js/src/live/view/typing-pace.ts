const LONGEST_WAIT_MS = 250;
const FIRST_GUESS_MS = 100;
/** A backlog too long to be read at typing speed, in characters. */
const MAX_BACKLOG = 2000;

/** Spreads new text over the expected time until the next delta, so that text flows instead of jumping. */
export class TypingPace {
  #shown = 0;
  #from = 0;
  #target = 0;
  #arrivedAt: number | undefined;
  #intervalMs = FIRST_GUESS_MS;

  arrive(length: number, now: number): void {
    if (this.#arrivedAt !== undefined) {
      const waited = Math.min(now - this.#arrivedAt, LONGEST_WAIT_MS);
      this.#intervalMs = (this.#intervalMs + waited) / 2;
    }
    this.#arrivedAt = now;
    this.#from = Math.min(this.#shown, length);
    this.#target = length;
  }

  /** Return the length to show now: at least one character more than before. */
  advance(now: number): number {
    const pending = this.#target - this.#from;
    const share = (now - (this.#arrivedAt ?? now)) / this.#intervalMs;
    const due = pending > MAX_BACKLOG ? this.#target : this.#from + Math.ceil(pending * share);
    this.#shown = Math.min(this.#target, Math.max(due, this.#shown + 1));
    return this.#shown;
  }

  /** Show all text now. */
  jump(length: number): void {
    this.#shown = this.#from = this.#target = length;
  }

  get isDone(): boolean {
    return this.#shown >= this.#target;
  }
}
