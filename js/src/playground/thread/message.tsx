import { usePanel } from "../context";
import { CommittedText } from "../controls/text-controls";
import type { ThreadItem } from "../protocol";
import { textOf } from "../store/dotted-path";
import { fill, STRINGS } from "../strings";
import { useElementId } from "../ui/hooks";
import { Icon, type IconName } from "../ui/icon";
import { AttachButtons, pasteFiles, useAttach, useFileDrop } from "./attachment-input";
import { Editor, useEditing } from "./editor";
import { Branches, ItemActions } from "./item-actions";
import { MediaParts } from "./media-parts";

const ICONS: Readonly<Record<ThreadItem["role"], IconName>> = {
  system: "system",
  developer: "code",
  user: "user",
  assistant: "answer",
  tool: "tool",
};

/** A message that is not an answer, or the result of a tool. */
export function Message({ item, index, count }: { item: ThreadItem; index: number; count: number }) {
  const panel = usePanel();
  const card = item.cards[0];
  const text = textOf(card?.parts ?? []);
  const { box, isEditing, refused, edit, leave, giveBack } = useEditing(item.id);
  const attach = useAttach(item.id);
  const dropping = useFileDrop(attach);
  const problems = panel.traits.problems.value.filter((problem) => problem.item === item.id);

  const save = async (next: string, branch: boolean) => {
    leave();
    const { problem } = await panel.do({
      op: "edit_message",
      item: item.id,
      text: next,
      ...(branch ? { branch } : {}),
    });
    if (problem) giveBack(next);
    else if (branch) await panel.submit(undefined);
  };
  if (!card) return null;
  return (
    <article
      ref={box}
      class={`orn-message orn-role-${item.role}`}
      data-item={item.id}
      {...(item.role === "tool" ? {} : dropping)}
      tabIndex={-1}
      aria-label={fill(STRINGS.messageLabel, { role: STRINGS.roles[item.role], n: index + 1, m: count })}
    >
      <div class="orn-line">
        <Icon name={ICONS[item.role]} />
        <strong>{STRINGS.roles[item.role]}</strong>
        {item.role === "tool" && <CallId item={item.id} id={card.tool_call_id ?? ""} />}
        {card.parts.some((part) => part.type === "text" && part.cached) && (
          <span class="orn-tag">{STRINGS.cached}</span>
        )}
        <span class="orn-grow" />
        <Branches item={item.id} card={card} />
        <ItemActions item={item} index={index} count={count} onEdit={edit} />
      </div>
      {isEditing ? (
        <Editor
          label={fill(STRINGS.editNamed, { name: STRINGS.roles[item.role] })}
          text={text}
          refused={refused}
          onSave={(next) => void save(next, false)}
          onRerun={item.role === "user" ? (next) => void save(next, true) : undefined}
          onCancel={leave}
          onPaste={pasteFiles(attach)}
        >
          {item.role !== "tool" && <AttachButtons item={item.id} attach={attach} />}
        </Editor>
      ) : (
        <p class={`orn-plain ${item.role === "tool" ? "orn-code" : ""}`} dir="auto">
          {text || <span class="orn-muted">{STRINGS.empty}</span>}
        </p>
      )}
      <MediaParts
        parts={card.parts}
        onRemove={(part) => void panel.do({ op: "detach", item: item.id, part })}
      />
      {problems.map(({ message }) => (
        <p key={message} class="orn-problem">
          <Icon name="error" />
          {message}
        </p>
      ))}
    </article>
  );
}

/** The tool call id of a tool message: one of the thread's calls, or any text. */
function CallId({ item, id }: { item: string; id: string }) {
  const panel = usePanel();
  const list = useElementId();
  const calls = panel.traits.thread.value.flatMap(({ cards }) =>
    cards.flatMap((card) => card.tool_calls ?? []),
  );
  return (
    <>
      <CommittedText
        class="orn-code orn-call-id"
        list={list}
        label={STRINGS.toolCallId}
        placeholder="tool_call_id"
        value={id}
        onCommit={(next) => void panel.do({ op: "set_tool_call_id", item, tool_call_id: next })}
      />
      <datalist id={list}>
        {calls.map((call) => (
          <option key={call.id} value={call.id} label={call.name} />
        ))}
      </datalist>
    </>
  );
}
