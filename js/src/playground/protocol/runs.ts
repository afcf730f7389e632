/** Answers that are being written. */

import { isCount, isRecord, isString } from "../../shared/guards";
import type { Citation, Part, ToolCall } from "./thread";

export const FINAL_PHASES = ["finished", "stopped", "failed"] as const;

export const PHASES = [
  "connecting",
  "processing",
  "waiting",
  "reasoning",
  "answering",
  ...FINAL_PHASES,
] as const;

export type Phase = (typeof PHASES)[number];

/** What is new of a run. `seq` counts from 1 without gaps. The last one has a final phase; traits say the rest. */
export interface Delta {
  readonly run: string;
  readonly seq: number;
  readonly phase: Phase;
  readonly reasoning?: string;
  readonly text?: string;
  /** Tool calls so far, whole; only where they have changed. */
  readonly tool_calls?: readonly ToolCall[];
  /** Media so far; only where they have changed. */
  readonly media?: readonly Part[];
  readonly citations?: readonly Citation[];
  /** One line about what is going on; stands until the next. */
  readonly note?: string;
  /** A wait before the next attempt: "Retry now" is the remedy `retry`, Cancel is `stop`. */
  readonly wait?: { readonly remaining_ms: number; readonly attempt: number } | null;
}

export interface Snapshot {
  readonly run: string;
  readonly column: string;
  readonly item: string;
  readonly seq: number;
  readonly phase: Phase;
  readonly model: string;
  /** Since it was sent, by the kernel's clock, when this was taken. */
  readonly elapsed_ms: number;
  readonly reasoning: string;
  readonly text: string;
  readonly tool_calls: readonly ToolCall[];
  readonly media: readonly Part[];
  readonly citations: readonly Citation[];
  readonly note: string;
  readonly wait: { readonly remaining_ms: number; readonly attempt: number } | null;
  /** Seconds that the reasoning took, once text has begun. */
  readonly reasoning_s: number | null;
}

// Values of replies.

export function isFinal(phase: Phase): boolean {
  return (FINAL_PHASES as readonly Phase[]).includes(phase);
}

export function isDelta(value: unknown): value is Delta {
  if (!isRecord(value)) return false;
  const { run, seq, phase, reasoning, text, note } = value;
  const texts = [reasoning, text, note];
  return (
    isString(run) &&
    isCount(seq) &&
    isPhase(phase) &&
    texts.every((piece) => piece === undefined || isString(piece))
  );
}

export function isSnapshot(value: unknown): value is Snapshot {
  if (!isRecord(value)) return false;
  const { run, column, item, seq, phase, model, elapsed_ms, reasoning, text, note } = value;
  return (
    isCount(seq) &&
    isPhase(phase) &&
    typeof elapsed_ms === "number" &&
    Number.isFinite(elapsed_ms) &&
    [run, column, item, model, reasoning, text, note].every(isString) &&
    [value.tool_calls, value.media, value.citations].every(Array.isArray)
  );
}

function isPhase(value: unknown): value is Phase {
  return (PHASES as readonly unknown[]).includes(value);
}
