import { type Signal, signal } from "@preact/signals";
import { isObject } from "../../shared/guards";
import type { KernelConnection } from "./kernel-connection";

/** Media types that a browser shows without running scripts in them; SVG is not one. */
const SHOWN = /^(?:image\/(?:png|jpeg|webp|gif|avif)|audio\/[\w.+-]+|video\/(?:mp4|webm|ogg))$/;

/** Object URLs of images and audio, requested from the kernel when they are first shown. */
export class Attachments {
  readonly #urls = new Map<string, Signal<string | undefined>>();

  constructor(private readonly kernel: KernelConnection) {}

  /** Return the object URL, or undefined until the bytes have arrived. */
  url(ref: string): string | undefined {
    let url = this.#urls.get(ref);
    if (!url) {
      url = signal(undefined);
      this.#urls.set(ref, url);
      void this.#load(ref, url);
    }
    return url.value;
  }

  dispose(): void {
    for (const { value } of this.#urls.values()) if (value) URL.revokeObjectURL(value);
    this.#urls.clear();
  }

  async #load(ref: string, url: Signal<string | undefined>): Promise<void> {
    const { problem, value, buffers } = await this.kernel.query({ ask: "attachment", ref });
    const [bytes] = buffers;
    const type = isObject(value) ? String(value.media_type) : "";
    if (problem || !bytes || !SHOWN.test(type)) return;
    url.value = URL.createObjectURL(new Blob([bytes as DataView<ArrayBuffer>], { type }));
  }
}
