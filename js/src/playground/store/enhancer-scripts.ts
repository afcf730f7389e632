import { type PageEnhancers, pageEnhancers } from "../../live/enhancer-loader";
import type { EnhancerSource, Enhancers } from "../../markdown/enhancers";
import { type PackedModules, unpackModules } from "../../shared/unpack-modules";
import type { KernelConnection } from "./kernel-connection";

/** Loads enhancers from the kernel when the first answer of the page needs them. */
export class EnhancerScripts implements EnhancerSource {
  constructor(private readonly kernel: KernelConnection) {}

  get<Name extends keyof Enhancers>(name: Name): Promise<Enhancers[Name]> {
    const loaded = pageEnhancers();
    loaded[name] ??= this.#load(name) as PageEnhancers[Name];
    return loaded[name] as Promise<Enhancers[Name]>;
  }

  /** Never settles if the kernel does not have the module: content stays plain. */
  async #load<Name extends keyof Enhancers>(name: Name): Promise<Enhancers[Name]> {
    const { buffers } = await this.kernel.query({ ask: "script", name });
    const [packed] = buffers;
    if (!packed) return new Promise(() => {});
    return (await unpackModules(packed as PackedModules)).default as Enhancers[Name];
  }
}
