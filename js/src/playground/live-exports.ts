import { type LiveExports, pageEntry } from "../live/page-registry";

/** What comes with the live view's bundle: the kernel sends that first, and a page needs it only once. */
export function liveExports(): LiveExports {
  const present = pageEntry("live.3").exports;
  if (!present) throw new Error("The bundle of the live view has not been loaded.");
  return present;
}
