/** What the panel reads of the kernel's state. */

import type { Column } from "./columns";
import type { Hint, IgnoredParam, Problem, Spec } from "./specs";
import type { Draft, ThreadItem } from "./thread";
import type { Json } from "./values";

/** Every trait that the panel reads; `module` is the loader's (the compressed bundle). */
export interface Traits {
  readonly param_specs: readonly Spec[];
  /** Rows of what is ours and never sent: retries, timeout, rounds of tools. Same shape as `param_specs`. */
  readonly setting_specs: readonly Spec[];
  /** Wire name to value. Absent = unset, null = an explicit null. Nested fields are nested objects. */
  readonly params: Readonly<Record<string, Json>>;
  readonly settings: Readonly<Record<string, Json>>;
  /** By dotted name: what the first column's model makes of a row. */
  readonly hints: Readonly<Record<string, Hint>>;
  /** By name: set, but not taken by the models of these columns; kept and not sent. */
  readonly ignored: Readonly<Record<string, IgnoredParam>>;
  /** Names that are sent although a model is not known to take them. */
  readonly forced: readonly string[];
  readonly problems: readonly Problem[];
  /** Why Send is disabled; "" where it is not. */
  readonly blocked: string;
  readonly thread: readonly ThreadItem[];
  readonly draft: Draft;
  readonly columns: readonly Column[];
  readonly estimate: Estimate;
  readonly routing: Routing;
  readonly session: SessionTotals;
  readonly presets: Presets;
  readonly connection: Connection;
  /** By name of a function of the notebook: when it runs. Others have no function here and take results by hand. */
  readonly policies: Readonly<Record<string, Policy>>;
  /** What Undo and Redo would do, such as "delete message"; "" where there is nothing. */
  readonly undo: { readonly undo: string; readonly redo: string };
  /** Never sent on its own: in the state that a page asks for. By run. */
  readonly live: Readonly<Record<string, unknown>>;
}

/** When a function runs that a model calls; `auto` is a choice only where its author made it one. */
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
  /** "" where it remains, else the preference that rules it out. */
  readonly excluded_by: string;
}

export interface SessionTotals {
  readonly calls: number;
  readonly cost: number;
  readonly unpriced: number;
  readonly tokens_in: number;
  readonly tokens_out: number;
  /** The class of the outputs that hold the conversation for readers without the panel. */
  readonly kept: string;
}

export interface Presets {
  readonly names: readonly string[];
  readonly current: string;
  readonly changed: boolean;
  readonly folder: string;
}

export interface Connection {
  readonly server: string;
  /** "" or a word to show: "simulated", "local model". */
  readonly badge: string;
  /** Where the key comes from, such as "environment"; "" where there is none. Never the key. */
  readonly key_source: string;
}
