import type { InitializeProps, RenderProps } from "@anywidget/types";
import { type Optional, once } from "./lifetime";
import { mount } from "./playground/mount";
import { renderer } from "./playground/renderer";
import { Link } from "./playground/store/link";
import { Panel } from "./playground/store/panel";
import { css } from "./playground/style";
import { slotOf } from "./slot";
import { addStyle } from "./view/style";

/** One per Playground, shared by all of its views. */
function playground() {
  let panel: Panel;
  return {
    initialize({ model, signal }: Optional<InitializeProps>) {
      panel = new Panel(new Link(model));
      return once(signal, panel.open());
    },

    render({ el, signal }: Optional<RenderProps>) {
      addStyle("playground", renderer().css + css);
      return once(signal, mount(panel, el));
    },
  };
}

const slot = slotOf("playground");
slot.factory = playground;
slot.fill();

export default playground;
