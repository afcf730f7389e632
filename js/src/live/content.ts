/** Content of an answer besides text, in live answers and in the panel's conversation. */

/** Media stay in the kernel: query `attachment` with `ref` to get the bytes. */
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
  /** Signature of the Python function. */
  readonly signature?: string;
  /** JSON text from the model. */
  readonly arguments: string;
  /** `waiting` needs a decision; `unknown` has no function in this playground, so its result is entered manually. */
  readonly state: "waiting" | "running" | "done" | "failed" | "refused" | "unknown";
  readonly result?: string;
  /** Printed output of the function. */
  readonly output?: string;
  /** Validation error of the arguments. */
  readonly problem?: string;
}

/** A source of an answer; its number is its position in the list, from 1. */
export interface Citation {
  /** "" for a page without a title. */
  readonly title: string;
  /** The host of a page, or the status of a file; "" for neither. */
  readonly about: string;
  /** "" if it must not be a link. */
  readonly url: string;
}
