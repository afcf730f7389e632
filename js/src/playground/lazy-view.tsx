import { useSignal } from "@preact/signals";
import { type Attributes, type ComponentProps, type ComponentType, createElement } from "preact";
import { useLayoutEffect } from "preact/hooks";
import { type PackedModules, unpackModules } from "../shared/unpack-modules";
import { usePanel } from "./context";
import * as runtime from "./panel-runtime";
import type { KernelConnection } from "./store/kernel-connection";
import { fill, STRINGS } from "./strings";
import { Button } from "./ui/button";

/** Views that are not needed when a panel opens: the default export of js/src/panel-views.ts. */
export interface PanelViews {
  readonly css: string;
  readonly raw: ComponentType;
  readonly code: ComponentType;
  readonly history: ComponentType;
  readonly logprobs: ComponentType<{ item: string; column: string | null }>;
}

type ViewName = Exclude<keyof PanelViews, "css">;
type ViewProps<Name extends ViewName> = ComponentProps<PanelViews[Name]> & Attributes;

// Of this bundle, not of the page: they use its runtime, and a page may have loaded the bundle twice.
let views: PanelViews | undefined;

async function load(kernel: KernelConnection): Promise<PanelViews> {
  const { problem, buffers } = await kernel.query({ ask: "script", name: "panel-views" });
  if (problem) throw new Error(problem);
  const { default: create } = await unpackModules(buffers[0] as PackedModules);
  views ??= (create as (shared: typeof runtime) => PanelViews)(runtime);
  return views;
}

/** A view of the bundle `panel-views`, which the kernel sends when the first one is shown. */
export function LazyView<Name extends ViewName>({ name, props }: { name: Name; props: ViewProps<Name> }) {
  const { kernel } = usePanel();
  const loaded = useSignal(views);
  const problem = useSignal("");
  const open = async () => {
    problem.value = "";
    try {
      loaded.value = await load(kernel);
    } catch (error) {
      problem.value = fill(STRINGS.notLoaded, { problem: (error as Error).message });
    }
  };
  useLayoutEffect(() => {
    if (!loaded.value) void open();
  }, []);
  if (loaded.value)
    return (
      <>
        <style>{loaded.value.css}</style>
        {createElement(loaded.value[name] as ComponentType<ViewProps<Name>>, props)}
      </>
    );
  if (!problem.value)
    return (
      <p class="orn-pane orn-muted" role="status">
        {STRINGS.loading}
      </p>
    );
  return (
    <div class="orn-pane" role="alert">
      <p class="orn-problem">{problem.value}</p>
      <Button label={STRINGS.tryAgain} onPress={() => void open()} />
    </div>
  );
}
