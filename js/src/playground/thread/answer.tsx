import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { isFinal } from "../../live/protocol";
import { copy } from "../../shared/clipboard";
import { everySecond } from "../../shared/second-timer";
import { usePanel } from "../context";
import { LazyView } from "../lazy-view";
import type { Column, MessageCard } from "../protocol";
import { textOf } from "../store/dotted-path";
import type { Run } from "../store/run-store";
import { fill, STRINGS } from "../strings";
import { Button } from "../ui/button";
import { Markdown } from "../ui/markdown";
import { Menu, type MenuItem } from "../ui/menu";
import { StructuredOutput } from "../ui/structured-output";
import { reasoningLabel, StatsLine } from "./answer-stats";
import { ErrorBanner } from "./banner";
import { Citations } from "./citations";
import { WaitCountdown } from "./countdown";
import { Editor, useEditing } from "./editor";
import { Branches } from "./item-actions";
import { MediaParts } from "./media-parts";
import { Reasoning } from "./reasoning";
import { ToolCallCard } from "./tool-call";

interface AnswerProps {
  /** null until the kernel has added it to the thread. */
  item: string | null;
  card: MessageCard | undefined;
  column: Column | undefined;
  /** Only the newest answer of a column shows its state and its error. */
  isNewest: boolean;
  label: string;
}

/** One model's answer: from the run while there is one, then from the thread. */
export function Answer({ item, card, column, isNewest, label }: AnswerProps) {
  const panel = usePanel();
  const { box, isEditing, refused, edit, leave, giveBack } = useEditing(item);
  const showsLogprobs = useSignal(false);
  const run = panel.runs.get(card?.run ?? (isNewest && !card ? column?.run : undefined));
  const state = run?.state.value;
  const isRunning = !!state && !isFinal(state.phase);
  const text = state ? state.text : textOf(card?.parts ?? []);
  const reasoning = state ? state.reasoning : (card?.reasoning ?? "");
  const stats = card?.stats ?? (isNewest ? (column?.stats ?? undefined) : undefined);
  const note = stats?.note ?? state?.note;
  const media = state && state.media.length > 0 ? state.media : (card?.parts ?? []);
  const calls = (isRunning ? state?.tool_calls : card?.tool_calls) ?? [];
  const citations = (isRunning ? state?.citations : card?.citations) ?? [];
  // The kernel's positions refer to the card's text, not to a run's.
  const sources = card?.marks && !state ? { citations, marks: card.marks } : undefined;
  const where = item === null ? undefined : { item, column: card?.column ?? null };
  const at = card?.column ? { column: card.column } : {};
  const title = stats?.model || state?.model || column?.model || STRINGS.roles.assistant;
  const banner = isNewest ? column?.banner : undefined;
  const isThinking = isRunning && text === "" && reasoning !== "";

  const save = async (next: string) => {
    if (!where) return;
    leave();
    const { problem } = await panel.do({ op: "edit_message", item: where.item, text: next, ...at });
    if (problem) giveBack(next);
  };

  const items: MenuItem[] = where
    ? [
        {
          label: STRINGS.edit,
          icon: "edit",
          act: edit,
        },
        { label: STRINGS.copyMarkdown, icon: "copy", act: () => void copy(text) },
        {
          label: STRINGS.continue,
          icon: "go",
          hint: STRINGS.continueHint,
          act: () => void panel.do({ op: "continue", item: where.item, ...at }),
        },
        {
          label: STRINGS.logprobs,
          checked: showsLogprobs.value,
          disabled: !stats?.has_logprobs,
          hint: stats?.has_logprobs ? "" : STRINGS.noLogprobs,
          act: () => {
            showsLogprobs.value = !showsLogprobs.value;
          },
        },
        ...(stats?.variable
          ? [
              {
                label: fill(STRINGS.copyVariable, { name: stats.variable }),
                icon: "code" as const,
                act: () => void copy(stats.variable),
              },
            ]
          : []),
      ]
    : [];
  const own = card?.column;
  if (where && own && panel.traits.columns.value.length > 1) {
    items.push({
      label: STRINGS.keepAnswer,
      icon: "check",
      hint: STRINGS.keepHint,
      act: () => void panel.do({ op: "keep_answer", item: where.item, column: own }),
    });
  }

  return (
    <article
      ref={box}
      tabIndex={-1}
      class="orn-answer"
      aria-label={label}
      aria-busy={isRunning}
      data-column={column?.id}
      data-state={state?.phase ?? column?.status}
    >
      <div class="orn-line">
        <strong class="orn-grow" title={title}>
          {title}
        </strong>
        {card && item && <Branches item={item} card={card} />}
        {where && (
          <span class="orn-actions">
            <Button bare icon="copy" label={STRINGS.copy} onPress={() => void copy(text)} />
            <Button
              bare
              icon="redo"
              label={STRINGS.regenerate}
              inactive={isRunning}
              onPress={() => void panel.do({ op: "regenerate", item: where.item, ...at })}
            />
            <Menu bare icon="more" label={STRINGS.moreActions} items={items} />
          </span>
        )}
      </div>
      {reasoning && (
        <Reasoning
          text={reasoning}
          isRunning={isThinking}
          label={reasoningLabel(
            state?.reasoning_s ?? stats?.reasoning_s ?? null,
            stats?.tokens_reasoning ?? null,
            isThinking,
          )}
        />
      )}
      {isEditing && where ? (
        <Editor
          label={STRINGS.edit}
          text={text}
          refused={refused}
          onCancel={leave}
          onSave={(next) => void save(next)}
        />
      ) : (
        (text || !run) &&
        (card?.is_object ? (
          <StructuredOutput text={text} isFinal={!isRunning} />
        ) : (
          <Markdown text={text} isFinal={!isRunning} sources={sources} />
        ))
      )}
      <MediaParts parts={media} />
      {calls.map((call) => (
        <ToolCallCard key={call.id} call={call} where={where} />
      ))}
      <Citations citations={citations} />
      {showsLogprobs.value && where && <LazyView name="logprobs" props={where} />}
      {isRunning && run && <Status run={run} column={column} />}
      {!isRunning && !banner && note && <p class="orn-note">{note}</p>}
      {!isRunning && stats?.schema_note && <p class="orn-note">{stats.schema_note}</p>}
      {!isRunning && where && stats && stats.schema_problems.length > 0 && (
        <SchemaProblems
          problems={stats.schema_problems}
          onRepair={() => void panel.do({ op: "repair", item: where.item, ...at })}
        />
      )}
      {banner && column && <ErrorBanner banner={banner} column={column.id} />}
      {!isRunning && stats && (text !== "" || !banner) && <StatsLine stats={stats} />}
    </article>
  );
}

/** The validation errors of an answer, one for each field. */
function SchemaProblems({ problems, onRepair }: { problems: readonly string[]; onRepair: () => void }) {
  return (
    <div class="orn-misfits">
      <ul>
        {problems.map((problem) => (
          <li key={problem}>{problem}</li>
        ))}
      </ul>
      <Button icon="redo" label={STRINGS.repair} title={STRINGS.repairHint} onPress={onRepair} />
    </div>
  );
}

/** Phase and elapsed time of a run. */
function Status({ run, column }: { run: Run; column: Column | undefined }) {
  const panel = usePanel();
  const { phase, note, wait } = run.state.value;
  const elapsed = useSignal(run.store.elapsedMs);
  useEffect(
    () =>
      everySecond(() => {
        elapsed.value = run.store.elapsedMs;
      }),
    [run],
  );
  const isLate = panel.traits.columns.value.length > 1 && column;
  return (
    <div class="orn-status-line">
      <span class="orn-dot" aria-hidden="true" />
      <span>
        {wait
          ? fill(STRINGS.attempt, { n: wait.attempt })
          : panel.isStopping.value
            ? STRINGS.stopping
            : STRINGS.phases[phase]}
      </span>
      <span class="orn-elapsed">{Math.floor(elapsed.value / 1000)} s</span>
      {note && <span class="orn-muted">{note}</span>}
      {wait && <WaitCountdown remainingMs={wait.remaining_ms} words={STRINGS.retriesIn} />}
      {wait && column && (
        <Button
          label={STRINGS.retryNow}
          onPress={() => void panel.do({ op: "remedy", column: column.id, remedy: "retry" })}
        />
      )}
      {(isLate || wait) && column && (
        <Button icon="stop" label={STRINGS.stop} onPress={() => panel.stop(column.id)} />
      )}
    </div>
  );
}
