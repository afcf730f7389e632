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

type LiveModel = AnyModel<{ snapshot: Snapshot }>;

/** Create the widget of one model, shared by all of its views. */
function liveAnswer() {
  const store = new AnswerStore();
  const views = new Set<LiveView>();
  let model: LiveModel | undefined;
  let isStopping = false;
  let wasShown = false;
  let isReleased = false;

  function send(request: LiveRequest): void {
    try {
      model?.send(request);
    } catch {
      // The kernel has disconnected.
    }
  }

  function updateViews(): void {
    for (const view of views) view.update();
    releaseIfDone();
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

  function releaseIfDone(): void {
    if (isReleased || !wasShown || views.size > 0 || !store.final) return;
    isReleased = true;
    send({ kind: "released" });
  }

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
      const unsubscribe = store.subscribe(updateViews);
      // Before the listener: the loader delivers buffered deltas as soon as one is added.
      adopt();
      live.on("change:snapshot", adopt);
      live.on("msg:custom", receive);
      send({ kind: "ready" });
      return onAbortOrCall(props.signal, () => {
        live.off("change:snapshot", adopt);
        live.off("msg:custom", receive);
        unsubscribe();
        extras.dispose();
      });
    },

    render({ el, signal }: WithOptionalSignal<RenderProps>) {
      const view = new LiveView(answer);
      views.add(view);
      wasShown = true;
      el.append(view.element);
      return onAbortOrCall(signal, () => {
        views.delete(view);
        view.dispose();
        releaseIfDone();
      });
    },
  };
}

const slot = pageEntry("live.3");
slot.factory = liveAnswer;
slot.exports = { AnswerStore, readLiveMessage, readSnapshot, StreamedText, StructuredText, css };
slot.fill();

export default liveAnswer;
