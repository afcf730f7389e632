import type { InitializeProps, RenderProps } from "@anywidget/types";
import { mount } from "./playground/mount";
import { Link } from "./playground/store/link";
import { Panel } from "./playground/store/panel";
import { addStyle } from "./playground/style";
import { slotOf } from "./slot";

/** anywidget before 0.10 gives no signal; there, only the returned function cleans up. */
type Optional<Props extends { signal: AbortSignal }> = Omit<Props, "signal"> & { signal?: AbortSignal };

/** One per Playground, shared by all of its views. */
function playground() {
  let panel: Panel;
  return {
    initialize({ model, signal }: Optional<InitializeProps>) {
      panel = new Panel(new Link(model));
      return once(signal, panel.open());
    },

    render({ el, signal }: Optional<RenderProps>) {
      addStyle();
      return once(signal, mount(panel, el));
    },
  };
}

/** `cleanUp`, to be called by whichever comes first: the signal or the caller. */
function once(signal: AbortSignal | undefined, cleanUp: () => void): () => void {
  let isDone = false;
  const run = () => {
    if (isDone) return;
    isDone = true;
    cleanUp();
  };
  signal?.addEventListener("abort", run);
  return run;
}

const slot = slotOf("playground");
slot.factory = playground;
slot.fill();

export default playground;
