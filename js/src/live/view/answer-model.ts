import type { EnhancerSource } from "../../markdown/enhancers";
import type { AnswerStore } from "../answer-store";

/** What a view needs to know of the model it shows. */
export interface AnswerModel {
  readonly store: AnswerStore;
  readonly extras: EnhancerSource;
  readonly isStopping: boolean;
  stop(): void;
  /** Tells the kernel that a card's button was pressed, with the text of its field where the button takes it. */
  act(card: string, action: string, value?: string): void;
}
