import { type LiveExports, pageEntry } from "../live/page-registry";

/** Return the exports of the live view's bundle, which the kernel sends first and a page loads only once. */
export function liveExports(): LiveExports {
  const present = pageEntry("live.3").exports;
  if (!present) throw new Error("The bundle of the live view has not been loaded.");
  return present;
}
