import type { AnswerStore } from "../store";

/** What a view needs to know of the model it shows. */
export interface Answer {
  readonly store: AnswerStore;
  readonly isStopping: boolean;
  stop(): void;
}
