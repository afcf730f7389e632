/**
 * Messages of live answers; the Python half is `openrouter_nb/live/protocol.py`. A page gets a snapshot of each answer
 * when it opens, then deltas, numbered from 1 without gaps. A page that misses a delta sends `resync` and gets a
 * snapshot.
 */

import { clean, isCount, isRecord, isString } from "../shared/guards";
import { applyCards, type LiveCard, type LiveCardChange, readCards } from "./cards";
import type { Citation, Part, ToolCall } from "./content";
import { VERSION } from "./version";

export { VERSION };

const FINAL_PHASES = ["finished", "stopped", "interrupted", "failed"] as const;

export const PHASES = [
  "connecting",
  "processing",
  "reasoning",
  "answering",
  "waiting", // for the user to decide about a tool call; with `wait`, for the next attempt
  "calling",
  ...FINAL_PHASES,
] as const;

export type Phase = (typeof PHASES)[number];

export interface Wait {
  readonly remaining_ms: number;
  readonly attempt: number;
}

/** Fields that a delta replaces. */
interface Fields {
  readonly phase: Phase;
  /** One line about the phase, until the next. */
  readonly note: string;
  /** All tool calls so far. */
  readonly tool_calls: readonly ToolCall[];
  /** All media so far. */
  readonly media: readonly Part[];
  readonly citations: readonly Citation[];
  /** The wait before the next attempt. */
  readonly wait: Wait | null;
  /** Duration of the reasoning; null until it has ended. */
  readonly reasoning_s: number | null;
}

export interface Snapshot extends Fields {
  readonly run: string;
  readonly seq: number;
  readonly model: string;
  /** Time from sending the request to the snapshot, by the kernel's clock. */
  readonly elapsed_ms: number;
  readonly reasoning: string;
  readonly text: string;
  readonly cards: readonly LiveCard[];
  /** Whether the reasoning stays open when the answer begins. */
  readonly keeps_reasoning: boolean;
  /** Whether the text is a JSON object, rendered as a table or tree. */
  readonly is_object: boolean;
}

export interface Delta {
  readonly run: string;
  readonly seq: number;
  /** New text. */
  readonly reasoning: string;
  readonly text: string;
  readonly cards: readonly LiveCardChange[];
  /** The fields that have changed. */
  readonly fields: Partial<Fields>;
}

export type LiveMessage =
  | { readonly kind: "deltas"; readonly deltas: readonly Delta[] }
  | { readonly kind: "snapshot"; readonly snapshot: Snapshot };

/** Messages of a live view to the kernel. It replies to `stop` and `action`, and executes an `action` once per id. */
export type LiveRequest =
  | { readonly kind: "ready" | "shown" | "cleared" | "hidden" | "closed" | "stop" }
  | { readonly kind: "resync"; readonly run: string }
  | { readonly kind: "module"; readonly name: "highlight" | "structured" | "typeset" }
  | { readonly kind: "action"; readonly card: string; readonly action: string; readonly value?: string };

export const EMPTY: Snapshot = {
  run: "",
  seq: 0,
  phase: "connecting",
  model: "",
  elapsed_ms: 0,
  reasoning: "",
  text: "",
  note: "",
  cards: [],
  tool_calls: [],
  media: [],
  citations: [],
  wait: null,
  reasoning_s: null,
  keeps_reasoning: false,
  is_object: false,
};

export function isFinal(phase: Phase): boolean {
  return (FINAL_PHASES as readonly Phase[]).includes(phase);
}

/** Return `value` as a message, or undefined: unknown input is ignored, never an error. */
export function readLiveMessage(value: unknown): LiveMessage | undefined {
  if (!isRecord(value) || value.v !== VERSION) return undefined;
  if (value.kind === "deltas" && Array.isArray(value.deltas)) {
    return { kind: "deltas", deltas: value.deltas.flatMap((delta: unknown) => readDelta(delta) ?? []) };
  }
  const snapshot = value.kind === "snapshot" ? readSnapshot(value) : undefined;
  return snapshot && { kind: "snapshot", snapshot };
}

export function readSnapshot(value: unknown): Snapshot | undefined {
  if (!isRecord(value) || value.v !== VERSION) return undefined;
  const delta = readDelta(value);
  const { model, elapsed_ms } = value;
  if (!delta?.fields.phase || !isString(model) || !Number.isFinite(elapsed_ms)) return undefined;
  const { fields, cards, ...texts } = delta;
  return {
    ...EMPTY,
    ...fields,
    ...texts,
    model: clean(model),
    elapsed_ms: elapsed_ms as number,
    cards: applyCards([], cards),
    keeps_reasoning: value.keeps_reasoning === true,
    is_object: value.is_object === true,
  };
}

function readDelta(value: unknown): Delta | undefined {
  if (!isRecord(value)) return undefined;
  const { run, seq, reasoning = "", text = "" } = value;
  const fields = readFields(value);
  if (!isString(run) || !isCount(seq) || !isString(reasoning) || !isString(text) || !fields) return undefined;
  return { run, seq, reasoning: clean(reasoning), text: clean(text), cards: readCards(value.cards), fields };
}

const FIELDS: { readonly [Name in keyof Fields]: (value: unknown) => boolean } = {
  phase: (value) => (PHASES as readonly unknown[]).includes(value),
  note: isString,
  tool_calls: Array.isArray,
  media: Array.isArray,
  citations: Array.isArray,
  wait: (value) => value === null || isRecord(value),
  reasoning_s: (value) => value === null || Number.isFinite(value),
};

/** Return the present fields, or undefined if one of them is invalid. */
function readFields(value: Record<string, unknown>): Partial<Fields> | undefined {
  const fields: Record<string, unknown> = {};
  for (const [name, isValid] of Object.entries(FIELDS)) {
    const field = value[name];
    if (field === undefined) continue;
    if (!isValid(field)) return undefined;
    fields[name] = isString(field) ? clean(field) : field;
  }
  return fields;
}
