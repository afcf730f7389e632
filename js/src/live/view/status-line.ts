import { create, setText } from "../../shared/dom";
import { everySecond } from "../../shared/second-timer";
import type { Phase } from "../protocol";
import type { AnswerModel } from "./answer-model";

const IN_WORDS: Partial<Record<Phase, string>> = {
  connecting: "connecting…",
  processing: "OpenRouter is processing…",
  reasoning: "reasoning…",
  answering: "answering…",
  waiting: "waiting for you",
  calling: "running functions…",
};

/** Model, phase, seconds and the Stop button. */
export class StatusLine {
  readonly element = create("div", "orn-status");
  readonly #model = create("span", "orn-model");
  readonly #phase = create("span", "orn-phase");
  readonly #elapsed = create("span", "orn-elapsed");
  readonly #stop = create("button", "orn-stop", "Stop");
  #stopClock: (() => void) | undefined;

  constructor(private readonly answer: AnswerModel) {
    this.#stop.type = "button";
    this.#stop.ariaLabel = "Stop generating";
    this.#stop.addEventListener("click", () => this.answer.stop());
    const dot = create("span", "orn-dot");
    dot.ariaHidden = "true";
    this.element.append(dot, this.#model, this.#phase, this.#elapsed, this.#stop);
  }

  update(): void {
    const { store, isStopping } = this.answer;
    setText(this.#model, store.state.model);
    setText(this.#phase, IN_WORDS[store.state.phase] ?? store.state.phase);
    this.#tick();
    if (store.final) this.dispose();
    else this.#stopClock ??= everySecond(() => this.#tick());
    this.#stop.hidden = store.final;
    this.#stop.disabled = isStopping;
    setText(this.#stop, isStopping ? "stopping…" : "Stop");
  }

  dispose(): void {
    this.#stopClock?.();
    this.#stopClock = undefined;
  }

  #tick(): void {
    const seconds = this.answer.store.elapsedMs / 1000;
    setText(this.#elapsed, this.answer.store.final ? `${seconds.toFixed(1)} s` : `${Math.floor(seconds)} s`);
  }
}
