import { useSignal } from "@preact/signals";
import type { TargetedInputEvent } from "preact";
import { useRef, useState } from "preact/hooks";

type Field = HTMLInputElement | HTMLTextAreaElement;

/**
 * The text of a field while somebody writes in it: what the kernel answers meanwhile must not take the cursor away.
 * Everything written is handed on at once; what is shown afterwards is the kernel's again.
 */
export function useDraft(text: string, write: (text: string) => void) {
  const draft = useSignal<string | undefined>(undefined);
  return {
    value: draft.value ?? text,
    onInput({ currentTarget }: TargetedInputEvent<Field>) {
      draft.value = currentTarget.value;
      write(currentTarget.value);
    },
    onBlur() {
      draft.value = undefined;
    },
  };
}

/**
 * Whether a key press belongs to an input method, which uses Enter to take a word. `isComposing` alone is not enough:
 * Safari clears it before the Enter that ends a composition, and gives that one the code 229.
 */
export function useComposition() {
  const isWriting = useRef(false);
  return {
    isComposing: (event: KeyboardEvent) => event.isComposing || event.keyCode === 229 || isWriting.current,
    handlers: {
      onCompositionStart: () => {
        isWriting.current = true;
      },
      onCompositionEnd: () => {
        isWriting.current = false;
      },
    },
  };
}

/** Ctrl or Cmd with Enter. Shift+Enter runs the cell in every notebook, so it means nothing here. */
export function isSendKey({ key, ctrlKey, metaKey, shiftKey, altKey }: KeyboardEvent): boolean {
  return key === "Enter" && (ctrlKey || metaKey) && !shiftKey && !altKey;
}

let lastId = 0;

/** An id that no other element of the page has, in this view or another. */
export function useElementId(): string {
  return useState(() => `orn-${++lastId}`)[0];
}
