import type { Signal } from "@preact/signals";
import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { Command } from "./protocol";
import type { PanelStore } from "./store/panel-store";
import { isFocusable } from "./ui/focus-keeper";

export const PanelContext = createContext<PanelStore | undefined>(undefined);

/**
 * The element to focus: a parameter, a message or a column, or the column whose last exchange to show in the raw tab.
 */
export interface FocusTarget {
  readonly column?: string;
  readonly field?: string;
  readonly item?: string;
  readonly raw?: string;
}

/** One target per view: a button focuses an element in the same view, not in another view of the panel. */
export const FocusTargetContext = createContext<Signal<FocusTarget | undefined> | undefined>(undefined);

export function useFocusTarget(): Signal<FocusTarget | undefined> {
  const focusTarget = useContext(FocusTargetContext);
  if (!focusTarget) throw new Error("No view context.");
  return focusTarget;
}

/**
 * Return a function that executes a command and focuses the element that it creates, unless the user has moved the focus
 * before the kernel replies.
 */
export function useFocusCreated(): (op: Command, kind: "column" | "item") => Promise<void> {
  const panel = usePanel();
  const focusTarget = useFocusTarget();
  return async (op, kind) => {
    const from = document.activeElement;
    const { created } = await panel.do(op);
    const hasMoved = from instanceof HTMLElement && from !== document.activeElement && isFocusable(from);
    if (created && !hasMoved) focusTarget.value = { [kind]: created };
  };
}

export function usePanel(): PanelStore {
  const panel = useContext(PanelContext);
  if (!panel) throw new Error("No panel context.");
  return panel;
}
