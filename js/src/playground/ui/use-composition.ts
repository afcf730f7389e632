import { useRef } from "preact/hooks";

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
