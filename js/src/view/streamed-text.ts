import type { ExtrasSource } from "../render/extras";
import { StreamingMarkdown } from "../render/streaming-markdown";
import { FrameLoop } from "./frame-loop";
import { Pace } from "./pace";

/** How much is drawn before the clock is read. */
const STEP = 2000;
/** For how long a frame draws: the browser needs as much again for what was drawn. */
const DRAW_MS = 8;
/** A rest that is drawn without waiting for a frame. */
const SHORT = 4000;

/** An element that shows Markdown as it arrives. What arrives at once, and is long, is drawn over several frames. */
export class StreamedText {
  #text = "";
  /** How much of the text has been drawn. */
  #drawn = 0;
  #isFinished = false;
  readonly #markdown: StreamingMarkdown;
  readonly #pace = new Pace();
  readonly #loop = new FrameLoop(() => this.#flush());

  constructor(
    readonly element: HTMLElement,
    extras?: ExtrasSource,
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

  #flush(): boolean {
    if (!this.#isFinished && this.#markdown.isSelected) return true;
    const due = this.#pace.isDone ? this.#text.length : this.#pace.advance(performance.now());
    const start = performance.now();
    do {
      this.#drawn = Math.min(due, this.#drawn + STEP);
      this.#markdown.update(wholeCharacters(this.#text, this.#drawn));
    } while (this.#drawn < due && performance.now() - start < DRAW_MS);
    if (this.#drawn < due) return true;
    if (this.#isFinished) this.#end();
    return !this.#pace.isDone;
  }

  #end(): void {
    this.#drawn = this.#text.length;
    this.#markdown.finish(this.#text);
  }
}

function wholeCharacters(text: string, length: number): string {
  const last = text.charCodeAt(length - 1);
  return text.slice(0, last >= 0xd800 && last <= 0xdbff ? length + 1 : length);
}

function prefersReducedMotion(): boolean {
  return matchMedia("(prefers-reduced-motion: reduce)").matches;
}
