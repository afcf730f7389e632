import { useState } from "preact/hooks";

let last = 0;

/** An id that no other element of the page has, in this view or another. */
export function useElementId(): string {
  return useState(() => `orn-${++last}`)[0];
}
