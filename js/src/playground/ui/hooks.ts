import { useSignal } from "@preact/signals";
import type { TargetedInputEvent } from "preact";
import { useRef, useState } from "preact/hooks";
import { focusedElement } from "../../shared/dom";

type Field = HTMLInputElement | HTMLTextAreaElement;

/**
 * Return the props of a text field that shows the user's text while it has the focus, so that the kernel's updates do
 * not move the cursor. Every change is written immediately; after blur, or `discard`, the kernel's text is shown.
 */
export function useDraft(text: string, write: (text: string) => void) {
  const draft = useSignal<string | undefined>(undefined);
  const discard = () => {
    draft.value = undefined;
  };
  const props = {
    value: draft.value ?? text,
    onInput({ currentTarget }: TargetedInputEvent<Field>) {
      draft.value = currentTarget.value;
      write(currentTarget.value);
    },
    onBlur: discard,
  };
  return { props, discard };
}

/**
 * Detect key presses of an input method, which uses Enter to accept a word. `isComposing` alone is insufficient: Safari
 * clears it before the Enter that ends a composition, and gives that key the code 229. The handlers can be those of an
 * ancestor of the fields.
 */
export function useComposition() {
  const field = useRef<EventTarget | null>(null);
  return {
    /** Whether a composition is active. */
    isActive: () => field.current !== null,
    /** Whether a key belongs to a composition. */
    isComposing: (event: KeyboardEvent) =>
      event.isComposing || event.keyCode === 229 || event.target === field.current,
    handlers: {
      onCompositionStart: ({ target }: CompositionEvent) => {
        field.current = target;
      },
      onCompositionEnd: () => {
        field.current = null;
      },
    },
  };
}

/** Return whether a key is Ctrl+Enter or Cmd+Enter. Shift+Enter runs the cell in every notebook, so it is not used. */
export function isSendKey({ key, ctrlKey, metaKey, shiftKey, altKey }: KeyboardEvent): boolean {
  return key === "Enter" && (ctrlKey || metaKey) && !shiftKey && !altKey;
}

/** Return whether an element takes characters. */
export function isTextField(element: HTMLElement): boolean {
  return (
    element.isContentEditable ||
    element.matches("textarea, select, input:not([type=range], [type=radio], [type=checkbox])")
  );
}

/** Give the focus to a field that has appeared, unless the user is typing in another one. */
export function focusUnlessTyping(field: HTMLElement | null): void {
  const active = field && focusedElement(field);
  if (!(active instanceof HTMLElement && isTextField(active))) field?.focus();
}

let lastId = 0;

/** Return an element id that is unique in the page, across all views. */
export function useElementId(): string {
  return useState(() => `orn-${++lastId}`)[0];
}
