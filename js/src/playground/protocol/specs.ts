/** The rows of the rail, and what a model makes of them. */

import type { Json } from "./values";

/** Words for `Spec.control`. An unknown one is drawn as `json`. */
export type Control =
  | "slider" // number with a slider; `centred` has its zero in the middle, `log` a logarithmic scale
  | "number"
  | "switch" // true, false, unset
  | "select" // one of `choices`; where `open`, any other text too
  | "segmented"
  | "text"
  | "textarea"
  | "chips" // list of texts, at most `maximum`; offered: `choices`
  | "checks" // list of texts, one box for each choice
  | "table" // key to value: `value` is "number" or "text", bounds in `limits`
  | "json"
  | "tools"
  | "tool_choice"
  | "plugins"
  | "response_format"
  | "note"; // shown only where it is set; `deprecated` says what to use instead

export interface Spec {
  /** On the wire; a dot leads into an object: `reasoning.effort`. */
  readonly name: string;
  readonly label: string;
  readonly group: string;
  readonly control: Control;
  readonly kind: "number" | "integer" | "boolean" | "string" | "strings" | "json";
  readonly help: string;
  readonly nullable: boolean;
  /** What an unset row shows; where the model has a default of its own, that. */
  readonly ghost?: string;
  /** Belongs under "advanced" of its group. */
  readonly advanced: boolean;
  readonly minimum?: number;
  readonly maximum?: number;
  /** Of the slider; arrow keys take `arrow` where it is given. */
  readonly step?: number;
  readonly arrow?: number;
  readonly unit?: string;
  readonly centred?: boolean;
  readonly log?: boolean;
  readonly choices?: readonly string[];
  readonly open?: boolean;
  readonly value?: "number" | "text";
  readonly limits?: { readonly pairs?: number; readonly key?: number; readonly value?: number };
  /** For `plugins` and server tools: what the add-menu offers, each with the fields of its card. */
  readonly cards?: readonly FormSpec[];
  readonly deprecated?: string;
  /** Names that are cleared when this one is set; said beside the control. */
  readonly excludes?: readonly string[];
}

export interface FormSpec {
  readonly id: string;
  readonly label: string;
  readonly help: string;
  readonly fields: readonly Spec[];
}

export interface Hint {
  /** Ghost text of an unset row: the model's own default, or "provider default". */
  readonly ghost?: string;
  readonly choices?: readonly string[];
  /** Choice that the model takes where nothing is set. */
  readonly default?: Json;
  readonly maximum?: number;
  readonly hidden?: boolean;
  readonly note?: string;
}

export interface IgnoredParam {
  readonly columns: readonly string[];
  readonly message: string;
}

export interface Problem {
  /** Dotted name of a row, `model`, `extra_body`, or `messages`. */
  readonly field: string;
  readonly message: string;
  /** "error" disables Send, "warning" does not. */
  readonly level: "error" | "warning";
  readonly item?: string;
  readonly column?: string;
}
