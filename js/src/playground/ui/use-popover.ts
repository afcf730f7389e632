import type { RefObject } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { isFromWithin } from "../../shared/dom";

const GAP = 4;

/**
 * Position an element at its parent, in the browser's top layer, where the notebook's scrollers cannot clip it. A press
 * elsewhere closes it, and so does the focus when it moves elsewhere.
 */
export function usePopover(isOpen: boolean, close: () => unknown): RefObject<HTMLDivElement | null> {
  const ref = useRef<HTMLDivElement>(null);
  const latest = useRef(close);
  latest.current = close;

  useLayoutEffect(() => {
    const box = ref.current;
    if (!isOpen || !box) return;
    box.showPopover?.();
    place(box);
    const away = new AbortController();
    const { signal } = away;
    const anchor = box.parentElement;
    const options = { capture: true, signal };
    document.addEventListener(
      "pointerdown",
      (event) => {
        if (!isFromWithin(event, anchor)) latest.current();
      },
      options,
    );
    anchor?.addEventListener(
      "focusout",
      ({ relatedTarget }) => {
        if (relatedTarget && !anchor.contains(relatedTarget as Node)) latest.current();
      },
      options,
    );
    addEventListener("scroll", (event) => !isFromWithin(event, box) && place(box), options);
    addEventListener("resize", () => place(box), options);
    return () => {
      away.abort();
      if (box.isConnected && box.matches(":popover-open")) box.hidePopover();
    };
  }, [isOpen]);

  return ref;
}

/** Place the box below its anchor, or above if there is more room; always inside the window. */
function place(box: HTMLElement): void {
  const anchor = box.parentElement?.getBoundingClientRect();
  if (!anchor) return;
  const below = innerHeight - anchor.bottom - GAP * 2;
  const above = anchor.top - GAP * 2;
  const isAbove = box.scrollHeight > below && above > below;
  const height = Math.max(120, isAbove ? above : below);
  box.style.maxHeight = `${height}px`;
  const { width, height: real } = box.getBoundingClientRect();
  const start = box.dataset.align === "end" ? anchor.right - width : anchor.left;
  box.style.left = `${Math.max(GAP, Math.min(start, innerWidth - width - GAP))}px`;
  box.style.top = `${isAbove ? anchor.top - Math.min(real, height) - GAP : anchor.bottom + GAP}px`;
}
