/** The models, and the result of the last request of each. */

import type { AnswerStats } from "./thread";
import type { Json } from "./values";

export interface Column {
  readonly id: string;
  readonly model: string;
  /** Values set for this column only; like `params`. */
  readonly overrides: Readonly<Record<string, Json>>;
  readonly status: "idle" | "running" | "waiting" | "finished" | "stopped" | "failed";
  readonly run: string | null;
  readonly item: string | null;
  readonly stats: AnswerStats | null;
  readonly banner: Banner | null;
  /** Description of the model: context, prices, modalities, tools, reasoning, expiry. */
  readonly summary: readonly string[];
}

export interface Banner {
  /** Name of the error's class, for styles and tests. */
  readonly kind: string;
  readonly level: "error" | "warning";
  readonly title: string;
  readonly message: string;
  readonly meaning: string;
  readonly remedies: readonly Remedy[];
  /** Status, ids, provider: plain text, no key, no account. */
  readonly details: string;
  readonly countdown: { readonly remaining_ms: number; readonly auto: boolean } | null;
  /** Focus goes to the first remedy. */
  readonly user_caused: boolean;
}

export interface Remedy {
  readonly id: string;
  readonly label: string;
  readonly help: string;
  /**
   * `op`: send `remedy` with this id. `focus`: the control of `field` (or message `item`). `link`: open `href`.
   * `copy`: code to run in a cell. `raw`: the column's last exchange in the raw view.
   */
  readonly action: "op" | "focus" | "link" | "copy" | "raw";
  readonly field?: string;
  readonly item?: string;
  readonly href?: string;
  readonly code?: string;
}
