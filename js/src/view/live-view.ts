import css from "../live.css";
import { keepKeys } from "../shortcuts";
import { Announcer } from "./announcer";
import type { Answer } from "./answer";
import { Body } from "./body";
import { create, setText } from "./dom";
import { ReasoningFold } from "./reasoning-fold";
import { StatusLine } from "./status-line";
import { addStyle } from "./style";

/** One view of an answer. Call `update` when anything about it has changed. */
export class LiveView {
  readonly element = create("div", "orn-live");
  readonly #status: StatusLine;
  readonly #announcer = new Announcer();
  readonly #reasoning: ReasoningFold;
  readonly #body: Body;
  readonly #note = create("div", "orn-note");

  constructor(private readonly answer: Answer) {
    this.#status = new StatusLine(answer);
    this.#reasoning = new ReasoningFold(answer.extras);
    this.#body = new Body(answer, () => this.#announce());
    keepKeys(this.element);
    this.element.append(
      this.#status.element,
      this.#announcer.element,
      this.#reasoning.element,
      this.#body.element,
      this.#note,
    );
    addStyle("live", css);
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
    this.#announcer.update(this.answer.store.state.phase, this.#body.said);
  }

  dispose(): void {
    this.#status.dispose();
    this.#reasoning.text.dispose();
    this.#body.dispose();
    this.element.remove();
  }
}
