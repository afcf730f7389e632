import { type Signal, useSignal } from "@preact/signals";
import type { RefObject } from "preact";
import { useEffect } from "preact/hooks";
import { isFromWithin } from "../shared/dom";
import { usePanel } from "./context";

export interface FullSize {
  readonly isOn: Signal<boolean>;
  readonly toggle: () => void;
}

/**
 * Let a view fill the page: the same elements in the browser's top layer, where no ancestor clips or transforms them. The
 * focus stays where it is. Without a kernel, and when the focus moves elsewhere in the page, the view returns to its cell:
 * dialogs of the page are below the top layer.
 */
export function useFullSize(root: RefObject<HTMLElement | null>): FullSize {
  const { isGone } = usePanel();
  const isOn = useSignal(false);
  const toggle = () => {
    const view = root.current;
    if (!view) return;
    isOn.value = !isOn.value;
    if (isOn.value) {
      view.setAttribute("popover", "manual");
      view.showPopover?.();
    } else {
      view.removeAttribute("popover"); // this hides it as a popover, so it is a part of the page
      view.scrollIntoView({ block: "nearest" });
    }
  };
  useEffect(() => {
    if (isGone.value && isOn.value) toggle();
  }, [isGone.value]);
  useEffect(() => {
    if (!isOn.value) return;
    // A key that is pressed while nothing has the focus.
    const leave = (event: KeyboardEvent) => {
      if (event.key === "Escape" && !isFromWithin(event, root.current)) toggle();
    };
    // A dialog of the page is below the top layer, too: the next Enter would choose its default unseen.
    const yieldFocus = (event: FocusEvent) => {
      if (!isFromWithin(event, root.current)) toggle();
    };
    document.addEventListener("keydown", leave, { capture: true });
    document.addEventListener("focusin", yieldFocus);
    return () => {
      document.removeEventListener("keydown", leave, { capture: true });
      document.removeEventListener("focusin", yieldFocus);
    };
  }, [isOn.value]);
  return { isOn, toggle };
}

/** Return whether a key is Ctrl+Shift+F or Cmd+Shift+F. */
export function isFullSizeKey({ key, ctrlKey, metaKey, shiftKey, altKey }: KeyboardEvent): boolean {
  return key.toLowerCase() === "f" && (ctrlKey || metaKey) && shiftKey && !altKey;
}
