import type { EnhancerSource } from "../../markdown/enhancers";
import type { AnswerStore } from "../answer-store";

/** The part of a model that its views use. */
export interface AnswerModel {
  readonly store: AnswerStore;
  readonly extras: EnhancerSource;
  readonly isStopping: boolean;
  stop(): void;
  /** Notify the kernel that a card's button was pressed, with the text of the field if the button takes it. */
  act(card: string, action: string, value?: string): void;
}
