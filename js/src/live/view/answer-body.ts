import { create } from "../../shared/dom";
import type { LiveCard } from "../cards";
import type { Snapshot } from "../protocol";
import type { AnswerModel } from "./answer-model";
import { LiveCardView } from "./card-view";
import { StreamedText } from "./streamed-text";
import { StructuredText } from "./structured-text";

/** The text of an answer with its cards: tool calls at their position in the text, waits below the text. */
export class AnswerBody {
  readonly element = create("div", "orn-body");
  readonly #foot = create("div", "orn-foot");
  readonly #texts: (StreamedText | StructuredText)[] = [];
  readonly #cards = new Map<string, LiveCardView>();

  constructor(
    private readonly answer: AnswerModel,
    private readonly onCountdown: () => void,
  ) {
    this.element.append(this.#foot);
  }

  /** Screen reader text of the cards that wait for the user. */
  get announcement(): string {
    return [...this.#cards.values()]
      .map(({ announcement }) => announcement)
      .filter(Boolean)
      .join(". ");
  }

  update(state: Snapshot, { atOnce, final }: { atOnce: boolean; final: boolean }): void {
    const inText = state.cards.filter(({ kind }) => kind !== "wait" && kind !== "note");
    const ends = [...new Set(inText.map(({ at }) => Math.min(at, state.text.length)))].sort((a, b) => a - b);
    const bounds = [0, ...ends, state.text.length];
    for (let index = 0; index + 1 < bounds.length; index++) {
      const text = state.text.slice(bounds[index], bounds[index + 1]);
      const part = this.#textAt(index, state);
      if (final || index + 2 < bounds.length) part.finish(text);
      else part.update(text, { atOnce });
      for (const card of inText) {
        if (Math.min(card.at, state.text.length) === ends[index])
          this.#show(card, this.#textAt(index + 1, state).element);
      }
    }
    for (const card of state.cards) if (!inText.includes(card)) this.#show(card);
    this.#drop(new Set(state.cards.map(({ id }) => id)));
    if (final) for (const card of this.#cards.values()) card.end();
  }

  dispose(): void {
    for (const text of this.#texts) text.dispose();
    for (const card of this.#cards.values()) card.dispose();
  }

  #textAt(index: number, { is_object }: Snapshot): StreamedText | StructuredText {
    const present = this.#texts[index];
    if (present) return present;
    const { extras } = this.answer;
    const made = is_object
      ? new StructuredText(create("div", "orn-text"), extras)
      : new StreamedText(create("div", "orn-text orn-markdown jp-RenderedHTMLCommon"), extras);
    this.#texts.push(made);
    this.#foot.before(made.element);
    return made;
  }

  #show(card: LiveCard, before?: Element): void {
    let view = this.#cards.get(card.id);
    if (!view) {
      view = new LiveCardView(this.answer, this.onCountdown);
      this.#cards.set(card.id, view);
      if (before) before.before(view.element);
      else this.#foot.append(view.element);
    }
    view.update(card);
  }

  #drop(kept: ReadonlySet<string>): void {
    for (const [id, view] of this.#cards) {
      if (kept.has(id)) continue;
      view.dispose();
      this.#cards.delete(id);
    }
  }
}
