import type { AnyModel, InitializeProps, RenderProps } from "@anywidget/types";
import { AnswerStore } from "./live/answer-store";
import { EnhancerLoader } from "./live/enhancer-loader";
import css from "./live/live.css";
import { pageEntry } from "./live/page-registry";
import { type LiveRequest, readLiveMessage, readSnapshot, type Snapshot } from "./live/protocol";
import { LiveView } from "./live/view/live-view";
import { StreamedText } from "./live/view/streamed-text";
import { StructuredText } from "./live/view/structured-text";
import { onAbortOrCall, type WithOptionalSignal } from "./shared/abort-cleanup";
import { addStyle } from "./shared/dom";

type LiveModel = AnyModel<{ snapshot: Snapshot }>;

const LOST = "The kernel was restarted, was shut down or died: this answer has ended.";
/** A message may be lost with a connection, and no event reports that a kernel was shut down. */
const SILENCE_MS = 10_000;
const SUBSHELL_MS = 800;

/** Create the widget of one model, shared by all of its views. */
function liveAnswer() {
  const store = new AnswerStore();
  const views = new Set<LiveView>();
  let model: LiveModel | undefined;
  let isStopping = false;

  function send(request: LiveRequest): void {
    try {
      // `timeOrigin` tells pages apart: "ready" may arrive after "shown", on another shell of the kernel.
      model?.send({ ...request, page: performance.timeOrigin });
    } catch {
      lose(); // The kernel was shut down.
    }
  }

  /** End the answer: its kernel is gone. ipywidgets reports a restart, and a death that is followed by one. */
  function lose(): void {
    if (!store.final)
      store.adoptSnapshot({ ...store.state, elapsed_ms: store.elapsedMs, phase: "interrupted", note: LOST });
  }

  function updateViews(): void {
    for (const view of views) view.update();
  }

  const extras = new EnhancerLoader((name) => send({ kind: "module", name }));

  const answer = {
    store,
    extras,
    get isStopping() {
      return isStopping;
    },
    stop() {
      if (isStopping || store.final) return;
      isStopping = true;
      send({ kind: "stop" });
      updateViews();
    },
    act(card: string, action: string, value?: string) {
      if (!store.final) send({ kind: "action", card, action, ...(value !== undefined && { value }) });
    },
  };

  return {
    initialize(props: WithOptionalSignal<InitializeProps>) {
      const live = props.model as LiveModel;
      model = live;
      const adopt = () => store.adopt(live.get("snapshot"));
      const receive = (message: unknown, buffers: readonly unknown[]) => {
        if (extras.receive(message, buffers)) return;
        const run = store.receive(message);
        if (run !== undefined) send({ kind: "resync", run });
      };
      let isSilent = false;
      // Fails after a shutdown; otherwise the kernel sends what was lost.
      const probe = setInterval(() => {
        if (isSilent && isStopping) send({ kind: "stop" });
        if (isSilent) send({ kind: "resync", run: store.state.run });
        isSilent = true;
      }, SILENCE_MS);
      const unsubscribe = store.subscribe(() => {
        isSilent = false;
        if (store.final) clearInterval(probe);
        updateViews();
      });
      // Before the listener: the loader delivers buffered deltas as soon as one is added.
      adopt();
      const listeners = { "change:snapshot": adopt, "msg:custom": receive, comm_live_update: lose };
      for (const [name, listener] of Object.entries(listeners)) live.on(name, listener);
      send({ kind: "ready" });
      return onAbortOrCall(props.signal, () => {
        for (const [name, listener] of Object.entries(listeners)) live.off(name, listener);
        unsubscribe();
        clearInterval(probe);
        extras.dispose();
      });
    },

    render({ el, signal }: WithOptionalSignal<RenderProps>) {
      const view = new LiveView(answer);
      views.add(view);
      send({ kind: "shown" });
      // Messages that JupyterLab sends before the kernel has a subshell wait for the end of a cell that blocks the kernel.
      const again = setTimeout(send, SUBSHELL_MS, { kind: "shown" });
      addStyle("live", css, el);
      el.append(view.element);
      let cell: Element | null = null;
      setTimeout(() => {
        cell = el.closest(".jp-Cell"); // After the caller has attached `el`.
      });
      return onAbortOrCall(signal, () => {
        clearTimeout(again);
        views.delete(view);
        view.dispose();
        // A deleted cell keeps its output, and brings it back with Undo; a cleared one must be filled again.
        const isCleared = cell?.isConnected !== false;
        if (!views.size) send({ kind: store.final ? "closed" : isCleared ? "cleared" : "hidden" });
      });
    },
  };
}

const slot = pageEntry("live.3");
slot.factory = liveAnswer;
slot.exports = { AnswerStore, readLiveMessage, readSnapshot, StreamedText, StructuredText, css };
slot.fill();

export default liveAnswer;
