import type { Column, ThreadItem } from "../protocol";
import { fill, STRINGS } from "../strings";

export interface ExchangeOption {
  /** null: the last exchange of the column, which brought no answer. */
  readonly item: string | null;
  readonly column: string | null;
  readonly label: string;
}

/** The exchanges that can be looked at: those that brought no answer, then the answers of the thread, newest first. */
export function exchangeOptions(
  thread: readonly ThreadItem[],
  columns: readonly Column[],
): readonly ExchangeOption[] {
  const failed = columns
    .filter(
      ({ id, item, banner, facts }) =>
        banner !== null &&
        facts !== null &&
        !thread.some((place) => place.id === item && place.cards.some(({ column }) => column === id)),
    )
    .map(({ id, model }) => ({
      item: null,
      column: id,
      label: fill(STRINGS.lastRequest, { model }),
    }));
  const answers = thread
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
  return [...failed, ...answers];
}
