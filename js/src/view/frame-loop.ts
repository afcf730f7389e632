/**
 * Runs `work` in animation frames for as long as it returns true, and for at most a quarter of the time: the next run
 * waits three times as long as the last one took. A hidden tab has no frames, so there it waits for the reader.
 */
export class FrameLoop {
  #frame: number | undefined;
  #notBefore = 0;

  constructor(private readonly work: () => boolean) {}

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
    const hasMore = this.work();
    const end = performance.now();
    this.#notBefore = end + 3 * (end - start);
    // Layout and paint come after this and cost more than the work itself: they are over when the next task runs.
    setTimeout(() => {
      const painted = performance.now();
      this.#notBefore = painted + 3 * (painted - start);
    });
    if (hasMore) this.request();
  };
}
