/** What the kernel and the live view say to each other; the Python half is written to the same words. */

import { clean, isRecord, isString } from "../shared/guards";
import { type LiveCard, type LiveCardChange, readCards } from "./cards";

export const VERSION = 2;

const FINAL_PHASES = ["finished", "stopped", "interrupted", "failed"] as const;
const PHASES = [
  "connecting",
  "processing",
  "reasoning",
  "answering",
  "waiting", // for the reader to say whether a function may run
  "calling",
  ...FINAL_PHASES,
] as const;

export type Phase = (typeof PHASES)[number];

export interface Snapshot {
  readonly v: typeof VERSION;
  readonly rev: number;
  readonly phase: Phase;
  readonly model: string;
  /** Since the cell started, by the kernel's clock, when the snapshot was taken. */
  readonly elapsed_ms: number;
  readonly reasoning: string;
  readonly text: string;
  readonly note: string;
  readonly cards: readonly LiveCard[];
  /** Whether the reasoning stays open when the answer begins. */
  readonly keeps_reasoning: boolean;
  /** Whether the text is the JSON of an object, which is shown as a table or tree. */
  readonly is_object: boolean;
}

export interface Delta {
  readonly rev: number;
  readonly phase: Phase | undefined;
  readonly reasoning: string;
  readonly text: string;
  readonly note: string | undefined;
  readonly cards: readonly LiveCardChange[];
}

export type LiveRequest =
  | { readonly kind: "ready" | "stop" | "resync" | "released" }
  | { readonly kind: "module"; readonly name: "highlight" | "structured" | "typeset" }
  | { readonly kind: "action"; readonly card: string; readonly action: string; readonly value?: string };

export function isFinal(phase: Phase): boolean {
  return (FINAL_PHASES as readonly Phase[]).includes(phase);
}

/** The snapshot in `value`, or undefined where it is anything else: unknown input is ignored, never an error. */
export function readSnapshot(value: unknown): Snapshot | undefined {
  if (!isVersioned(value) || !isPhase(value.phase)) return undefined;
  const { elapsed_ms, model, reasoning, text, note } = value;
  if (typeof elapsed_ms !== "number" || !Number.isFinite(elapsed_ms)) return undefined;
  if (!isString(model) || !isString(reasoning) || !isString(text) || !isString(note)) return undefined;
  return {
    v: VERSION,
    rev: value.rev,
    phase: value.phase,
    model: clean(model),
    elapsed_ms,
    reasoning: clean(reasoning),
    text: clean(text),
    note: clean(note),
    cards: readCards(value.cards).filter((card): card is LiveCard => !("gone" in card)),
    keeps_reasoning: value.keeps_reasoning === true,
    is_object: value.is_object === true,
  };
}

export function readDelta(value: unknown): Delta | undefined {
  if (!isVersioned(value)) return undefined;
  const { phase, reasoning = "", text = "", note } = value;
  if (phase !== undefined && !isPhase(phase)) return undefined;
  if (!isString(reasoning) || !isString(text) || (note !== undefined && !isString(note))) return undefined;
  return {
    rev: value.rev,
    phase,
    reasoning: clean(reasoning),
    text: clean(text),
    note: note === undefined ? undefined : clean(note),
    cards: readCards(value.cards),
  };
}

export function kindOf(message: unknown): unknown {
  return isRecord(message) ? message.kind : undefined;
}

function isVersioned(value: unknown): value is Record<string, unknown> & { rev: number } {
  return isRecord(value) && value.v === VERSION && Number.isSafeInteger(value.rev);
}

function isPhase(value: unknown): value is Phase {
  return (PHASES as readonly unknown[]).includes(value);
}
