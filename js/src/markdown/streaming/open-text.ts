/**
 * A long block that is still streaming. It is rendered from its last line, row or item on, so that the cost does not grow
 * with its length. `extend` returns false when the text no longer fits the pattern; the block is then lexed again.
 */
export interface IncrementalBlock {
  extend(tail: OpenText): boolean;
  /**
   * Render the final state and return the position of the block's end. Returns undefined where only lexing the complete
   * block tells, and "too early" where the text that follows is too short to tell. A block without this method is lexed
   * again when it ends.
   */
  settle?(tail: OpenText): number | "too early" | undefined;
  /** Nodes that the next `extend` may replace. */
  readonly openNodes: readonly Node[];
}

export interface OpenText {
  readonly text: string;
  /** End of the part of `text` that can be shown, and the suffix that closes its open markup. */
  readonly end: number;
  readonly suffix: string;
  readonly growing: boolean;
}
