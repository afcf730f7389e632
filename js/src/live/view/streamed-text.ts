import type { EnhancerSource } from "../../markdown/enhancers";
import { elementCount } from "../../markdown/safe-elements";
import { StreamingMarkdown } from "../../markdown/streaming/streaming-markdown";
import { FrameLoop, REST } from "./frame-loop";
import { TypingPace } from "./typing-pace";

/** Characters rendered between two checks of the frame limit. */
const STEP = 500;
/** Limits of one frame. The browser needs ten times as long to lay out an element as we need to create it. */
const [MANY_CHARS, MANY_ELEMENTS, DRAW_MS] = [5000, 80, 4];
/** A step this slow is dominated by fixed cost, so the next one is twice as long. */
const SLOW_MS = 20;
/** A remainder of this length is rendered without waiting for a frame. */
const SHORT = 2000;
/** Pause after a frame while there is a backlog. */
const SHORT_REST = 1;

/** An element that shows streaming Markdown. Long text that arrives at once is rendered over several frames. */
export class StreamedText {
  #text = "";
  /** Length of the rendered text. */
  #drawn = 0;
  #step = STEP;
  #isFinished = false;
  readonly #markdown: StreamingMarkdown;
  readonly #pace = new TypingPace();
  readonly #loop = new FrameLoop(() => this.#flush());

  constructor(
    readonly element: HTMLElement,
    extras?: EnhancerSource,
  ) {
    this.#markdown = new StreamingMarkdown(element, extras);
  }

  /** Show `text` gradually, or at once for `atOnce` and for users who prefer reduced motion. */
  update(text: string, { atOnce }: { atOnce: boolean }): void {
    if (text === this.#text) return;
    this.#isFinished = false;
    this.#take(text);
    if (atOnce || prefersReducedMotion()) this.#pace.jump(text.length);
    else this.#pace.arrive(text.length, performance.now());
    this.#loop.request();
  }

  /** Show the final `text`. */
  finish(text: string): void {
    if (this.#isFinished && text === this.#text) return;
    this.#isFinished = true;
    this.#take(text);
    this.#pace.jump(text.length);
    if (text.length - this.#drawn > SHORT) return this.#loop.request();
    this.#loop.cancel();
    this.#end();
  }

  dispose(): void {
    this.#loop.cancel();
  }

  #take(text: string): void {
    // A different text replaces the old one at once: rendered gradually, the old text would disappear first.
    if (!text.startsWith(this.#text)) this.#drawn = text.length;
    this.#text = text;
  }

  #flush(): number | undefined {
    if (!this.#isFinished && this.#markdown.isSelected) return REST;
    const due = this.#pace.isDone ? this.#text.length : this.#pace.advance(performance.now());
    const isEnough = frameLimit(this.#drawn);
    do {
      const start = performance.now();
      this.#drawn = Math.min(due, this.#drawn + this.#step);
      this.#markdown.update(wholeCharacters(this.#text, this.#drawn));
      this.#step = performance.now() - start < SLOW_MS ? STEP : Math.min(MANY_CHARS, 2 * this.#step);
    } while (this.#drawn < due && !isEnough(this.#drawn));
    if (this.#drawn < due) return SHORT_REST;
    if (this.#isFinished) this.#end();
    return this.#pace.isDone ? undefined : REST;
  }

  #end(): void {
    this.#drawn = this.#text.length;
    this.#markdown.finish(this.#text);
  }
}

/**
 * Return a test for whether a frame that began at `start` is full. Counts, unlike times, do not depend on the load of
 * the machine.
 */
function frameLimit(start: number): (drawn: number) => boolean {
  const elements = elementCount();
  const since = performance.now();
  return (drawn) =>
    drawn - start >= MANY_CHARS ||
    elementCount() - elements >= MANY_ELEMENTS ||
    performance.now() - since >= DRAW_MS;
}

function wholeCharacters(text: string, length: number): string {
  const last = text.charCodeAt(length - 1);
  return text.slice(0, last >= 0xd800 && last <= 0xdbff ? length + 1 : length);
}

function prefersReducedMotion(): boolean {
  return matchMedia("(prefers-reduced-motion: reduce)").matches;
}
