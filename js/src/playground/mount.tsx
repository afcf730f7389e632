import { type Signal, signal } from "@preact/signals";
import { render } from "preact";
import { type Goal, GoalContext, PanelContext } from "./context";
import { PanelView } from "./panel-view";
import type { Panel } from "./store/panel";

/** Draws a panel into `el`, as one of its views; returns what takes it away. */
export function mount(
  panel: Panel,
  el: Element,
  goal: Signal<Goal | undefined> = signal(undefined),
): () => void {
  render(
    <PanelContext.Provider value={panel}>
      <GoalContext.Provider value={goal}>
        <PanelView />
      </GoalContext.Provider>
    </PanelContext.Provider>,
    el,
  );
  return () => render(null, el);
}
