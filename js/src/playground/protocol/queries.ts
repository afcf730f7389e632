/** Queries of the panel, and their replies. */

import type { Json } from "./values";

/** Read-only queries; each gets one `reply` with the same `id`. */
export type Query =
  | { readonly ask: "models"; readonly fresh?: boolean }
  | { readonly ask: "attachment"; readonly ref: string }
  /** The requests as they would be sent now, one for each column, key masked. */
  | { readonly ask: "request" }
  /** Without an item: the last exchange of a column, which may have no answer. */
  | { readonly ask: "raw"; readonly item: string | null; readonly column: string | null }
  | { readonly ask: "logprobs"; readonly item: string; readonly column: string | null }
  | { readonly ask: "history" }
  | { readonly ask: "conversations"; readonly search?: string }
  | { readonly ask: "conversation_file"; readonly conversation: string; readonly format: "json" | "markdown" }
  | { readonly ask: "code"; readonly format: CodeFormat; readonly column?: string }
  /** Variables of the notebook that can be used as attachment, tool or schema. */
  | { readonly ask: "variables"; readonly use: "attachment" | "tool" | "schema" }
  | {
      readonly ask: "check_json";
      readonly text: string;
      readonly as: "json" | "schema" | "tool" | "messages";
    }
  | { readonly ask: "token_ids"; readonly text: string }
  | { readonly ask: "thread_json" }
  | {
      readonly ask: "script";
      readonly name: "json-editor" | "panel-views" | "highlight" | "structured" | "typeset";
    };

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
  /** Routing suffixes of a model id, such as ":nitro", with their help text. */
  readonly suffixes: readonly { readonly suffix: string; readonly help: string }[];
}

/** `attachment`: the bytes are the message's first buffer. */
export interface AttachmentReply {
  readonly ref: string;
  readonly media_type: string;
  readonly name: string;
}

export interface RequestReply {
  readonly requests: readonly RequestPreview[];
}

export interface RequestPreview {
  readonly column: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Json;
  /** Why it cannot be sent, or "". */
  readonly problem: string;
}

export interface RawReply {
  readonly request: Json;
  /** Requests to providers, from `debug.echo_upstream_body`: one for each attempt. */
  readonly upstream: readonly Json[];
  /** JSON text of the chunks; `dropped` more were not stored. */
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

export interface ConversationsReply {
  /** The last changed first. */
  readonly rows: readonly ConversationRow[];
}

export interface ConversationRow {
  readonly id: string;
  /** The beginning of the first question. */
  readonly title: string;
  readonly models: readonly string[];
  /** Seconds since 1970. */
  readonly updated: number;
  readonly messages: number;
  readonly cost: number | null;
  readonly tokens_in: number;
  readonly tokens_out: number;
}

/** `conversation_file`: the text is the message's first buffer. */
export interface ConversationFileReply {
  readonly name: string;
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
