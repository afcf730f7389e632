import { pageEnhancers } from "../../live/enhancer-loader";
import type { EnhancerSource, Enhancers } from "../../markdown/enhancers";
import { type PackedModules, unpackModules } from "../../shared/unpack-modules";
import type { CreateEditor } from "../controls/json-editor-module";
import type { KernelConnection } from "./kernel-connection";

/** Modules that a panel loads when it needs them. */
interface PanelModules extends Enhancers {
  readonly "json-editor": CreateEditor;
}

/** Loads modules from the kernel, once for all views of a page. */
export class EnhancerScripts implements EnhancerSource {
  constructor(private readonly kernel: KernelConnection) {}

  get<Name extends keyof PanelModules>(name: Name): Promise<PanelModules[Name]> {
    const loaded: { [Each in keyof PanelModules]?: Promise<PanelModules[Each]> } = pageEnhancers();
    loaded[name] ??= this.#load(name) as (typeof loaded)[Name];
    return loaded[name] as Promise<PanelModules[Name]>;
  }

  /** Never settles if the kernel does not have the module: content stays plain. */
  async #load<Name extends keyof PanelModules>(name: Name): Promise<PanelModules[Name]> {
    const { buffers } = await this.kernel.query({ ask: "script", name });
    const [packed] = buffers;
    if (!packed) return new Promise(() => {});
    return (await unpackModules(packed as PackedModules)).default as PanelModules[Name];
  }
}
