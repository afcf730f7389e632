/** The conversation: items, cards, and the content of a card. */

import type { Citation, Part, ToolCall } from "../../live/content";

export type { Citation, Part, ToolCall } from "../../live/content";

export type Role = "system" | "developer" | "user" | "assistant" | "tool";

/** One position in the conversation. A user message has one card; an answer has one for each column. */
export interface ThreadItem {
  readonly id: string;
  readonly role: Role;
  readonly cards: readonly MessageCard[];
}

export interface MessageCard {
  /** The column of the card; null for all columns. */
  readonly column: string | null;
  readonly parts: readonly Part[];
  readonly name?: string;
  /** Tool call of a tool message. */
  readonly tool_call_id?: string;
  readonly tool_calls?: readonly ToolCall[];
  readonly reasoning?: string;
  readonly citations?: readonly Citation[];
  readonly marks?: CitationMarks;
  /** Alternatives of this item: shown as index + 1 of count. */
  readonly branch: { readonly index: number; readonly count: number };
  readonly stats?: AnswerStats;
  /** Whether JSON was requested: the text is shown as a table or tree. */
  readonly is_object?: boolean;
  /** The run that streams this card. It continues the text in `parts`: deltas append to it, a snapshot includes it. */
  readonly run?: string;
}

/**
 * Positions of citation marks in the text, in UTF-16 units, with the number of the source; or "written" if the model
 * has written marks such as [1] itself.
 */
export type CitationMarks = readonly (readonly [at: number, number: number])[] | "written";

export interface AnswerStats {
  readonly model: string;
  readonly provider: string;
  readonly finish_reason: string;
  readonly native_finish_reason: string;
  readonly end: EndReason;
  readonly seconds: number;
  readonly first_token_s: number | null;
  readonly reasoning_s: number | null;
  readonly tokens_per_s: number | null;
  readonly tokens_in: number | null;
  readonly tokens_out: number | null;
  readonly tokens_reasoning: number | null;
  readonly tokens_cached: number | null;
  /** US dollars as reported; null if the service did not report it. */
  readonly cost: number | null;
  readonly generation_id: string;
  readonly has_logprobs: boolean;
  /** One line under the card: truncated, stopped, refused; "" for a complete answer. */
  readonly note: string;
  /** Validity of a structured answer; "" if none was requested. */
  readonly schema_note: string;
  /** Validation errors, one sentence for each field. */
  readonly schema_problems: readonly string[];
  /** Python expression of the result: `p.results[0]`. */
  readonly variable: string;
}

export type EndReason =
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
  /** Increments with each change of the text or the role. */
  readonly rev: number;
  /** Id of the message that made this change. */
  readonly by: number;
}
