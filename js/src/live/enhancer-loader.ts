import type { EnhancerSource, Enhancers } from "../markdown/enhancers";
import { type PackedModules, unpackModules } from "../shared/unpack-modules";

const NAMES = ["highlight", "structured", "typeset"] as const;

export type PageEnhancers = { [Name in keyof Enhancers]?: Promise<Enhancers[Name]> };

/** Requests enhancers from the kernel, once for all views of a page. */
export class EnhancerLoader implements EnhancerSource {
  readonly #waiting = new Map<string, (module: unknown) => void>();

  /** `request` asks the kernel to send a module. */
  constructor(private readonly request: (name: keyof Enhancers) => void) {}

  get<Name extends keyof Enhancers>(name: Name): Promise<Enhancers[Name]> {
    const loaded = pageEnhancers();
    loaded[name] ??= new Promise<Enhancers[Name]>((resolve) => {
      this.#waiting.set(name, (module) => resolve(module as Enhancers[Name]));
      this.request(name);
    }) as PageEnhancers[Name];
    return loaded[name] as Promise<Enhancers[Name]>;
  }

  /** Handle a message of the kernel. Returns whether it was an enhancer. */
  receive(message: unknown, buffers: readonly unknown[] = []): boolean {
    const { kind, name } = (message ?? {}) as { kind?: unknown; name?: unknown };
    if (kind !== "module" || !(NAMES as readonly unknown[]).includes(name)) return false;
    const settle = this.#waiting.get(name as string);
    this.#waiting.delete(name as string);
    if (settle && buffers[0]) {
      unpackModules(buffers[0] as PackedModules).then(
        (module) => settle(module.default),
        () => {}, // The module cannot be evaluated in this page: content stays plain.
      );
    }
    return true;
  }

  /** Drop pending requests, so that another view can request these modules. */
  dispose(): void {
    for (const name of this.#waiting.keys()) delete pageEnhancers()[name as keyof Enhancers];
    this.#waiting.clear();
  }
}

/** Return the enhancers that the views of this page have loaded or requested. */
export function pageEnhancers(): PageEnhancers {
  const page = globalThis as { [key: symbol]: PageEnhancers | undefined };
  const key = Symbol.for("openrouter_nb.extras");
  page[key] ??= {};
  return page[key];
}
