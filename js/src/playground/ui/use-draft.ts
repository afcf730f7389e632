import { useSignal } from "@preact/signals";
import type { TargetedInputEvent } from "preact";
import { useRef } from "preact/hooks";

type Field = HTMLInputElement | HTMLTextAreaElement;

/**
 * The text of a field while somebody writes in it: what the kernel answers meanwhile must not take the cursor away.
 * Everything written is handed on at once; what is shown afterwards is the kernel's again.
 */
export function useDraft(text: string, write: (text: string) => void) {
  const draft = useSignal<string | undefined>(undefined);
  const written = useRef<string | undefined>(undefined);
  return {
    value: draft.value ?? text,
    onInput({ currentTarget }: TargetedInputEvent<Field>) {
      draft.value = currentTarget.value;
      written.current = currentTarget.value;
      write(currentTarget.value);
    },
    onBlur() {
      draft.value = undefined;
    },
  };
}
