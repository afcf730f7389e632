/** The conversation: its places, their cards, and what a card holds. */

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
  /** Of the function that would run, as its author wrote it. */
  readonly signature?: string;
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

/** A source of an answer; its number is its place in the list, from 1. */
export interface Citation {
  /** "" for a page without a title. */
  readonly title: string;
  /** The host of a page, or what became of a file; "" for nothing. */
  readonly about: string;
  /** "" where it may not be clicked. */
  readonly url: string;
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
