import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { Panel } from "./store/panel";

export const PanelContext = createContext<Panel | undefined>(undefined);

export function usePanel(): Panel {
  const panel = useContext(PanelContext);
  if (!panel) throw new Error("There is no panel here.");
  return panel;
}
