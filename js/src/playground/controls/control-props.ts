import type { HTMLAttributes } from "preact";

/** What every control takes. `undefined` is unset: the key is absent from the request. */
export interface ControlProps<Value = unknown> {
  id: string;
  label: string;
  value: Value | null | undefined;
  /** What the model does when nothing is set, for ghost text. */
  ghost: string;
  describedBy: string | undefined;
  invalid: boolean;
  onChange: (value: unknown) => void;
}

/** The attributes that tie a control to its name and to what is wrong with it. */
export function controlAttributes({
  id,
  describedBy,
  invalid,
}: ControlProps): Pick<HTMLAttributes<HTMLElement>, "id" | "aria-describedby" | "aria-invalid"> {
  return { id, "aria-describedby": describedBy, "aria-invalid": invalid || undefined };
}

/** A number where the text is one; otherwise the text, for the kernel to say what is wrong with it. */
export function readNumber(text: string): number | string | undefined {
  const trimmed = text.trim();
  if (trimmed === "") return undefined;
  const number = Number(trimmed);
  return Number.isFinite(number) ? number : trimmed;
}

/** Parsed JSON; text that is none stays text, so that the kernel can refuse it; nothing is unset. */
export function readJson(text: string): unknown {
  if (text.trim() === "") return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

export function showJson(value: unknown): string {
  if (value === undefined) return "";
  return typeof value === "string" ? value : JSON.stringify(value, null, 2);
}

/** Where JSON breaks, in words; undefined where it does not. */
export function jsonProblem(text: string): string | undefined {
  if (text.trim() === "") return undefined;
  try {
    JSON.parse(text);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}
