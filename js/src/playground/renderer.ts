import { pageEntry, type Renderer } from "../live/page-registry";

/** The renderer comes with the live view's bundle: the kernel sends that first, and a page needs it only once. */
export function renderer(): Renderer {
  const present = pageEntry("live").renderer;
  if (!present) throw new Error("The renderer has not been loaded.");
  return present;
}
