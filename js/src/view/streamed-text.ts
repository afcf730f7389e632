import type { ExtrasSource } from "../render/extras";
import { StreamingMarkdown } from "../render/streaming-markdown";
import { FrameLoop } from "./frame-loop";
import { Pace } from "./pace";

/** An element that shows Markdown as it arrives. */
export class StreamedText {
  #text = "";
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
    this.#text = text;
    if (atOnce || prefersReducedMotion()) this.#pace.jump(text.length);
    else this.#pace.arrive(text.length, performance.now());
    this.#loop.request();
  }

  /** Shows `text` as it will stay. */
  finish(text: string): void {
    if (this.#isFinished && text === this.#text) return;
    this.#isFinished = true;
    this.#text = text;
    this.#loop.cancel();
    this.#pace.jump(text.length);
    this.#markdown.finish(text);
  }

  dispose(): void {
    this.#loop.cancel();
  }

  #flush(): boolean {
    if (this.#markdown.isSelected) return true;
    const shown = this.#pace.isDone ? this.#text.length : this.#pace.advance(performance.now());
    this.#markdown.update(wholeCharacters(this.#text, shown));
    return !this.#pace.isDone;
  }
}

function wholeCharacters(text: string, length: number): string {
  const last = text.charCodeAt(length - 1);
  return text.slice(0, last >= 0xd800 && last <= 0xdbff ? length + 1 : length);
}

function prefersReducedMotion(): boolean {
  return matchMedia("(prefers-reduced-motion: reduce)").matches;
}
