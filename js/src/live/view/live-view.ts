import { create, NO_FORMULAS, setText, suppressShortcuts } from "../../shared/dom";
import { AnswerBody } from "./answer-body";
import type { AnswerModel } from "./answer-model";
import { LiveRegion } from "./live-region";
import { ReasoningSection } from "./reasoning-section";
import { StatusLine } from "./status-line";

/** One view of an answer. Call `update` after each change of the store. */
export class LiveView {
  readonly element = create("div", `orn-live ${NO_FORMULAS}`);
  readonly #status: StatusLine;
  readonly #announcer = new LiveRegion();
  readonly #reasoning: ReasoningSection;
  readonly #body: AnswerBody;
  readonly #note = create("div", "orn-note");

  constructor(private readonly answer: AnswerModel) {
    this.#status = new StatusLine(answer);
    this.#reasoning = new ReasoningSection(answer.extras);
    this.#body = new AnswerBody(answer, () => this.#announce());
    suppressShortcuts(this.element);
    this.element.append(
      this.#status.element,
      this.#announcer.element,
      this.#reasoning.element,
      this.#body.element,
      this.#note,
    );
    this.update({ atOnce: true });
  }

  update({ atOnce = false } = {}): void {
    const { store } = this.answer;
    const { state } = store;
    this.element.dataset.phase = state.phase;
    this.#status.update();
    this.#reasoning.update(state, { atOnce, final: store.final });
    this.#body.update(state, { atOnce, final: store.final });
    this.#announce();
    setText(this.#note, state.note);
    this.#note.hidden = state.note === "";
  }

  #announce(): void {
    this.#announcer.update(this.answer.store.state.phase, this.#body.announcement);
  }

  dispose(): void {
    this.#status.dispose();
    this.#reasoning.text.dispose();
    this.#body.dispose();
    this.element.remove();
  }
}
