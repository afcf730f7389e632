import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { useFocusTarget } from "../context";
import { STRINGS } from "../strings";
import { Button } from "../ui/button";
import { focusUnlessTyping, isSendKey } from "../ui/hooks";

interface EditorProps {
  label: string;
  text: string;
  /** A text that was refused, to begin with. */
  refused: string | undefined;
  /** Save and resend, keeping the old text and the messages after it as a branch. */
  onRerun?: ((text: string) => void) | undefined;
  onSave: (text: string) => void;
  onCancel: () => void;
  onPaste?: (event: ClipboardEvent) => void;
  /** More buttons. */
  children?: ComponentChildren;
}

/** Edits the text of a message. */
export function Editor({ label, text, refused, onSave, onRerun, onCancel, onPaste, children }: EditorProps) {
  const draft = useSignal(refused ?? text);
  const area = useRef<HTMLTextAreaElement>(null);
  useLayoutEffect(() => {
    focusUnlessTyping(area.current);
  }, []);
  const save = () => (draft.value === text ? onCancel() : onSave(draft.value));
  return (
    <div class="orn-stack">
      <textarea
        ref={area}
        rows={Math.max(2, Math.min(14, draft.value.split("\n").length + 1))}
        aria-label={label}
        dir="auto"
        value={draft.value}
        onInput={({ currentTarget }) => {
          draft.value = currentTarget.value;
        }}
        onPaste={onPaste}
        onKeyDown={(event) => {
          if (isSendKey(event)) (onRerun ?? onSave)(draft.value);
          else if (event.key === "Escape") onCancel();
          else return;
          event.preventDefault();
          event.stopPropagation();
        }}
      />
      <div class="orn-row">
        <Button primary label={STRINGS.save} onPress={save} />
        {onRerun && (
          <Button
            icon="branch"
            label={STRINGS.saveAndRun}
            title={STRINGS.saveAndRunHint}
            onPress={() => onRerun(draft.value)}
          />
        )}
        <Button label={STRINGS.cancel} onPress={onCancel} />
        {children}
      </div>
    </div>
  );
}

/**
 * Return whether a message is being edited: its button was pressed, or it is the focus target. `box` gets the focus
 * back. `item` is null until the kernel has added the message to the thread. `giveBack` returns a text that the kernel has
 * refused.
 */
export function useEditing(item: string | null) {
  const focusTarget = useFocusTarget();
  const isEditing = useSignal(false);
  const refused = useSignal<string | undefined>(undefined);
  const box = useRef<HTMLElement>(null);
  const isWanted = item !== null && focusTarget.value?.item === item;
  useLayoutEffect(() => {
    if (!isWanted) return;
    focusTarget.value = undefined;
    isEditing.value = true;
    box.current?.scrollIntoView?.({ block: "nearest" });
  }, [isWanted]);
  return {
    box,
    isEditing: isEditing.value,
    refused: refused.value,
    edit: () => {
      refused.value = undefined;
      isEditing.value = true;
    },
    leave: () => {
      isEditing.value = false;
      box.current?.focus();
    },
    giveBack: (text: string) => {
      refused.value = text;
      isEditing.value = true;
    },
  };
}
