import { type Signal, signal } from "@preact/signals";
import { render } from "preact";
import { type FocusTarget, FocusTargetContext, PanelContext } from "./context";
import { PanelView } from "./panel-view";
import type { PanelStore } from "./store/panel-store";

/** Draws a panel into `el`, as one of its views; returns what takes it away. */
export function mount(
  panel: PanelStore,
  el: Element,
  goal: Signal<FocusTarget | undefined> = signal(undefined),
): () => void {
  render(
    <PanelContext.Provider value={panel}>
      <FocusTargetContext.Provider value={goal}>
        <PanelView />
      </FocusTargetContext.Provider>
    </PanelContext.Provider>,
    el,
  );
  return () => render(null, el);
}
