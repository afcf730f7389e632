import type { EnhancerSource } from "../../markdown/enhancers";
import { elementCount } from "../../markdown/safe-elements";
import { StreamingMarkdown } from "../../markdown/streaming/streaming-markdown";
import { FrameLoop, REST } from "./frame-loop";
import { TypingPace } from "./typing-pace";

/** How much is drawn before it is asked whether that is enough for a frame. */
const STEP = 500;
/** What a frame may draw, and for how long. The browser's work for an element takes ten times as long as making it. */
const [MANY_CHARS, MANY_ELEMENTS, DRAW_MS] = [5000, 80, 4];
/** A step that takes this long does so however little it draws, so the next is twice as long. */
const SLOW_MS = 20;
/** A rest that is drawn without waiting for a frame. */
const SHORT = 2000;
/** The rest after a frame where text has piled up. */
const SHORT_REST = 1;

/** An element that shows Markdown as it arrives. What arrives at once, and is long, is drawn over several frames. */
export class StreamedText {
  #text = "";
  /** How much of the text has been drawn. */
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

  /** Shows `text` little by little, or all of it where the reader has waited long enough or wants no motion. */
  update(text: string, { atOnce }: { atOnce: boolean }): void {
    if (text === this.#text) return;
    this.#isFinished = false;
    this.#take(text);
    if (atOnce || prefersReducedMotion()) this.#pace.jump(text.length);
    else this.#pace.arrive(text.length, performance.now());
    this.#loop.request();
  }

  /** Shows `text` as it will stay. */
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
    // Another text replaces what is there in one go: drawn little by little, it would first be taken away.
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

/** Tells whether a frame that has drawn from `start` on to `drawn` is full. Counts do not depend on what else a machine does. */
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
