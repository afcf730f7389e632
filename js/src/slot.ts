import type { AnyWidget } from "@anywidget/types";

type Factory = Extract<AnyWidget, (...args: never[]) => unknown>;

/** Where the full bundle leaves its factory for the loaders that come later in the same page. */
export interface Slot {
  factory?: Factory;
  readonly filled: Promise<void>;
  readonly fill: () => void;
}

export const liveSlot = (): Slot => slotOf("live");
export const playgroundSlot = (): Slot => slotOf("playground");

function slotOf(name: string): Slot {
  const page = globalThis as { [key: symbol]: Slot | undefined };
  const key = Symbol.for(`openrouter_nb.${name}`);
  let slot = page[key];
  if (!slot) {
    let fill = () => {};
    const filled = new Promise<void>((resolve) => {
      fill = resolve;
    });
    slot = { filled, fill };
    page[key] = slot;
  }
  return slot;
}
