import { type PageEnhancers, pageEnhancers } from "../../live/enhancer-loader";
import type { EnhancerSource, Enhancers } from "../../markdown/enhancers";
import { type PackedModules, unpackModules } from "../../shared/unpack-modules";
import type { KernelConnection } from "./kernel-connection";

/** Highlighting, formulas and tables of objects, asked of the kernel when the first answer of the page has need of them. */
export class EnhancerScripts implements EnhancerSource {
  constructor(private readonly link: KernelConnection) {}

  get<Name extends keyof Enhancers>(name: Name): Promise<Enhancers[Name]> {
    const loaded = pageEnhancers();
    loaded[name] ??= this.#load(name) as PageEnhancers[Name];
    return loaded[name] as Promise<Enhancers[Name]>;
  }

  /** Where the kernel has none, what waits for it stays plain. */
  async #load<Name extends keyof Enhancers>(name: Name): Promise<Enhancers[Name]> {
    const { buffers } = await this.link.query({ ask: "script", name });
    const [packed] = buffers;
    if (!packed) return new Promise(() => {});
    return (await unpackModules(packed as PackedModules)).default as Enhancers[Name];
  }
}
