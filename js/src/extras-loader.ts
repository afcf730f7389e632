import type { Extras, ExtrasSource } from "./render/extras";
import { type Packed, unpack } from "./unpack";

const NAMES = ["highlight", "structured", "typeset"] as const;

export type Loaded = { [Name in keyof Extras]?: Promise<Extras[Name]> };

/** Asks the kernel for extras, once for all views of a page. */
export class ExtrasLoader implements ExtrasSource {
  readonly #waiting = new Map<string, (module: unknown) => void>();

  /** `request` asks the kernel to send the module of that name. */
  constructor(private readonly request: (name: keyof Extras) => void) {}

  get<Name extends keyof Extras>(name: Name): Promise<Extras[Name]> {
    const loaded = inPage();
    loaded[name] ??= new Promise<Extras[Name]>((resolve) => {
      this.#waiting.set(name, (module) => resolve(module as Extras[Name]));
      this.request(name);
    }) as Loaded[Name];
    return loaded[name] as Promise<Extras[Name]>;
  }

  /** Takes a message of the kernel; returns whether it was for here. */
  receive(message: unknown, buffers: readonly unknown[] = []): boolean {
    const { kind, name } = (message ?? {}) as { kind?: unknown; name?: unknown };
    if (kind !== "module" || !(NAMES as readonly unknown[]).includes(name)) return false;
    const settle = this.#waiting.get(name as string);
    this.#waiting.delete(name as string);
    if (settle && buffers[0]) {
      unpack(buffers[0] as Packed).then(
        (module) => settle(module.default),
        () => {}, // It cannot be evaluated here; what waits for it stays plain.
      );
    }
    return true;
  }

  /** No answer will come any more: another view may ask. */
  dispose(): void {
    for (const name of this.#waiting.keys()) delete inPage()[name as keyof Extras];
    this.#waiting.clear();
  }
}

/** What any view of this page has loaded, or is loading. */
export function inPage(): Loaded {
  const page = globalThis as { [key: symbol]: Loaded | undefined };
  const key = Symbol.for("openrouter_nb.extras");
  page[key] ??= {};
  return page[key];
}
