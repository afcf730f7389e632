import type { AnyModel, InitializeProps, RenderProps } from "@anywidget/types";
import type { Slot } from "./slot";

const PATIENCE_MS = 300;

/**
 * Stands in for a full bundle. The first widget of a kernel carries that, compressed; for the later ones it is in the
 * page already, or else the kernel sends it after `request`.
 */
export const loader = (slot: Slot, request: object) => () => {
  const held: unknown[][] = [];
  let pass = (...message: unknown[]): void => {
    held.push(message);
  };
  let inner: Promise<Widget>;
  let dispose: (() => void) | undefined;

  return {
    // Returns at once: anywidget delivers no message, so not the module either, before `initialize` is done.
    initialize({ model, ...props }: InitializeProps) {
      const carried: Packed | undefined = model.get("module");
      const arrived = carried?.byteLength ? load(carried) : slot.filled;
      const asking = setTimeout(() => model.send(request), PATIENCE_MS);
      model.on("msg:custom", (content, buffers) => {
        if (content?.kind === "module") load(buffers[0] as Packed);
        else pass(content, buffers);
      });
      const on = (name: string, listener: (...message: unknown[]) => void) => {
        if (name !== "msg:custom") return model.on(name, listener);
        pass = listener;
        for (const message of held.splice(0)) listener(...message);
      };
      inner = arrived.then(async () => {
        clearTimeout(asking);
        const widget = (await slot.factory?.()) as Widget;
        dispose = widget.initialize({ ...props, model: { ...model, on } as AnyModel });
        return widget;
      });
      return () => {
        clearTimeout(asking);
        dispose?.();
      };
    },

    async render(props: RenderProps) {
      return (await inner).render(props);
    },
  };
};

interface Widget {
  initialize(props: InitializeProps): () => void;
  render(props: RenderProps): () => void;
}

type Packed = DataView<ArrayBuffer>;

/** Several modules are joined by a character that no source has; each may need the one before it. */
async function load(packed: Packed): Promise<void> {
  const source = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
  for (const text of (await new Response(source).text()).split("\0")) {
    const url = URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
    await import(url).finally(() => URL.revokeObjectURL(url));
  }
}
