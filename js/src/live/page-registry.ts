import type { AnyWidget } from "@anywidget/types";
import type { StreamedText } from "./view/streamed-text";
import type { StructuredText } from "./view/structured-text";

type Factory = Extract<AnyWidget, (...args: never[]) => unknown>;

export interface Renderer {
  readonly StreamedText: typeof StreamedText;
  readonly StructuredText: typeof StructuredText;
  readonly css: string;
}

/** Where the full bundle leaves its factory for the loaders that come later in the same page. */
export interface PageEntry {
  factory?: Factory;
  /** The renderer of the live view's bundle, which the playground uses as well. */
  renderer?: Renderer;
  readonly filled: Promise<void>;
  readonly fill: () => void;
}

export function pageEntry(name: "live" | "playground"): PageEntry {
  const page = globalThis as { [key: symbol]: PageEntry | undefined };
  const key = Symbol.for(`openrouter_nb.${name}`);
  let slot = page[key];
  if (!slot) {
    let fill!: () => void;
    const filled = new Promise<void>((resolve) => {
      fill = resolve;
    });
    slot = { filled, fill };
    page[key] = slot;
  }
  return slot;
}
