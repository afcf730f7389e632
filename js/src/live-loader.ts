import type { AnyModel, InitializeProps, RenderProps } from "@anywidget/types";
import { liveSlot } from "./slot";
import { type Packed, unpack } from "./unpack";

const PATIENCE_MS = 300;

/**
 * Stands in for the full bundle. The first live view of a kernel carries that, compressed; for the later ones it is in
 * the page already, or else the kernel sends it.
 */
export default () => {
  const slot = liveSlot();
  const held: unknown[][] = [];
  let pass = (...message: unknown[]): void => {
    held.push(message);
  };
  let inner: Promise<LiveWidget>;
  let dispose: (() => void) | undefined;

  return {
    // Returns at once: anywidget delivers no message, so not the module either, before `initialize` is done.
    initialize({ model, ...props }: InitializeProps) {
      const carried: Packed | undefined = model.get("module");
      const arrived = carried?.byteLength ? unpack(carried) : slot.filled;
      const request = setTimeout(() => model.send({ kind: "module" }), PATIENCE_MS);
      model.on("msg:custom", (content, buffers) => {
        if (content?.kind === "module" && !content.name) unpack(buffers[0] as Packed);
        else pass(content, buffers);
      });
      const on = (name: string, listener: (...message: unknown[]) => void) => {
        if (name !== "msg:custom") return model.on(name, listener);
        pass = listener;
        for (const message of held.splice(0)) listener(...message);
      };
      inner = arrived.then(async () => {
        clearTimeout(request);
        const widget = (await slot.factory?.()) as LiveWidget;
        dispose = widget.initialize({ ...props, model: { ...model, on } as AnyModel });
        return widget;
      });
      return () => {
        clearTimeout(request);
        dispose?.();
      };
    },

    async render(props: RenderProps) {
      return (await inner).render(props);
    },
  };
};

interface LiveWidget {
  initialize(props: InitializeProps): () => void;
  render(props: RenderProps): () => void;
}
