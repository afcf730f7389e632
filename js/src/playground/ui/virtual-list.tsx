import { useSignal } from "@preact/signals";
import type { ComponentChildren, RefObject } from "preact";
import { useLayoutEffect } from "preact/hooks";

const BEYOND = 6;

interface VirtualListProps<Item> {
  items: readonly Item[];
  rowHeight: number;
  scroller: RefObject<HTMLElement | null>;
  /** Index of the row to keep in view. */
  focus?: number;
  row: (item: Item, index: number) => ComponentChildren;
}

/** A long list that renders only the visible rows. */
export function VirtualList<Item>({ items, rowHeight, scroller, focus, row }: VirtualListProps<Item>) {
  const top = useSignal(0);
  const height = useSignal(400);

  useLayoutEffect(() => {
    const box = scroller.current;
    if (!box) return;
    const look = () => {
      top.value = box.scrollTop;
      height.value = box.clientHeight || 400;
    };
    look();
    box.addEventListener("scroll", look, { passive: true });
    return () => box.removeEventListener("scroll", look);
  }, []);

  useLayoutEffect(() => {
    const box = scroller.current;
    if (!box || focus === undefined || focus < 0) return;
    const start = focus * rowHeight;
    if (start < box.scrollTop) box.scrollTop = start;
    const end = start + rowHeight - box.clientHeight;
    if (end > box.scrollTop) box.scrollTop = end;
  }, [focus, items]);

  const first = Math.max(0, Math.floor(top.value / rowHeight) - BEYOND);
  const last = Math.min(items.length, Math.ceil((top.value + height.value) / rowHeight) + BEYOND);
  return (
    <div role="presentation" style={{ height: `${items.length * rowHeight}px`, position: "relative" }}>
      <div
        role="presentation"
        style={{ position: "absolute", insetInline: 0, top: `${first * rowHeight}px` }}
      >
        {items.slice(first, last).map((item, index) => row(item, first + index))}
      </div>
    </div>
  );
}
