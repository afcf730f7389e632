/** The conversation: its places, their cards, and what a card holds. */

import type { Citation, Part, ToolCall } from "../../live/content";

export type { Citation, Part, ToolCall } from "../../live/content";

export type Role = "system" | "developer" | "user" | "assistant" | "tool";

/** One place in the conversation. Questions have one card; answers one for each column that answered. */
export interface ThreadItem {
  readonly id: string;
  readonly role: Role;
  readonly cards: readonly MessageCard[];
}

export interface MessageCard {
  /** The column whose card it is; null is everybody's. */
  readonly column: string | null;
  readonly parts: readonly Part[];
  readonly name?: string;
  /** Of a tool message: the call that it answers. */
  readonly tool_call_id?: string;
  readonly tool_calls?: readonly ToolCall[];
  readonly reasoning?: string;
  readonly citations?: readonly Citation[];
  readonly marks?: CitationMarks;
  /** Alternatives of this place: shown as index + 1 of count. */
  readonly branch: { readonly index: number; readonly count: number };
  readonly facts?: AnswerStats;
  /** Whether JSON was asked for: then the text is shown as a table or tree. */
  readonly is_object?: boolean;
  /** The run that is writing it. `parts` is the text that it goes on from; deltas add to it, a snapshot has both. */
  readonly run?: string;
}

/**
 * Where in the text of an answer the numbers of its sources stand: after so many UTF-16 units. Or the model has written
 * them there itself, as [1].
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
  /** US dollars as reported; null where the service did not say. */
  readonly cost: number | null;
  readonly generation_id: string;
  readonly has_logprobs: boolean;
  /** One line under the card: cut at the limit, stopped, refused; "" for a whole answer. */
  readonly note: string;
  /** Validity of a structured answer; "" where none was asked for. */
  readonly schema_note: string;
  /** Where it does not fit, one sentence for each field. */
  readonly schema_problems: readonly string[];
  /** Where Python finds it: `p.results[0]`. */
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
  /** Grows with every change that did not come from this panel's typing: take `text` over when it does. */
  readonly rev: number;
}
