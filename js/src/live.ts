import type { InitializeProps, RenderProps } from "@anywidget/types";
import { AnswerStore } from "./live/answer-store";
import { EnhancerLoader } from "./live/enhancer-loader";
import css from "./live/live.css";
import { pageEntry } from "./live/page-registry";
import { type LiveRequest, readLiveMessage, readSnapshot } from "./live/protocol";
import { LiveView } from "./live/view/live-view";
import { StreamedText } from "./live/view/streamed-text";
import { StructuredText } from "./live/view/structured-text";
import { onAbortOrCall, type WithOptionalSignal } from "./shared/abort-cleanup";
import { addStyle } from "./shared/dom";
import { isRecord } from "./shared/guards";
import { KernelChannel } from "./shared/kernel-channel";

const LOST = "The kernel was restarted, was shut down or died: this answer has ended.";
const TICK_MS = 500;
const SUBSHELL_MS = 800;

/** Create the widget of one model, shared by all of its views. */
function liveAnswer() {
  const store = new AnswerStore();
  const views = new Set<LiveView>();
  let channel: KernelChannel<LiveRequest, undefined>;
  let isStopping = false;

  function updateViews(): void {
    for (const view of views) view.update();
  }

  const extras = new EnhancerLoader((name) => channel.send({ kind: "module", name }));

  const answer = {
    store,
    extras,
    get isStopping() {
      return isStopping;
    },
    stop() {
      if (isStopping || store.final) return;
      isStopping = true;
      void channel.request({ kind: "stop" });
      updateViews();
    },
    act(card: string, action: string, value?: string) {
      if (store.final) return;
      // Only the last press on a card is sent again.
      channel.withdraw((body) => body.kind === "action" && body.card === card);
      void channel.request({ kind: "action", card, action, ...(value !== undefined && { value }) });
    },
  };

  return {
    initialize({ model, signal }: WithOptionalSignal<InitializeProps>) {
      // `timeOrigin` tells pages apart: "ready" may arrive after "shown", on another shell of the kernel.
      channel = new KernelChannel(model, { page: performance.timeOrigin }, () => undefined);
      const adopt = () => store.adopt(model.get("snapshot"));
      const timer = setInterval(() => {
        channel.resend();
        // Deltas may be lost with a connection, and sending fails after a shutdown, which no event reports.
        if (channel.endSilence()) channel.send({ kind: "resync", run: store.state.run });
      }, TICK_MS);
      const unsubscribe = store.subscribe(() => {
        if (store.final) clearInterval(timer);
        updateViews();
      });
      // Before the listener: the loader delivers buffered deltas as soon as one is added.
      adopt();
      model.on("change:snapshot", adopt);
      const stopListening = channel.listen({
        message(message, buffers) {
          if (extras.receive(message, buffers)) return;
          if (isRecord(message) && message.kind === "reply") channel.settle(message.id as number, undefined);
          const run = store.receive(message);
          if (run !== undefined) channel.send({ kind: "resync", run });
        },
        // ipywidgets reports a restart, and a death that is followed by one.
        gone: () => store.end("interrupted", LOST),
      });
      channel.send({ kind: "ready" });
      return onAbortOrCall(signal, () => {
        stopListening();
        model.off("change:snapshot", adopt);
        unsubscribe();
        clearInterval(timer);
        extras.dispose();
      });
    },

    render({ el, signal }: WithOptionalSignal<RenderProps>) {
      const view = new LiveView(answer);
      views.add(view);
      channel.send({ kind: "shown" });
      // Messages that JupyterLab sends before the kernel has a subshell wait for the end of a cell that blocks the kernel.
      const again = setTimeout(() => channel.send({ kind: "shown" }), SUBSHELL_MS);
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
        if (!views.size) channel.send({ kind: store.final ? "closed" : isCleared ? "cleared" : "hidden" });
      });
    },
  };
}

const slot = pageEntry("live.3");
slot.factory = liveAnswer;
slot.exports = {
  AnswerStore,
  KernelChannel,
  readLiveMessage,
  readSnapshot,
  StreamedText,
  StructuredText,
  css,
};
slot.fill();

export default liveAnswer;
