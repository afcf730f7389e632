import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { usePanel } from "../context";
import type { HistoryReply } from "../protocol";
import { count, dollars, seconds } from "../ui/format";
import { VIEW_STRINGS } from "./strings";

/** The calls of this playground and their cost, newest first. */
export function Calls() {
  const panel = usePanel();
  const reply = useSignal<HistoryReply | undefined>(undefined);
  const { session } = panel.traits;
  useEffect(() => {
    void panel.kernel.query({ ask: "history" }).then(({ value }) => {
      reply.value = value as HistoryReply;
    });
  }, [session.value]);
  const calls = reply.value?.calls ?? [];
  if (calls.length === 0) return <p class="orn-muted">{VIEW_STRINGS.noHistory}</p>;
  return (
    <div class="orn-scroll" tabIndex={0} role="region" aria-label={VIEW_STRINGS.calls}>
      <table class="orn-table">
        <thead>
          <tr>
            {VIEW_STRINGS.historyHeads.map((head) => (
              <th key={head} scope="col">
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {calls.toReversed().map((call, at) => (
            <tr key={`${call.at}-${at}`}>
              <td>{timeOf(call.at)}</td>
              <td>{call.model}</td>
              <td>{call.prompt}</td>
              <td>{call.end}</td>
              <td>{`${count(call.tokens_in)} → ${count(call.tokens_out)}`}</td>
              <td>{seconds(call.seconds * 1000)}</td>
              <td>{dollars(call.cost)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function timeOf(iso: string): string {
  const date = new Date(iso);
  return Number.isNaN(date.getTime()) ? iso : date.toLocaleTimeString();
}
