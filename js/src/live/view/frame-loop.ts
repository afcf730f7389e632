/** Pause after a run, as a multiple of its duration: the page is busy for at most a quarter of the time. */
export const REST = 3;

/**
 * Runs `work` in animation frames until it returns undefined. Before that it returns the pause that follows, as a
 * multiple of its duration. A hidden tab has no frames, so work waits until it is visible.
 */
export class FrameLoop {
  #frame: number | undefined;
  #notBefore = 0;

  constructor(private readonly work: () => number | undefined) {}

  request(): void {
    this.#frame ??= requestAnimationFrame(this.#run);
  }

  cancel(): void {
    if (this.#frame !== undefined) cancelAnimationFrame(this.#frame);
    this.#frame = undefined;
  }

  readonly #run = (): void => {
    this.#frame = undefined;
    const start = performance.now();
    if (start < this.#notBefore) return this.request();
    const rest = this.work();
    const wait = () => {
      const now = performance.now();
      this.#notBefore = now + (rest ?? REST) * (now - start);
    };
    wait();
    // Layout and paint follow and cost more than the work itself; they are done when the next task runs.
    setTimeout(wait);
    if (rest !== undefined) this.request();
  };
}
