import { inPage, type Loaded } from "../../extras-loader";
import type { Extras, ExtrasSource } from "../../render/extras";
import { type Packed, unpack } from "../../unpack";
import type { Link } from "./link";

/** Highlighting, formulas and tables of objects, asked of the kernel when the first answer of the page has need of them. */
export class Scripts implements ExtrasSource {
  constructor(private readonly link: Link) {}

  get<Name extends keyof Extras>(name: Name): Promise<Extras[Name]> {
    const loaded = inPage();
    loaded[name] ??= this.#load(name) as Loaded[Name];
    return loaded[name] as Promise<Extras[Name]>;
  }

  /** Where the kernel has none, what waits for it stays plain. */
  async #load<Name extends keyof Extras>(name: Name): Promise<Extras[Name]> {
    const { buffers } = await this.link.ask({ ask: "script", name });
    const [packed] = buffers;
    if (!packed) return new Promise(() => {});
    return (await unpack(packed as Packed)).default as Extras[Name];
  }
}
