import { render } from "preact";
import { PanelContext } from "./context";
import { PanelView } from "./panel-view";
import type { Panel } from "./store/panel";

/** Draws a panel into `el`; returns what takes it away. */
export function mount(panel: Panel, el: Element): () => void {
  render(
    <PanelContext.Provider value={panel}>
      <PanelView />
    </PanelContext.Provider>,
    el,
  );
  return () => render(null, el);
}
