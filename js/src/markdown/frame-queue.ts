/**
 * Work that nobody waits for goes on for this long at a time. It is little because the browser needs ten times as long for
 * the layout of a formula as it took to make it, in the same frame.
 */
const SLICE_MS = 0.75;

/** Does jobs in the order they come, at once while there is time, and the rest in the frames after. */
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
