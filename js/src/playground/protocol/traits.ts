/** The kernel's state, as the panel reads it. */

import type { Column } from "./columns";
import type { Hint, IgnoredParam, Problem, Spec } from "./specs";
import type { Draft, ThreadItem } from "./thread";
import type { Json } from "./values";

/** All traits that the panel reads. `module`, the compressed bundle, is for the loader. */
export interface Traits {
  readonly param_specs: readonly Spec[];
  /** Specs of client settings, which are never sent: retries, timeout, tool rounds. Same shape as `param_specs`. */
  readonly setting_specs: readonly Spec[];
  /** Wire name to value. Absent = unset, null = an explicit null. Nested fields are nested objects. */
  readonly params: Readonly<Record<string, Json>>;
  readonly settings: Readonly<Record<string, Json>>;
  /** Hints of the first column's model, by dotted name. */
  readonly hints: Readonly<Record<string, Hint>>;
  /** Parameters that are set but not supported by the models of these columns, by name: stored, not sent. */
  readonly ignored: Readonly<Record<string, IgnoredParam>>;
  /** Parameters that are sent although a model is not known to support them. */
  readonly forced: readonly string[];
  readonly problems: readonly Problem[];
  /** Why Send is disabled; "" if it is enabled. */
  readonly blocked: string;
  readonly thread: readonly ThreadItem[];
  readonly draft: Draft;
  readonly columns: readonly Column[];
  readonly estimate: Estimate;
  readonly routing: Routing;
  readonly session: SessionTotals;
  readonly presets: Presets;
  readonly history: HistoryState;
  readonly connection: Connection;
  /** When the notebook's functions run, by name. Other tools have no function, so results are entered manually. */
  readonly policies: Readonly<Record<string, Policy>>;
  /** The next steps of Undo and Redo, such as "delete message"; "" for none. */
  readonly undo: { readonly undo: string; readonly redo: string };
  /** Snapshots by run. Part of the state that a page requests, never sent separately. */
  readonly live: Readonly<Record<string, unknown>>;
}

/** When a called function runs; `auto` is available only if the tool's author allows it. */
export interface Policy {
  readonly chosen: "ask" | "auto" | "manual";
  readonly choices: readonly Policy["chosen"][];
}

export interface Estimate {
  readonly tokens_in: number;
  readonly tokens_exact: boolean;
  readonly cost_low: number | null;
  readonly cost_high: number | null;
}

export interface Routing {
  readonly model: string;
  readonly state: "unknown" | "loading" | "ready" | "failed";
  readonly total: number;
  readonly remain: number;
  readonly endpoints: readonly Endpoint[];
  readonly message: string;
}

export interface Endpoint {
  readonly tag: string;
  readonly provider: string;
  readonly quantization: string;
  readonly context: number | null;
  readonly price_in: number | null;
  readonly price_out: number | null;
  readonly uptime: number | null;
  readonly latency: number | null;
  readonly throughput: number | null;
  /** The preference that excludes it; "" if it is allowed. */
  readonly excluded_by: string;
}

export interface SessionTotals {
  readonly calls: number;
  readonly cost: number;
  readonly unpriced: number;
  readonly tokens_in: number;
  readonly tokens_out: number;
  /** CSS class of the saved output that shows the conversation without the panel. */
  readonly kept: string;
}

export interface HistoryState {
  /** Whether conversations are stored. */
  readonly on: boolean;
  /** Increments with each change that this panel makes to the stored conversations. */
  readonly changes: number;
  /** Id of this conversation; "" until it is stored. */
  readonly current: string;
  /** Title of the conversation that was deleted last and can be restored; null for none. */
  readonly deleted: string | null;
  /** Why this conversation is not stored, or "". */
  readonly problem: string;
}

export interface Presets {
  readonly names: readonly string[];
  readonly current: string;
  readonly changed: boolean;
  readonly folder: string;
}

export interface Connection {
  readonly server: string;
  /** Badge such as "simulated" or "local model"; "" for none. */
  readonly badge: string;
  /** Source of the key, such as "environment"; "" if there is no key. Never the key. */
  readonly key_source: string;
}
