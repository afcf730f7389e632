import type { ExtrasSource } from "../render/extras";
import type { AnswerStore } from "../store";

/** What a view needs to know of the model it shows. */
export interface Answer {
  readonly store: AnswerStore;
  readonly extras: ExtrasSource;
  readonly isStopping: boolean;
  stop(): void;
  /** Tells the kernel that a card's button was pressed, with the text of its field where the button takes it. */
  act(card: string, action: string, value?: string): void;
}
