import { useSignal, useSignalEffect } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { usePanel } from "./context";
import type { Role } from "./protocol";
import { fill, STRINGS } from "./strings";
import { AttachButtons, pasteFiles, useAttach, useFileDrop } from "./thread/attachment-input";
import { ROLES } from "./thread/item-actions";
import { MediaParts } from "./thread/media-parts";
import { Button } from "./ui/button";
import { count, roughDollars } from "./ui/format";
import { isSendKey, useElementId } from "./ui/hooks";
import { Icon } from "./ui/icon";

const DRAFT_EVERY_MS = 400;

/** The input of the next message. Ctrl+Enter or Cmd+Enter sends; Enter inserts a new line. */
export function Composer() {
  const panel = usePanel();
  const { draft, blocked, estimate } = panel.traits;
  const text = useSignal(draft.peek().text);
  const rev = useRef(draft.peek().rev);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const area = useRef<HTMLTextAreaElement>(null);
  const id = useElementId();
  const attach = useAttach(null);
  const dropping = useFileDrop(attach);

  // The kernel's text replaces the input only if the change came from elsewhere.
  useSignalEffect(() => {
    const { rev: now, text: newest } = draft.value;
    if (now === rev.current) return;
    rev.current = now;
    text.value = newest;
  });
  useEffect(() => () => clearTimeout(timer.current), []);

  const role = draft.value.role;
  const isRunning = panel.isRunning.value;
  const why = panel.isGone.value ? STRINGS.gone : isRunning ? "" : blocked.value;

  function write(next: string) {
    text.value = next;
    clearTimeout(timer.current);
    timer.current = setTimeout(
      () => void panel.kernel.command({ op: "set_draft", text: next }),
      DRAFT_EVERY_MS,
    );
  }

  async function send(onlyAdd = false) {
    if (isRunning || (why && !onlyAdd)) return;
    const message = text.peek();
    clearTimeout(timer.current);
    text.value = "";
    const hasMessage = message.trim() !== "" || draft.peek().attachments.length > 0;
    if (onlyAdd) area.current?.focus(); // the button is about to be disabled
    const isDone = onlyAdd
      ? (await panel.do({ op: "add_message", role, text: message })).problem === ""
      : await panel.submit(hasMessage ? message : undefined);
    if (!isDone) text.value ||= message;
  }

  return (
    <form class="orn-composer" onSubmit={(event) => event.preventDefault()} {...dropping}>
      <MediaParts
        parts={draft.value.attachments}
        onRemove={(part) => void panel.do({ op: "detach", item: null, part })}
      />
      <textarea
        ref={area}
        class="orn-input"
        rows={Math.max(2, Math.min(12, text.value.split("\n").length))}
        aria-label={STRINGS.message}
        placeholder={STRINGS.messageHint}
        aria-describedby={id}
        dir="auto"
        data-jp-suppress-context-menu
        value={text.value}
        onInput={({ currentTarget }) => write(currentTarget.value)}
        onPaste={pasteFiles(attach)}
        onKeyDown={(event) => {
          if (isSendKey(event)) void send();
          else if (event.key === "Enter" && event.shiftKey) {
            // Shift+Enter runs the cell elsewhere in a notebook; here it must neither do that nor send.
          } else if (event.key === "Escape" && isRunning) panel.stop();
          else return;
          event.preventDefault();
        }}
      />
      <div class="orn-row">
        <AttachButtons item={null} attach={attach} />
        <select
          aria-label={STRINGS.sendAs}
          title={STRINGS.sendAs}
          value={role}
          onChange={({ currentTarget }) =>
            void panel.do({ op: "set_draft", text: text.peek(), role: currentTarget.value as Role })
          }
        >
          {ROLES.map((each) => (
            <option key={each} value={each}>
              {STRINGS.roles[each]}
            </option>
          ))}
        </select>
        <small class="orn-grow orn-estimate">{inWords(estimate.value)}</small>
        <Button
          label={STRINGS.addOnly}
          title={STRINGS.addOnlyHint}
          disabled={text.value.trim() === "" && draft.value.attachments.length === 0}
          onPress={() => void send(true)}
        />
        {isRunning ? (
          <Button
            primary
            icon="stop"
            label={panel.isStopping.value ? STRINGS.stopping : STRINGS.stop}
            inactive={panel.isStopping.value}
            onPress={() => panel.stop()}
          />
        ) : (
          <Button
            primary
            icon="go"
            label={STRINGS.send}
            title={why || STRINGS.sendHint}
            disabled={why !== ""}
            onPress={() => void send()}
          />
        )}
      </div>
      <p id={id} class={why ? "orn-problem" : "orn-sr"}>
        {why && <Icon name="error" />}
        {why || STRINGS.sendHint}
      </p>
    </form>
  );
}

function inWords({
  tokens_in,
  tokens_exact,
  cost_low,
  cost_high,
}: {
  tokens_in: number;
  tokens_exact: boolean;
  cost_low: number | null;
  cost_high: number | null;
}): string {
  const tokens = fill(STRINGS.tokensIn, { n: `${tokens_exact ? "" : "~"}${count(tokens_in)}` });
  if (cost_low === null && cost_high === null) return tokens;
  const low = roughDollars(cost_low);
  const range = cost_high === null || cost_high === cost_low ? low : `${low}–${roughDollars(cost_high)}`;
  return `${tokens} · ${fill(STRINGS.estimated, { cost: range })}`;
}
