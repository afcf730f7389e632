import { useSignal } from "@preact/signals";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { copy } from "../../shared/clipboard";
import { useFocusTarget, usePanel } from "../context";
import type { Column, RawReply, RequestReply, ThreadItem } from "../protocol";
import { fill, STRINGS } from "../strings";
import { Button } from "../ui/button";
import { seconds } from "../ui/format";
import { Tabs } from "../ui/tabs";
import { VirtualList } from "../ui/virtual-list";
import { readableJson, SourceCode } from "./source-code";
import { VIEW_STRINGS } from "./strings";

const PARTS = ["next", "sent", "upstream", "chunks", "headers", "timeline"] as const;
type RawPart = (typeof PARTS)[number];

/** Past exchanges and the next request. The kernel masks the key, so the page never receives it. */
export function RawTab() {
  const panel = usePanel();
  const focusTarget = useFocusTarget();
  const part = useSignal<RawPart>("next");
  const chosen = useSignal(0);
  const raw = useSignal<RawReply | undefined>(undefined);
  const next = useSignal<RequestReply | undefined>(undefined);
  const problem = useSignal("");
  const answers = exchangeOptions(panel.traits.thread.value, panel.traits.columns.value);
  const answer = answers[Math.min(chosen.value, answers.length - 1)];
  const isRunning = panel.isRunning.value;

  const wanted = focusTarget.value?.raw;
  useLayoutEffect(() => {
    if (wanted === undefined) return;
    focusTarget.value = undefined;
    part.value = "sent";
    chosen.value = Math.max(
      0,
      answers.findIndex(({ column }) => column === wanted),
    );
  }, [wanted]);

  useEffect(() => {
    let isCurrent = true;
    const ask =
      part.value === "next"
        ? panel.kernel.query({ ask: "request" })
        : answer && panel.kernel.query({ ask: "raw", item: answer.item, column: answer.column });
    void ask?.then((reply) => {
      if (!isCurrent) return;
      problem.value = reply.problem;
      if (part.peek() === "next") next.value = reply.value as RequestReply;
      else raw.value = reply.value as RawReply;
    });
    return () => {
      isCurrent = false;
    };
  }, [
    part.value,
    answer?.item,
    answer?.column,
    isRunning,
    panel.traits.params.value,
    panel.traits.thread.value,
  ]);

  return (
    <div class="orn-pane">
      <div class="orn-row">
        <Tabs
          label={STRINGS.raw}
          tabs={PARTS.map((id) => ({ id, label: VIEW_STRINGS.rawParts[id] }))}
          value={part.value}
          onChange={(id) => {
            part.value = id;
          }}
        />
        {part.value !== "next" && answers.length > 1 && (
          <select
            aria-label={VIEW_STRINGS.whichAnswer}
            value={String(chosen.value)}
            onChange={({ currentTarget }) => {
              chosen.value = Number(currentTarget.value);
            }}
          >
            {answers.map(({ label }, at) => (
              <option key={`${at}`} value={String(at)}>
                {label}
              </option>
            ))}
          </select>
        )}
      </div>
      {problem.value && <p class="orn-problem">{problem.value}</p>}
      {part.value === "next" ? (
        <NextRequests reply={next.value} />
      ) : answer ? (
        <ExchangePart part={part.value} raw={raw.value} />
      ) : (
        <p class="orn-muted">{VIEW_STRINGS.nothingSent}</p>
      )}
    </div>
  );
}

function NextRequests({ reply }: { reply: RequestReply | undefined }) {
  return (
    <>
      {(reply?.requests ?? []).map(({ column, url, headers, body, problem }, at) => (
        <section key={column} class="orn-stack">
          <p class="orn-muted">POST {url}</p>
          {problem && <p class="orn-problem">{problem}</p>}
          <JsonBlock values={[body]} label={`${VIEW_STRINGS.rawParts.next} ${at + 1}`} />
          <CodeBlock text={lines(headers)} label={`${VIEW_STRINGS.rawParts.headers} ${at + 1}`} />
        </section>
      ))}
    </>
  );
}

function ExchangePart({ part, raw }: { part: RawPart; raw: RawReply | undefined }) {
  if (!raw) return <p class="orn-muted">{STRINGS.loading}</p>;
  switch (part) {
    case "sent":
      return <JsonBlock values={[raw.request]} label={VIEW_STRINGS.rawParts.sent} />;
    case "upstream":
      if (raw.upstream.length === 0) return <p class="orn-muted">{VIEW_STRINGS.noUpstream}</p>;
      return <JsonBlock values={raw.upstream} label={VIEW_STRINGS.rawParts.upstream} />;
    case "chunks":
      return <Chunks raw={raw} />;
    case "headers":
      return <CodeBlock text={lines(raw.headers)} label={VIEW_STRINGS.rawParts.headers} />;
    default:
      return (
        <ol class="orn-timeline">
          {raw.timeline.map(({ at_ms, what }, at) => (
            <li key={`${at}`}>
              <b>{seconds(at_ms)}</b> {what}
            </li>
          ))}
        </ol>
      );
  }
}

const CHUNK_HEIGHT = 24;

function Chunks({ raw }: { raw: RawReply }) {
  const scroller = useRef<HTMLDivElement>(null);
  const { chunks, dropped } = raw;
  return (
    <>
      <div
        ref={scroller}
        class="orn-code orn-chunks"
        tabIndex={0}
        role="region"
        aria-label={VIEW_STRINGS.rawParts.chunks}
      >
        <VirtualList
          items={chunks}
          rowHeight={CHUNK_HEIGHT}
          scroller={scroller}
          row={(chunk, at) => (
            <div key={at} style={{ height: `${CHUNK_HEIGHT}px` }} title={chunk}>
              <span class="orn-muted">{at + 1}</span> {chunk}
            </div>
          )}
        />
      </div>
      {dropped > 0 && <p class="orn-muted">{fill(VIEW_STRINGS.dropped, { n: dropped })}</p>}
    </>
  );
}

/** JSON in colors, with the line breaks of its texts. The copy is the JSON itself. */
function JsonBlock({ values, label }: { values: readonly unknown[]; label: string }) {
  return (
    <CodeBlock
      text={values.map((value) => JSON.stringify(value, null, 2)).join("\n\n")}
      shown={values.map(readableJson).join("\n\n")}
      language="json"
      label={label}
    />
  );
}

function CodeBlock({
  text,
  shown = text,
  label,
  language,
}: {
  text: string;
  shown?: string;
  label: string;
  language?: string;
}) {
  return (
    <div class="orn-code-box">
      <SourceCode text={shown} label={label} language={language} />
      <Button
        bare
        icon="copy"
        label={fill(VIEW_STRINGS.copyNamed, { name: label })}
        onPress={() => void copy(text)}
      />
    </div>
  );
}

function lines(headers: Readonly<Record<string, string>>): string {
  return Object.entries(headers)
    .map(([name, value]) => `${name}: ${value}`)
    .join("\n");
}

export interface ExchangeOption {
  /** null: the last exchange of the column, which has no answer. */
  readonly item: string | null;
  readonly column: string | null;
  readonly label: string;
}

/** Return the exchanges to choose from: those without an answer, then the answers of the thread, newest first. */
export function exchangeOptions(
  thread: readonly ThreadItem[],
  columns: readonly Column[],
): readonly ExchangeOption[] {
  const failed = columns
    .filter(
      ({ id, item, banner, stats }) =>
        banner !== null &&
        stats !== null &&
        !thread.some((place) => place.id === item && place.cards.some(({ column }) => column === id)),
    )
    .map(({ id, model }) => ({
      item: null,
      column: id,
      label: fill(VIEW_STRINGS.lastRequest, { model }),
    }));
  const answers = thread
    .flatMap((item, index) =>
      item.role === "assistant"
        ? item.cards.map(({ column, stats }) => ({
            item: item.id,
            column,
            label: fill(VIEW_STRINGS.answerN, { n: index + 1, model: stats?.model ?? "" }),
          }))
        : [],
    )
    .reverse();
  return [...failed, ...answers];
}
