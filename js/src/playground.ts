import type { InitializeProps, RenderProps } from "@anywidget/types";
import { pageEntry } from "./live/page-registry";
import { liveExports } from "./playground/live-exports";
import { mount } from "./playground/panel-view";
import { KernelConnection } from "./playground/store/kernel-connection";
import { PanelStore } from "./playground/store/panel-store";
import { css } from "./playground/styles";
import { onAbortOrCall, type WithOptionalSignal } from "./shared/abort-cleanup";
import { addStyle } from "./shared/dom";

/** Create the widget of one Playground, shared by all of its views. */
function playground() {
  let panel: PanelStore;
  return {
    initialize({ model, signal }: WithOptionalSignal<InitializeProps>) {
      panel = new PanelStore(new KernelConnection(model));
      return onAbortOrCall(signal, panel.open());
    },

    render({ el, signal }: WithOptionalSignal<RenderProps>) {
      addStyle("playground", liveExports().css + css, el);
      return onAbortOrCall(signal, mount(panel, el));
    },
  };
}

const slot = pageEntry("playground.3");
slot.factory = playground;
slot.fill();

export default playground;
