import { useSignal } from "@preact/signals";
import { useLayoutEffect, useRef } from "preact/hooks";
import { useFocusTarget } from "../context";

/**
 * Whether a message is being edited: since its button was pressed, or since the focus was wanted there. Its `box` gets the
 * focus back. `item` is null while the kernel has no place for the message.
 */
export function useEditing(item: string | null) {
  const goal = useFocusTarget();
  const isEditing = useSignal(false);
  const box = useRef<HTMLElement>(null);
  const isWanted = item !== null && goal.value?.item === item;
  useLayoutEffect(() => {
    if (!isWanted) return;
    goal.value = undefined;
    isEditing.value = true;
    box.current?.scrollIntoView?.({ block: "nearest" });
  }, [isWanted]);
  return {
    box,
    isEditing: isEditing.value,
    edit: () => {
      isEditing.value = true;
    },
    leave: () => {
      isEditing.value = false;
      box.current?.focus();
    },
  };
}
