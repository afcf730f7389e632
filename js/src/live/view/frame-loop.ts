/** How many times as long as it took a run is followed by rest: the page is at work for a quarter of the time. */
export const REST = 3;

/**
 * Runs `work` in animation frames until it returns undefined; what it returns before that is the rest that must follow,
 * as above. A hidden tab has no frames, so there it waits for the reader.
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
    // Layout and paint come after this and cost more than the work itself: they are over when the next task runs.
    setTimeout(wait);
    if (rest !== undefined) this.request();
  };
}
