import type { HTMLAttributes, TargetedClipboardEvent } from "preact";

/** Props of every control. `undefined` is unset: the key is absent from the request. */
export interface ControlProps<Value = unknown> {
  id: string;
  label: string;
  value: Value | null | undefined;
  /** Placeholder: the model's behavior if the parameter is unset. */
  ghost: string;
  describedBy: string | undefined;
  invalid: boolean;
  onChange: (value: unknown) => void;
}

/** Return the attributes that connect a control to its label and its problem. */
export function controlAttributes({
  id,
  describedBy,
  invalid,
}: ControlProps): Pick<HTMLAttributes<HTMLElement>, "id" | "aria-describedby" | "aria-invalid"> {
  return { id, "aria-describedby": describedBy, "aria-invalid": invalid || undefined };
}

/** Parse a number. Other text is returned as text, for the kernel to validate; blank text is unset. */
export function readNumber(text: string): number | string | undefined {
  const trimmed = text.trim();
  if (trimmed === "") return undefined;
  const number = Number(trimmed);
  return Number.isFinite(number) ? number : trimmed;
}

/** Return the text of a field after a paste, with the line breaks that a browser removes from a single-line field. */
export function pastedInto({
  clipboardData,
  currentTarget: { value, selectionStart, selectionEnd },
}: TargetedClipboardEvent<HTMLInputElement>): string {
  const text = clipboardData?.getData("text/plain") ?? "";
  return value.slice(0, selectionStart ?? 0) + text + value.slice(selectionEnd ?? 0);
}

/** Parse JSON. Invalid JSON is returned as text, for the kernel to reject; blank text is unset. */
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

/** Return the message of a JSON syntax error; undefined if the text is valid. */
export function jsonProblem(text: string): string | undefined {
  if (text.trim() === "") return undefined;
  try {
    JSON.parse(text);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}
