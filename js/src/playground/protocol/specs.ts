/** Specs of the parameters, and hints of the models about them. */

import type { Json } from "./values";

/** Values of `Spec.control`. An unknown value is rendered as `json`. */
export type Control =
  | "slider" // number with a slider; `centred` has zero in the middle, `log` a logarithmic scale
  | "number"
  | "switch" // true, false, unset
  | "select" // one of `choices`; with `open`, also any other text
  | "segmented"
  | "text"
  | "textarea"
  | "chips" // list of strings, at most `maximum`; suggestions: `choices`
  | "checks" // list of strings, one checkbox for each choice
  | "table" // keys and values: `value` is "number" or "text", bounds in `limits`
  | "json"
  | "tools"
  | "tool_choice"
  | "plugins"
  | "response_format"
  | "note"; // shown only if it is set; `deprecated` names the replacement

export interface Spec {
  /** Name on the wire; a dot separates nested fields: `reasoning.effort`. */
  readonly name: string;
  readonly label: string;
  readonly group: string;
  readonly control: Control;
  readonly kind: "number" | "integer" | "boolean" | "string" | "strings" | "json";
  readonly help: string;
  readonly nullable: boolean;
  /** Placeholder if unset and the model has no default. */
  readonly ghost?: string;
  /** Whether it is under "advanced" in its group. */
  readonly advanced: boolean;
  readonly minimum?: number;
  readonly maximum?: number;
  /** Step of the slider; arrow keys use `arrow` if present. */
  readonly step?: number;
  readonly arrow?: number;
  readonly unit?: string;
  readonly centred?: boolean;
  readonly log?: boolean;
  readonly choices?: readonly string[];
  readonly open?: boolean;
  readonly value?: "number" | "text";
  readonly limits?: { readonly pairs?: number; readonly key?: number; readonly value?: number };
  /** For `plugins` and server tools: entries of the add menu, each with the fields of its form. */
  readonly cards?: readonly FormSpec[];
  readonly deprecated?: string;
  /** Parameters that are unset when this one is set; shown beside the control. */
  readonly excludes?: readonly string[];
  /** Switch that is turned on when this one is set, and that this one needs. */
  readonly requires?: string;
  /** Page of OpenRouter's documentation about it. */
  readonly reference?: string;
}

export interface FormSpec {
  readonly id: string;
  readonly label: string;
  readonly help: string;
  readonly fields: readonly Spec[];
}

export interface Hint {
  /** Placeholder of an unset parameter: the model's default, or "provider default". */
  readonly ghost?: string;
  readonly choices?: readonly string[];
  /** Default of the model. */
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
  /** Dotted name of a parameter, or `model`, `extra_body`, `messages`. */
  readonly field: string;
  readonly message: string;
  /** "error" disables Send, "warning" does not. */
  readonly level: "error" | "warning";
  readonly item?: string;
  readonly column?: string;
}
