import { create, setText } from "../../shared/dom";
import { everySecond } from "../../shared/second-timer";

const SOON_S = 10;

/** A countdown in seconds. `announcement`, for screen readers, changes only three times. */
export class Countdown {
  readonly element = create("span", "orn-countdown");
  #until = 0;
  #announcedAt = 0;
  #stop: (() => void) | undefined;

  constructor(private readonly onChange: () => void) {
    this.element.ariaHidden = "true";
    this.element.hidden = true;
  }

  /** Count down from `waitMs`; undefined hides the countdown. */
  start(waitMs: number | undefined): void {
    this.dispose();
    this.element.hidden = waitMs === undefined;
    if (waitMs === undefined) return;
    this.#until = performance.now() + waitMs;
    this.#announcedAt = this.#left;
    this.#stop = everySecond(() => this.#tick());
    this.#tick();
  }

  /** The remaining time in words, at the start, ten seconds before the end, or at the end. */
  get announcement(): string {
    if (this.element.hidden) return "";
    return this.#announcedAt === 0 ? "now" : `in ${inWords(this.#announcedAt)}`;
  }

  dispose(): void {
    this.#stop?.();
    this.#stop = undefined;
  }

  get #left(): number {
    return Math.max(0, Math.ceil((this.#until - performance.now()) / 1000));
  }

  #tick(): void {
    const left = this.#left;
    setText(this.element, digits(left));
    if (left === 0) this.dispose();
    const isSoon = left <= SOON_S && this.#announcedAt > SOON_S;
    if (!isSoon && !(left === 0 && this.#announcedAt > 0)) return;
    this.#announcedAt = left;
    this.onChange();
  }
}

/** `12 s`, `2:05`, `1:02:05`. */
export function digits(seconds: number): string {
  if (seconds < 60) return `${seconds} s`;
  const two = (value: number) => String(value).padStart(2, "0");
  const minutes = Math.floor(seconds / 60);
  const tail = two(seconds % 60);
  return minutes < 60 ? `${minutes}:${tail}` : `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${tail}`;
}

function inWords(seconds: number): string {
  if (seconds < 90) return `${seconds} seconds`;
  return seconds < 5400 ? `${Math.round(seconds / 60)} minutes` : `${Math.round(seconds / 3600)} hours`;
}
