import type { Item } from "../protocol";
import { fill, STRINGS } from "../strings";

export interface Choice {
  readonly item: string;
  readonly column: string | null;
  readonly label: string;
}

/** The answers of the thread, newest first. */
export function answersOf(thread: readonly Item[]): readonly Choice[] {
  return thread
    .flatMap((item, index) =>
      item.role === "assistant"
        ? item.cards.map(({ column, facts }) => ({
            item: item.id,
            column,
            label: fill(STRINGS.answerN, { n: index + 1, model: facts?.model ?? "" }),
          }))
        : [],
    )
    .reverse();
}
