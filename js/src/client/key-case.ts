import { isRecord } from "../shared/guards";

export function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function camelCase(name: string): string {
  return name.replace(/(?<=.)_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

/** Rename the keys of all objects in `value`. */
function renamed(value: unknown, rename: (name: string) => string): unknown {
  if (Array.isArray(value)) return value.map((each) => renamed(each, rename));
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [rename(key), renamed(each, rename)]));
}

export const withSnakeCaseKeys = (value: unknown): unknown => renamed(value, snakeCase);

export const withCamelCaseKeys = (value: unknown): unknown => renamed(value, camelCase);
