import { useRef } from "preact/hooks";
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

/** The input of the next message. Ctrl+Enter or Cmd+Enter sends; Enter inserts a new line. */
export function Composer() {
  const panel = usePanel();
  const { blocked, estimate } = panel.traits;
  const { draft, uploads } = panel;
  const text = draft.text.value;
  const { attachments } = panel.traits.draft.value;
  const area = useRef<HTMLTextAreaElement>(null);
  const id = useElementId();
  const attach = useAttach(null);
  const dropping = useFileDrop(attach);

  const isRunning = panel.isRunning.value;
  const why = panel.isGone.value ? STRINGS.gone : isRunning ? "" : blocked.value;

  async function send(onlyAdd = false) {
    if (isRunning || (why && !onlyAdd)) return;
    const taken = draft.take();
    if (onlyAdd) area.current?.focus(); // the button is about to be disabled
    const isDone = onlyAdd ? await panel.add(taken) : await panel.submit(taken);
    if (!isDone) draft.giveBack(taken);
  }

  return (
    <form class="orn-composer" onSubmit={(event) => event.preventDefault()} {...dropping}>
      <MediaParts
        parts={attachments}
        onRemove={(part) => void panel.do({ op: "detach", item: null, part })}
      />
      <textarea
        ref={area}
        class="orn-input"
        rows={Math.max(2, Math.min(12, text.split("\n").length))}
        aria-label={STRINGS.message}
        placeholder={STRINGS.messageHint}
        aria-describedby={id}
        dir="auto"
        value={text}
        onInput={({ currentTarget }) => draft.write(currentTarget.value)}
        onBlur={() => draft.flush()}
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
          value={draft.role.value}
          onChange={({ currentTarget }) => draft.write(draft.text.peek(), currentTarget.value as Role)}
        >
          {ROLES.map((each) => (
            <option key={each} value={each}>
              {STRINGS.roles[each]}
            </option>
          ))}
        </select>
        <small class="orn-grow orn-estimate">{uploads.progress.value || inWords(estimate.value)}</small>
        <span class="orn-row">
          <Button
            label={STRINGS.addOnly}
            title={STRINGS.addOnlyHint}
            disabled={text.trim() === "" && attachments.length === 0}
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
        </span>
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
