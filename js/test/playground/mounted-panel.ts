import { type Signal, signal } from "@preact/signals";
import { afterEach } from "vitest";
import "../../src/live";
import type { FocusTarget } from "../../src/playground/context";
import { mount } from "../../src/playground/panel-view";
import { KernelConnection } from "../../src/playground/store/kernel-connection";
import { PanelStore } from "../../src/playground/store/panel-store";
import type { FakeKernel } from "./fake-kernel";

const cleanUps: (() => void)[] = [];

afterEach(() => {
  for (const cleanUp of cleanUps.splice(0)) cleanUp();
});

/** Mount a panel into the document; it is removed after the test. */
export function mounted(kernel: FakeKernel): {
  panel: PanelStore;
  root: HTMLElement;
  focusTarget: Signal<FocusTarget | undefined>;
} {
  const panel = new PanelStore(new KernelConnection(kernel.proxy));
  const root = document.createElement("div");
  document.body.append(root);
  const close = panel.open();
  const focusTarget = signal<FocusTarget | undefined>(undefined);
  const unmount = mount(panel, root, focusTarget);
  cleanUps.push(() => {
    unmount();
    close();
    root.remove();
  });
  return { panel, root, focusTarget };
}

/** Wait until preact and its signals have rendered. */
export async function drawn(): Promise<void> {
  for (let turn = 0; turn < 4; turn++) await new Promise((resolve) => setTimeout(resolve, 5));
}

export function find<Kind extends Element = HTMLElement>(root: ParentNode, selector: string): Kind {
  const found = root.querySelector<Kind>(selector);
  if (!found) throw new Error(`There is no ${selector}.`);
  return found;
}

/** Return a button or field by its accessible name. */
export function named(root: ParentNode, name: string): HTMLElement {
  const all = [...root.querySelectorAll<HTMLElement>("button, input, select, textarea, a")];
  const found = all.find((each) => (each.getAttribute("aria-label") ?? each.textContent?.trim()) === name);
  if (!found)
    throw new Error(
      `Nothing is called ${name}; there are ${all.map((each) => each.getAttribute("aria-label") ?? each.textContent).join(", ")}`,
    );
  return found;
}

export function type(field: HTMLElement, text: string): void {
  (field as HTMLInputElement).value = text;
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

export function press(at: Element, key: string, more: KeyboardEventInit = {}): KeyboardEvent {
  const event = new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...more });
  at.dispatchEvent(event);
  return event;
}
