/** The envelopes of messages in both directions. */

import type { LiveMessage } from "../../live/protocol";
import { isCount, isRecord, isString } from "../../shared/guards";
import { liveExports } from "../live-exports";
import type { Command } from "./commands";
import type { Query } from "./queries";
import type { Role } from "./thread";
import type { Json } from "./values";

export const VERSION = 1;

/**
 * `id` starts at a random number and increments by one; responses repeat it, and a page ignores those of other pages. A
 * command that is sent again with the same id is acknowledged again and not executed again.
 */
export type ToKernel = { readonly v: typeof VERSION; readonly id: number } & (
  | { readonly kind: "ready" | "module" }
  /** Send the thread, with the draft appended if there is a `text` (the composer's latest, may be empty). */
  | {
      readonly kind: "submit";
      readonly text?: string;
      readonly role?: Role;
      readonly columns?: readonly string[];
    }
  | { readonly kind: "stop"; readonly column?: string }
  /** Deltas of a run were lost: send its snapshot. */
  | { readonly kind: "resync"; readonly run: string }
  | ({ readonly kind: "op" } & Command)
  | ({ readonly kind: "ask" } & Query)
);

export type FromKernel =
  | {
      readonly kind: "ack";
      readonly v: number;
      readonly id: number;
      readonly problem: string;
    }
  | {
      readonly kind: "reply";
      readonly v: number;
      readonly id: number;
      readonly problem: string;
      readonly value: Json;
    }
  | { readonly kind: "module"; readonly v: number }
  | LiveMessage;

/** Return `value` as a message of the kernel, or undefined: unknown input is ignored, never an error. */
export function readMessage(value: unknown): FromKernel | undefined {
  const live = liveExports().readLiveMessage(value);
  if (live) return live;
  if (!isRecord(value) || value.v !== VERSION) return undefined;
  switch (value.kind) {
    case "ack":
      return isCount(value.id) && isString(value.problem) ? (value as FromKernel) : undefined;
    case "reply":
      return isCount(value.id) && isString(value.problem) && "value" in value
        ? (value as FromKernel)
        : undefined;
    case "module":
      return value as FromKernel;
    default:
      return undefined;
  }
}
