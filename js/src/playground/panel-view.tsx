import { type Signal, signal, useComputed, useSignal } from "@preact/signals";
import { render } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { isSaveKey, NO_FORMULAS, suppressShortcuts } from "../shared/dom";
import { Composer } from "./composer";
import { type FocusTarget, FocusTargetContext, PanelContext, useFocusTarget, usePanel } from "./context";
import { isFullSizeKey, useFullSize } from "./full-size";
import { Header } from "./header";
import { LazyView } from "./lazy-view";
import { ParameterPanel } from "./parameters/parameter-panel";
import { HideSavedOutput } from "./saved-output";
import type { PanelStore } from "./store/panel-store";
import { fill, plural, STRINGS } from "./strings";
import { Thread } from "./thread/thread";
import { ThreadJson } from "./thread/thread-json";
import { Button } from "./ui/button";
import { restoreFocus } from "./ui/focus-keeper";
import { dollars } from "./ui/format";
import { isTextField, useComposition } from "./ui/hooks";
import { Icon } from "./ui/icon";
import { Tabs } from "./ui/tabs";

const TABS = ["chat", "raw", "code", "history"] as const;

/** The complete panel. */
export function PanelView() {
  const panel = usePanel();
  const focusTarget = useFocusTarget();
  const root = useRef<HTMLDivElement>(null);
  const wanted = focusTarget.value?.field;
  useLayoutEffect(() => {
    const selector = { model: "[role=combobox]", messages: ".orn-input" }[wanted ?? ""];
    if (!selector) return;
    focusTarget.value = undefined;
    root.current?.querySelector<HTMLElement>(selector)?.focus();
  }, [wanted]);
  useLayoutEffect(() => {
    if (!root.current) return;
    suppressShortcuts(root.current);
    return restoreFocus(root.current);
  }, []);
  const composition = useComposition();
  const tab = useSignal<(typeof TABS)[number]>("chat");
  const isRawWanted = focusTarget.value?.raw !== undefined;
  useLayoutEffect(() => {
    if (isRawWanted) tab.value = "raw";
  }, [isRawWanted]);
  const isChatWanted = focusTarget.value?.chat;
  useLayoutEffect(() => {
    if (isChatWanted) tab.value = "chat";
  }, [isChatWanted]);
  const fullSize = useFullSize(root);
  return (
    <div
      ref={root}
      class={`orn-pg ${NO_FORMULAS}`}
      data-tab={tab.value}
      // A press beside the fields would give the focus to the notebook's cell, and the next keys to its commands.
      tabIndex={-1}
      role="group"
      aria-label={STRINGS.playground}
      {...composition.handlers}
      onKeyDownCapture={(event) => {
        if (composition.isComposing(event)) event.stopPropagation();
      }}
      onKeyDown={(event) => {
        if (isSaveKey(event)) return;
        if (event.key === "k" && (event.ctrlKey || event.metaKey)) {
          event.preventDefault();
          event.currentTarget.querySelector<HTMLElement>("[role=combobox]")?.focus();
        }
        if (event.key === "/" && !isTextField(event.target as HTMLElement)) {
          event.preventDefault();
          focusTarget.value = { search: true };
        }
        if (isFullSizeKey(event)) {
          event.preventDefault();
          fullSize.toggle();
        }
        if (event.key === "Escape" && !event.defaultPrevented) {
          if (fullSize.isOn.value) fullSize.toggle();
          else if (panel.isRunning.value) panel.stop();
          else event.currentTarget.closest<HTMLElement>(".jp-Notebook")?.focus();
        }
        // VS Code, Colab and others listen on ancestors and ignore the attribute.
        event.stopPropagation();
      }}
      // JupyterLab's menu is about cells: it has no "Paste", and would open below a view that fills the page.
      onContextMenu={(event) => {
        if (fullSize.isOn.value || isTextField(event.target as HTMLElement)) event.stopPropagation();
      }}
    >
      <HideSavedOutput />
      <p class="orn-sr" role="status">
        {panel.announcement.value}
      </p>
      {/* Without a kernel no control works. */}
      <fieldset class="orn-whole" disabled={panel.isGone.value}>
        <Header fullSize={fullSize} />
        <Notices />
        <div class="orn-bar">
          <Tabs
            label={STRINGS.chat}
            tabs={TABS.map((id) => ({ id, label: STRINGS[id] }))}
            value={tab.value}
            onChange={(id) => {
              tab.value = id;
            }}
          />
          <SessionCost />
        </div>
        <div class="orn-grid">
          <div class="orn-main">
            <div hidden={tab.value !== "chat"} class="orn-chat">
              {panel.isJson.value ? <ThreadJson /> : <Thread />}
            </div>
            {tab.value !== "chat" && <LazyView key={tab.value} name={tab.value} props={{}} />}
            <Composer />
          </div>
          <ParameterPanel />
        </div>
      </fieldset>
    </div>
  );
}

function Notices() {
  const panel = usePanel();
  const { problem, isGone, isBusy } = panel;
  const dismissed = useSignal("");
  // `history` changes several times during an answer. Each time this component, which has no element then, rendered again,
  // Chromium computed the layout of the whole panel: tasks of 0.2 to 0.6 s for an answer of 100 KB.
  const notStored = useComputed(() => panel.traits.history.value.problem).value;
  const state = isGone.value ? STRINGS.gone : isBusy.value ? STRINGS.busy : "";
  return (
    <>
      {state && (
        <p class="orn-notice" role="status" data-notice={isGone.value ? "gone" : "busy"}>
          <Icon name={isGone.value ? "error" : "clock"} />
          {state}
        </p>
      )}
      <ProblemNotice
        text={problem.value}
        dismiss={() => {
          problem.value = "";
        }}
      />
      <ProblemNotice
        text={notStored === dismissed.value ? "" : notStored}
        dismiss={() => {
          dismissed.value = notStored;
        }}
      />
    </>
  );
}

function ProblemNotice({ text, dismiss }: { text: string; dismiss: () => void }) {
  if (!text) return null;
  return (
    <p class="orn-notice" role="alert">
      <Icon name="error" />
      <span class="orn-grow">{text}</span>
      <Button bare icon="close" label={STRINGS.dismiss} onPress={dismiss} />
    </p>
  );
}

function SessionCost() {
  const { calls, cost, unpriced } = usePanel().traits.session.value;
  return (
    <span class="orn-spent orn-muted">
      {[
        plural(STRINGS.session, calls),
        dollars(cost),
        unpriced > 0 && fill(STRINGS.unpriced, { n: unpriced }),
      ]
        .filter(Boolean)
        .join(" · ")}
    </span>
  );
}

/** Render a view of a panel into `el`. Returns a function that removes it. */
export function mount(
  panel: PanelStore,
  el: Element,
  focusTarget: Signal<FocusTarget | undefined> = signal(undefined),
): () => void {
  render(
    <PanelContext.Provider value={panel}>
      <FocusTargetContext.Provider value={focusTarget}>
        <PanelView />
      </FocusTargetContext.Provider>
    </PanelContext.Provider>,
    el,
  );
  return () => render(null, el);
}
