/**
 * What the kernel and the panel say to each other; the Python half is `openrouter_nb/playground/protocol.py`.
 *
 * The kernel owns the truth. It writes the traits and the panel only reads them: every change is an `op` message, which
 * the kernel checks, carries out, and acknowledges after the traits that it changed. The panel may show a change before
 * that; an `ack` with a problem takes it back. Nothing here holds the key. Answers that are being written travel as
 * numbered deltas of all columns together; `live` is a snapshot of them, taken whenever a page asks for the state.
 */

export const VERSION = 1;

// ---------------------------------------------------------------------------------------------------- traits

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
  readonly ignored: Readonly<Record<string, Ignored>>;
  /** Names that are sent although a model is not known to take them. */
  readonly forced: readonly string[];
  readonly problems: readonly Problem[];
  /** Why Send is disabled; "" where it is not. */
  readonly blocked: string;
  readonly thread: readonly Item[];
  readonly draft: Draft;
  readonly columns: readonly Column[];
  readonly estimate: Estimate;
  readonly routing: Routing;
  readonly session: Session;
  readonly presets: Presets;
  readonly connection: Connection;
  /** By name of a function of the notebook: when it runs. Others have no function here and take results by hand. */
  readonly policies: Readonly<Record<string, Policy>>;
  /** What Undo and Redo would do, such as "delete message"; "" where there is nothing. */
  readonly undo: { readonly undo: string; readonly redo: string };
  /** Never sent on its own: in the state that a page asks for. By run. */
  readonly live: Readonly<Record<string, Snapshot>>;
}

/** When a function runs that a model calls; `auto` is a choice only where its author made it one. */
export interface Policy {
  readonly chosen: "ask" | "auto" | "manual";
  readonly choices: readonly Policy["chosen"][];
}

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

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
  readonly cards?: readonly CardSpec[];
  readonly deprecated?: string;
  /** Names that are cleared when this one is set; said beside the control. */
  readonly excludes?: readonly string[];
}

export interface CardSpec {
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

export interface Ignored {
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

export type Role = "system" | "developer" | "user" | "assistant" | "tool";

/** One place in the conversation. Questions have one card; answers one for each column that answered. */
export interface Item {
  readonly id: string;
  readonly role: Role;
  readonly cards: readonly Card[];
}

export interface Card {
  /** The column whose card it is; null is everybody's. */
  readonly column: string | null;
  readonly parts: readonly Part[];
  readonly name?: string;
  /** Of a tool message: the call that it answers. */
  readonly tool_call_id?: string;
  readonly tool_calls?: readonly ToolCall[];
  readonly reasoning?: string;
  readonly citations?: readonly Citation[];
  /** Alternatives of this place: shown as index + 1 of count. */
  readonly branch: { readonly index: number; readonly count: number };
  readonly facts?: Facts;
  /** The run that is writing it. `parts` is the text that it goes on from; deltas add to it, a snapshot has both. */
  readonly run?: string;
}

/** Media stay in the kernel: ask for `attachment` with `ref` to get the bytes. */
export type Part =
  | { readonly type: "text"; readonly text: string; readonly cached?: boolean }
  | ({ readonly type: "image" | "audio" | "video" | "file"; readonly ref: string; readonly name: string } & {
      readonly media_type: string;
      readonly bytes: number;
      readonly url?: string;
    });

export interface ToolCall {
  readonly id: string;
  readonly name: string;
  /** JSON text as the model wrote it. */
  readonly arguments: string;
  /** `waiting` needs a decision; `unknown` is no tool of this playground and takes a result by hand. */
  readonly state: "waiting" | "running" | "done" | "failed" | "refused" | "unknown";
  readonly result?: string;
  /** What the function printed. */
  readonly output?: string;
  /** Why the arguments cannot be used. */
  readonly problem?: string;
}

export interface Citation {
  readonly url: string;
  readonly title: string;
  readonly start?: number;
  readonly end?: number;
}

export interface Facts {
  readonly model: string;
  readonly provider: string;
  readonly finish_reason: string;
  readonly native_finish_reason: string;
  readonly end: End;
  readonly seconds: number;
  readonly first_token_s: number | null;
  readonly reasoning_s: number | null;
  readonly tokens_per_s: number | null;
  readonly tokens_in: number | null;
  readonly tokens_out: number | null;
  readonly tokens_reasoning: number | null;
  readonly tokens_cached: number | null;
  /** US dollars as reported; null where the service did not say. */
  readonly cost: number | null;
  readonly generation_id: string;
  readonly has_logprobs: boolean;
  /** One line under the card: cut at the limit, stopped, refused; "" for a whole answer. */
  readonly note: string;
  /** Validity of a structured answer; "" where none was asked for. */
  readonly schema_note: string;
  /** Where Python finds it: `p.results[0]`. */
  readonly variable: string;
}

export type End =
  | "complete"
  | "length"
  | "content_filter"
  | "refusal"
  | "truncated"
  | "error"
  | "stopped"
  | "tools";

export interface Draft {
  readonly text: string;
  readonly role: Role;
  readonly attachments: readonly Part[];
  /** Grows with every change that did not come from this panel's typing: take `text` over when it does. */
  readonly rev: number;
}

export interface Column {
  readonly id: string;
  readonly model: string;
  /** Values that this column has of its own; like `params`. */
  readonly overrides: Readonly<Record<string, Json>>;
  readonly status: "idle" | "running" | "waiting" | "finished" | "stopped" | "failed";
  readonly run: string | null;
  readonly item: string | null;
  readonly facts: Facts | null;
  readonly banner: Banner | null;
  /** Line about the model: context, prices, kinds, tools, reasoning, expiry. */
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
   * `copy`: code to run in a cell.
   */
  readonly action: "op" | "focus" | "link" | "copy";
  readonly field?: string;
  readonly item?: string;
  readonly href?: string;
  readonly code?: string;
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

export interface Session {
  readonly calls: number;
  readonly cost: number;
  readonly unpriced: number;
  readonly tokens_in: number;
  readonly tokens_out: number;
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

// ------------------------------------------------------------------------------------------- browser to kernel

/** `id` begins at a random number and grows by one; answers carry it back, and a page ignores those of others. */
export type ToKernel = { readonly v: typeof VERSION; readonly id: number } & (
  | { readonly kind: "ready" | "module" }
  /** Sends what is there, with `text` (the composer's newest) as a message first; without `text`, the thread as it is. */
  | {
      readonly kind: "submit";
      readonly text?: string;
      readonly role?: Role;
      readonly columns?: readonly string[];
    }
  | { readonly kind: "stop"; readonly column?: string }
  /** Deltas of a run were lost: send its snapshot. */
  | { readonly kind: "resync"; readonly run: string }
  | ({ readonly kind: "op" } & Op)
  | ({ readonly kind: "ask" } & Ask)
);

export type Op =
  // Parameters. `column` makes it an override of that column.
  | { readonly op: "set_param"; readonly name: string; readonly value: Json; readonly column?: string }
  | { readonly op: "unset_param" | "null_param"; readonly name: string; readonly column?: string }
  | { readonly op: "force_param"; readonly name: string; readonly on: boolean }
  | { readonly op: "set_setting"; readonly name: string; readonly value: Json }
  | { readonly op: "convert_deprecated"; readonly name: string }
  // Columns.
  | { readonly op: "set_model"; readonly column: string; readonly model: string }
  | { readonly op: "add_column"; readonly model?: string }
  | { readonly op: "remove_column"; readonly column: string }
  // Thread. `column` names a card of an answer.
  | { readonly op: "insert_message"; readonly index: number; readonly role: Role; readonly text: string }
  | ({
      readonly op: "edit_message";
      readonly item: string;
      readonly text: string;
      readonly column?: string;
    } & { /** Keep the old one, with what followed, as a branch. */ readonly branch?: boolean })
  | { readonly op: "set_role"; readonly item: string; readonly role: Role }
  | { readonly op: "set_tool_call_id"; readonly item: string; readonly tool_call_id: string }
  | { readonly op: "set_cache"; readonly item: string; readonly part: number; readonly on: boolean }
  | { readonly op: "delete_message" | "duplicate_message" | "branch_message"; readonly item: string }
  | { readonly op: "move_message"; readonly item: string; readonly index: number }
  | { readonly op: "choose_branch"; readonly item: string; readonly step: 1 | -1; readonly column?: string }
  | { readonly op: "set_thread" /** JSON text of a list of messages. */; readonly json: string }
  | {
      readonly op: "clear_thread" | "undo" | "redo" | "keep_answer" | "cancel_retry" | "dismiss";
      readonly column?: string;
    }
  | { readonly op: "regenerate" | "continue"; readonly item: string; readonly column?: string }
  | { readonly op: "set_draft"; readonly text: string; readonly role?: Role }
  // Attachments: bytes as the message's first buffer, or a variable of the kernel. `item` null: the draft.
  | ({
      readonly op: "attach";
      readonly item: string | null;
      readonly name: string;
      readonly media_type?: string;
    } & { readonly variable?: string })
  | { readonly op: "detach"; readonly item: string | null; readonly part: number }
  // Tools that the model calls.
  | ({
      readonly op: "tool_run";
      readonly item: string;
      readonly column: string | null;
      readonly call: string;
    } & { /** Edited JSON text. */ readonly arguments?: string })
  | ({
      readonly op: "tool_result";
      readonly item: string;
      readonly column: string | null;
      readonly call: string;
    } & { readonly text: string })
  | ({
      readonly op: "tool_refuse";
      readonly item: string;
      readonly column: string | null;
      readonly call: string;
    } & { readonly text?: string })
  // Tools that are offered, and schemas, from what the kernel has.
  | { readonly op: "tool_from" | "schema_from"; readonly variable: string }
  | { readonly op: "tool_policy"; readonly tool: string; readonly policy: Policy["chosen"] }
  | { readonly op: "preset_save" | "preset_load" | "preset_delete"; readonly name: string }
  | { readonly op: "remedy"; readonly column: string; readonly remedy: string };

/** Questions without a change; each gets one `reply` with the same `id`. */
export type Ask =
  | { readonly ask: "models"; readonly fresh?: boolean }
  | { readonly ask: "attachment"; readonly ref: string }
  /** The requests as they would be sent now, one for each column, key masked. */
  | { readonly ask: "request" }
  | { readonly ask: "raw" | "logprobs"; readonly item: string; readonly column: string | null }
  | { readonly ask: "history" }
  | { readonly ask: "code"; readonly format: CodeFormat; readonly column?: string }
  /** Names in the notebook that can be attached, be tools, or be schemas. */
  | { readonly ask: "variables"; readonly use: "attachment" | "tool" | "schema" }
  | {
      readonly ask: "check_json";
      readonly text: string;
      readonly as: "json" | "schema" | "tool" | "messages";
    }
  | { readonly ask: "token_ids"; readonly text: string }
  | { readonly ask: "thread_json" }
  | { readonly ask: "script"; readonly name: "highlight" | "typeset" };

export const CODE_FORMATS = [
  "chat",
  "openrouter_nb",
  "openrouter",
  "openai",
  "httpx",
  "typescript",
  "curl",
] as const;
export type CodeFormat = (typeof CODE_FORMATS)[number];

// ------------------------------------------------------------------------------------------- kernel to browser

export type FromKernel =
  | {
      readonly kind: "ack";
      readonly v: number;
      readonly id: number;
      readonly problem: string;
      readonly created?: string;
    }
  | {
      readonly kind: "reply";
      readonly v: number;
      readonly id: number;
      readonly problem: string;
      readonly value: Json;
    }
  | { readonly kind: "module"; readonly v: number }
  | { readonly kind: "deltas"; readonly v: number; readonly deltas: readonly Delta[] }
  | ({ readonly kind: "snapshot"; readonly v: number } & Snapshot);

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
  /** A wait before the next attempt: "Retry now" is the remedy `retry_now`, Cancel is `stop`. */
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

export interface ModelRow {
  readonly id: string;
  readonly name: string;
  readonly context: number | null;
  /** US dollars per million tokens; null varies. */
  readonly price_in: number | null;
  readonly price_out: number | null;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly tools: boolean;
  readonly reasoning: boolean;
  readonly efforts: readonly string[];
  readonly expires: string;
  readonly created: number | null;
  readonly description: string;
}

export interface ModelsReply {
  readonly models: readonly ModelRow[];
  readonly age_s: number;
  readonly stale: boolean;
  /** Suffixes for the menu behind a slug, such as ":nitro", each with what it does. */
  readonly suffixes: readonly { readonly suffix: string; readonly help: string }[];
}

/** `attachment`: the bytes are the message's first buffer. */
export interface AttachmentReply {
  readonly ref: string;
  readonly media_type: string;
  readonly name: string;
}

export interface RequestReply {
  readonly requests: readonly ShownRequest[];
}

export interface ShownRequest {
  readonly column: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Json;
  /** Why it cannot be sent, or "". */
  readonly problem: string;
}

export interface RawReply {
  readonly request: Json;
  /** As `debug.echo_upstream_body` shows it: one for each provider that was tried. */
  readonly upstream: readonly Json[];
  /** JSON text of the chunks; `dropped` more were not kept. */
  readonly chunks: readonly string[];
  readonly dropped: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly timeline: readonly { readonly at_ms: number; readonly what: string }[];
}

export interface LogprobsReply {
  readonly tokens: readonly LogprobToken[];
  readonly note: string;
}

export interface LogprobToken {
  readonly token: string;
  readonly logprob: number;
  readonly bytes: readonly number[] | null;
  readonly top: readonly { readonly token: string; readonly logprob: number }[];
}

export interface HistoryReply {
  readonly calls: readonly HistoryRow[];
}

export interface HistoryRow {
  readonly at: string;
  readonly model: string;
  readonly provider: string;
  readonly end: string;
  readonly tokens_in: number | null;
  readonly tokens_out: number | null;
  readonly cost: number | null;
  readonly seconds: number;
  readonly prompt: string;
}

export interface CodeReply {
  readonly text: string;
  /** For highlighting: python, typescript, bash. */
  readonly language: string;
  /** Why the code cannot send exactly the same, or "". */
  readonly note: string;
}

export interface VariablesReply {
  readonly variables: readonly { readonly name: string; readonly about: string }[];
}

export interface CheckReply {
  readonly problem: string;
  readonly line: number | null;
  readonly column: number | null;
}

export interface TokenIdsReply {
  readonly ids: readonly number[];
  readonly note: string;
}

// ---------------------------------------------------------------------------------------------------- guards

/** What the kernel sent, or undefined where it is anything else: unknown input is ignored, never an error. */
export function readMessage(value: unknown): FromKernel | undefined {
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
    case "deltas":
      return Array.isArray(value.deltas) && value.deltas.every(isDelta) ? (value as FromKernel) : undefined;
    case "snapshot":
      return isSnapshot(value) ? (value as unknown as FromKernel) : undefined;
    default:
      return undefined;
  }
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

export function isFinal(phase: Phase): boolean {
  return (FINAL_PHASES as readonly Phase[]).includes(phase);
}

function isPhase(value: unknown): value is Phase {
  return (PHASES as readonly unknown[]).includes(value);
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

function isString(value: unknown): value is string {
  return typeof value === "string";
}
