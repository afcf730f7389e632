/**
 * Cards beside the text of an answer: tool calls that need approval, retry waits, media. All fields are plain text.
 */

import { clean, isRecord, isString } from "../shared/guards";

const KINDS = ["tool", "media", "wait", "note"] as const;

export interface LiveCard {
  readonly id: string;
  readonly kind: (typeof KINDS)[number];
  readonly title: string;
  readonly body: string;
  readonly status: string;
  readonly actions: readonly LiveCardAction[];
  /** Initial text of the card's field; undefined for no field. */
  readonly editable: string | undefined;
  /** Position in the text of the answer, in UTF-16 units. */
  readonly at: number;
  /** Time until the automatic action, from when the message was sent; undefined if there is no countdown. */
  readonly wait_ms: number | undefined;
}

export interface LiveCardAction {
  readonly id: string;
  readonly label: string;
  readonly takes_text: boolean;
}

/** A card, or the id of a removed card. */
export type LiveCardChange = LiveCard | { readonly id: string; readonly gone: true };

/** Return the valid changes in `value`; others are ignored. */
export function readCards(value: unknown): readonly LiveCardChange[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((each: unknown) => readCard(each) ?? []);
}

/** Return the cards after `changes`. Present cards keep their position; new ones are last. */
export function applyCards(
  cards: readonly LiveCard[],
  changes: readonly LiveCardChange[],
): readonly LiveCard[] {
  if (changes.length === 0) return cards;
  const byId = new Map(cards.map((card) => [card.id, card]));
  for (const change of changes) {
    if ("gone" in change) byId.delete(change.id);
    else byId.set(change.id, change);
  }
  return [...byId.values()];
}

function readCard(value: unknown): LiveCardChange | undefined {
  if (!isRecord(value)) return undefined;
  const { id, kind, title, body = "", status = "", actions = [], editable, at = 0, wait_ms } = value;
  if (typeof id !== "string") return undefined;
  if (value.gone === true) return { id, gone: true };
  if (!isKind(kind) || !isString(title) || !isString(body) || !isString(status)) return undefined;
  return {
    id,
    kind,
    title: clean(title),
    body: clean(body),
    status: clean(status),
    actions: Array.isArray(actions) ? actions.flatMap((each) => readAction(each) ?? []) : [],
    editable: isString(editable) ? clean(editable) : undefined,
    at: isTime(at) ? at : 0,
    wait_ms: isTime(wait_ms) ? wait_ms : undefined,
  };
}

function readAction(value: unknown): LiveCardAction | undefined {
  if (!isRecord(value) || !isString(value.id) || !isString(value.label)) return undefined;
  return { id: value.id, label: clean(value.label), takes_text: value.takes_text === true };
}

function isKind(value: unknown): value is LiveCard["kind"] {
  return (KINDS as readonly unknown[]).includes(value);
}

function isTime(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value) && value >= 0;
}
