import type { Signal } from "@preact/signals";
import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { PanelStore } from "./store/panel-store";

export const PanelContext = createContext<PanelStore | undefined>(undefined);

/** Where the focus is wanted: the name of a row, of a message, of a column, or of one whose last exchange is to be shown. */
export interface FocusTarget {
  readonly column?: string;
  readonly field?: string;
  readonly item?: string;
  readonly raw?: string;
}

/** Of one view: what is pressed in it leads to a place in it, and not in another view of the same panel. */
export const FocusTargetContext = createContext<Signal<FocusTarget | undefined> | undefined>(undefined);

export function useFocusTarget(): Signal<FocusTarget | undefined> {
  const goal = useContext(FocusTargetContext);
  if (!goal) throw new Error("There is no view here.");
  return goal;
}

export function usePanel(): PanelStore {
  const panel = useContext(PanelContext);
  if (!panel) throw new Error("There is no panel here.");
  return panel;
}
