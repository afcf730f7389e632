import { isObject } from "../../shared/guards";
import type { Json } from "../protocol";

/** One entry of a list parameter such as `tools` or `plugins`. */
export type Entry = Readonly<Record<string, Json>>;

/** Return the objects of a list parameter; other values are ignored. */
export function entriesOf(value: unknown): readonly Entry[] {
  return Array.isArray(value) ? value.filter(isObject as (each: unknown) => each is Entry) : [];
}
