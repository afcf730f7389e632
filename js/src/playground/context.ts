import type { Signal } from "@preact/signals";
import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { Creation, PanelStore } from "./store/panel-store";

export const PanelContext = createContext<PanelStore | undefined>(undefined);

/**
 * The element to focus: a parameter, a message or a column, or the column whose last exchange to show in the raw tab.
 */
export interface FocusTarget {
  readonly column?: string;
  readonly field?: string;
  readonly item?: string;
  readonly raw?: string;
  /** The search field of the parameters. */
  readonly search?: true;
  /** Whether to show the conversation. */
  readonly chat?: boolean;
}

/** One target per view: a button focuses an element in the same view, not in another view of the panel. */
export const FocusTargetContext = createContext<Signal<FocusTarget | undefined> | undefined>(undefined);

export function useFocusTarget(): Signal<FocusTarget | undefined> {
  const focusTarget = useContext(FocusTargetContext);
  if (!focusTarget) throw new Error("No view context.");
  return focusTarget;
}

/** Return a function that creates a column or a message and focuses it. It does not wait for the kernel. */
export function useCreate(): (op: Creation) => void {
  const panel = usePanel();
  const focusTarget = useFocusTarget();
  return (op) => {
    const id = panel.create(op);
    focusTarget.value = op.op === "add_column" ? { column: id } : { item: id };
  };
}

export function usePanel(): PanelStore {
  const panel = useContext(PanelContext);
  if (!panel) throw new Error("No panel context.");
  return panel;
}
