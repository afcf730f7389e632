/** What an answer holds besides text, in live answers and in the conversation of the panel. */

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
