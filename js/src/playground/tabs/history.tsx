import { useSignal } from "@preact/signals";
import { usePanel } from "../context";
import { STRINGS } from "../strings";
import { Tabs } from "../ui/tabs";
import { Calls } from "./calls";
import { Conversations } from "./conversations";
import { VIEW_STRINGS } from "./strings";

const PARTS = ["conversations", "calls"] as const;

/** The stored conversations, and the calls of this playground. */
export function HistoryTab() {
  const panel = usePanel();
  const part = useSignal<(typeof PARTS)[number]>("conversations");
  const isOn = panel.traits.history.value.on;
  return (
    <div class="orn-pane">
      <Tabs
        label={STRINGS.history}
        tabs={PARTS.map((id) => ({ id, label: VIEW_STRINGS[id] }))}
        value={part.value}
        onChange={(id) => {
          part.value = id;
        }}
      />
      {part.value === "calls" ? (
        <Calls />
      ) : isOn ? (
        <Conversations />
      ) : (
        <p class="orn-muted">{VIEW_STRINGS.historyOff}</p>
      )}
    </div>
  );
}
