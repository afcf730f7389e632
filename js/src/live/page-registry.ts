import type { AnyWidget } from "@anywidget/types";
import type { KernelChannel } from "../shared/kernel-channel";
import type { AnswerStore } from "./answer-store";
import type { readLiveMessage, readSnapshot } from "./protocol";
import type { VERSION } from "./version";
import type { StreamedText } from "./view/streamed-text";
import type { StructuredText } from "./view/structured-text";

type Factory = Extract<AnyWidget, (...args: never[]) => unknown>;

/** Exports of the live view's bundle for the playground's. */
export interface LiveExports {
  readonly AnswerStore: typeof AnswerStore;
  readonly KernelChannel: typeof KernelChannel;
  readonly readLiveMessage: typeof readLiveMessage;
  readonly readSnapshot: typeof readSnapshot;
  readonly StreamedText: typeof StreamedText;
  readonly StructuredText: typeof StructuredText;
  readonly css: string;
}

/** Holds the factory of a loaded bundle for loaders that run later in the same page. */
export interface PageEntry {
  factory?: Factory;
  exports?: LiveExports;
  readonly filled: Promise<void>;
  readonly fill: () => void;
}

/** Keys end with the version, so that a page never mixes bundles of different versions. */
export function pageEntry(name: `${"live" | "playground"}.${typeof VERSION}`): PageEntry {
  const page = globalThis as { [key: symbol]: PageEntry | undefined };
  const key = Symbol.for(`openrouter_nb.${name}`);
  let fill!: () => void;
  const filled = new Promise<void>((resolve) => {
    fill = resolve;
  });
  page[key] ??= { filled, fill };
  return page[key];
}
