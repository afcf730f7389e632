import type { AnyModel, InitializeProps, RenderProps } from "@anywidget/types";
import { type PackedModules, unpackModules } from "../shared/unpack-modules";
import type { PageEntry } from "./page-registry";

const REQUEST_DELAY_MS = 300;

/**
 * Return the factory of a widget that loads its bundle. The first widget of a kernel carries the bundle, compressed.
 * For later widgets it is already in the page, or the kernel sends it after `request`.
 */
export const createBundleLoader = (slot: PageEntry, request: object) => () => {
  const held: unknown[][] = [];
  let pass = (...message: unknown[]): void => {
    held.push(message);
  };
  let inner: Promise<Widget>;
  let dispose: (() => void) | undefined;

  return {
    // Not async: anywidget delivers messages, including the module, only after `initialize` has returned.
    initialize({ model, ...props }: InitializeProps) {
      const carried: PackedModules | undefined = model.get("module");
      const arrived = carried?.byteLength ? unpackModules(carried) : slot.filled;
      const asking = setTimeout(() => model.send(request), REQUEST_DELAY_MS);
      model.on("msg:custom", (content, buffers) => {
        if (content?.kind === "module" && !content.name) unpackModules(buffers[0] as PackedModules);
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
