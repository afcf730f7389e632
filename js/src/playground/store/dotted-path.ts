import type { Json, Part } from "../protocol";

type Values = Readonly<Record<string, Json>>;

/** Return the value at a dotted name. */
export function valueAt(values: Values, name: string): Json | undefined {
  let at: unknown = values;
  for (const key of name.split(".")) {
    if (typeof at !== "object" || at === null) return undefined;
    at = (at as Record<string, unknown>)[key];
  }
  return at as Json | undefined;
}

/** Return the top-level parameter of a dotted name: a model supports it completely or not at all. */
export function topOf(name: string): string {
  return name.split(".", 1)[0] ?? name;
}

/** Return the text of a message, without its media. */
export function textOf(parts: readonly Part[]): string {
  return parts.flatMap((part) => (part.type === "text" ? [part.text] : [])).join("\n\n");
}
