/**
 * Duration of one slice of background work. It is short because in the same frame the browser needs ten times as long
 * to lay out a formula as it takes to create it.
 */
const SLICE_MS = 0.75;

/** Runs jobs in order: immediately while the slice has time left, the others in later frames. */
export class FrameQueue {
  readonly #jobs: (() => void)[] = [];
  #spentMs = 0;
  #isWaiting = false;

  add(job: () => void): void {
    this.#jobs.push(job);
    this.#work();
  }

  #work(): void {
    const start = performance.now();
    const spent = this.#spentMs;
    while (this.#spentMs < SLICE_MS) {
      const job = this.#jobs.shift();
      if (!job) break;
      job();
      this.#spentMs = spent + performance.now() - start;
    }
    if (this.#isWaiting) return;
    this.#isWaiting = true;
    requestAnimationFrame(() => {
      this.#isWaiting = false;
      this.#spentMs = 0;
      if (this.#jobs.length > 0) this.#work();
    });
  }
}
