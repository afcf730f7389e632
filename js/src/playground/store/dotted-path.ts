import type { Json, Part } from "../protocol";

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

/** The parameter that a row belongs to: a model takes it whole or not at all. */
export function topOf(name: string): string {
  return name.split(".", 1)[0] ?? name;
}

/** The words of a message, without its media. */
export function textOf(parts: readonly Part[]): string {
  return parts.flatMap((part) => (part.type === "text" ? [part.text] : [])).join("\n\n");
}
