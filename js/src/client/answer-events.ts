import type { Citation, Part, ToolCall } from "../live/content";
import type { Phase, Snapshot, Wait } from "../live/protocol";
import type { ChatResponse } from "./chat-types";
import { withCamelCaseKeys } from "./key-case";
import type { Result } from "./result";

export type AnswerMedia = {
  readonly type: Part["type"];
  readonly ref: string;
  readonly name: string;
  readonly mediaType: string;
  readonly bytes: number;
  readonly url?: string;
};

/** What has changed in a streamed answer. The last event is the result. */
export type AnswerEvent =
  | { readonly type: "phase"; readonly phase: Phase; readonly note: string; readonly wait: Wait | null }
  /** New text. */
  | { readonly type: "text" | "reasoning"; readonly text: string }
  /** A new tool call, or a new state of one. A call in state `waiting` needs a decision. */
  | { readonly type: "tool_call"; readonly call: ToolCall }
  | { readonly type: "media"; readonly media: AnswerMedia }
  | { readonly type: "citation"; readonly citation: Citation }
  | { readonly type: "result"; readonly result: Result<ChatResponse> };

/** Return the events between two states of an answer. `text` and `reasoning` are new. */
export function eventsBetween(
  before: Snapshot,
  after: Snapshot,
  { text, reasoning }: { text: string; reasoning: string },
): AnswerEvent[] {
  const { phase, note, wait, tool_calls, media, citations } = after;
  const events: AnswerEvent[] = [];
  if (phase !== before.phase || note !== before.note || wait !== before.wait)
    events.push({ type: "phase", phase, note, wait });
  if (reasoning) events.push({ type: "reasoning", text: reasoning });
  if (text) events.push({ type: "text", text });
  if (tool_calls !== before.tool_calls) {
    const known = before.tool_calls.map((call) => JSON.stringify(call));
    tool_calls.forEach((call, index) => {
      if (JSON.stringify(call) !== known[index]) events.push({ type: "tool_call", call });
    });
  }
  for (const part of media.slice(before.media.length))
    events.push({ type: "media", media: withCamelCaseKeys(part) as AnswerMedia });
  for (const citation of citations.slice(before.citations.length))
    events.push({ type: "citation", citation });
  return events;
}
