import type { Json } from "../protocol";

type Values = Readonly<Record<string, Json>>;

/** What `name` holds; a dot leads into an object. */
export function valueAt(values: Values, name: string): Json | undefined {
  let at: unknown = values;
  for (const key of name.split(".")) {
    if (typeof at !== "object" || at === null) return undefined;
    at = (at as Record<string, unknown>)[key];
  }
  return at as Json | undefined;
}
