import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { useElementId } from "./hooks";
import { Icon } from "./icon";
import { usePopover } from "./use-popover";
import { VirtualList } from "./virtual-list";

export interface ComboboxProps<Item> {
  label: string;
  value: string;
  placeholder: string;
  find: (query: string) => readonly Item[];
  /** The items have been requested: keys for the list take effect when they arrive. */
  isLoading?: boolean;
  keyOf: (item: Item) => string;
  row: (item: Item) => ComponentChildren;
  rowHeight: number;
  /** Content above the list: filters, and the number of matches. */
  header?: (found: number) => ComponentChildren;
  /** Text shown instead of an empty list. */
  nothing?: string | undefined;
  onOpen?: () => void;
  /** Called with the chosen or typed value; any text is accepted. */
  onPick: (value: string) => void;
}

/**
 * A field with a long list below it, as in WAI-ARIA's combobox pattern: arrow keys move in the list, the focus stays in
 * the field.
 */
export function Combobox<Item>(props: ComboboxProps<Item>) {
  const { label, value, keyOf, onPick } = props;
  const id = useElementId();
  const isOpen = useSignal(false);
  const query = useSignal<string | undefined>(undefined);
  const at = useSignal(-1);
  /** Enter was pressed for an item of a list that has not arrived. */
  const isAwaited = useSignal(false);
  const input = useRef<HTMLInputElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const close = () => {
    isOpen.value = false;
    query.value = undefined;
    at.value = -1;
    isAwaited.value = false;
  };
  // After Enter, the list stays open until the item arrives: the typed text is not what was chosen.
  const box = usePopover(isOpen.value, () => isAwaited.value || pick(query.value));
  const found = isOpen.value ? props.find(query.value ?? "") : [];

  useLayoutEffect(() => {
    if (isOpen.value && list.current) list.current.scrollTop = 0;
  }, [query.value]);

  useLayoutEffect(() => {
    if (!props.isLoading && isAwaited.value) pickActive();
  });

  function open() {
    if (isOpen.value) return;
    isOpen.value = true;
    props.onOpen?.();
  }
  function pick(text: string | undefined) {
    close();
    const picked = text?.trim();
    if (picked && picked !== value) onPick(picked);
  }
  function pickActive() {
    const item = found[Math.min(at.value, found.length - 1)];
    pick(item ? keyOf(item) : (query.value ?? value));
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const page = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 }[event.key];
    if (page !== undefined) {
      open();
      const last = props.isLoading ? Number.POSITIVE_INFINITY : found.length - 1;
      at.value = Math.max(-1, Math.min(last, at.value + page));
    } else if (event.key === "Enter" && !event.ctrlKey && !event.metaKey && isOpen.value) {
      if (props.isLoading && at.value >= 0) isAwaited.value = true;
      else pickActive();
    } else if (event.key === "Escape" && isOpen.value) close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  // Tab moves to the content above the list; arrow keys and Escape move back.
  const onHeaderKey = (event: KeyboardEvent) => {
    if (!["ArrowDown", "ArrowUp", "Escape"].includes(event.key)) return;
    input.current?.focus();
    onKeyDown(event);
  };

  const active = found[at.value];
  return (
    <div class="orn-anchor orn-picker">
      <Icon name="search" />
      <input
        ref={input}
        type="text"
        role="combobox"
        aria-label={label}
        aria-expanded={isOpen.value}
        aria-controls={`${id}-list`}
        aria-autocomplete="list"
        aria-activedescendant={active ? `${id}-${at.value}` : undefined}
        autocomplete="off"
        spellcheck={false}
        dir="ltr"
        placeholder={props.placeholder}
        value={query.value ?? value}
        onFocus={({ currentTarget }) => currentTarget.select()}
        onClick={open}
        onInput={({ currentTarget }) => {
          query.value = currentTarget.value;
          at.value = -1;
          isAwaited.value = false;
          open();
        }}
        onKeyDown={onKeyDown}
      />
      <div ref={box} class="orn-popover orn-found" popover="manual" hidden={!isOpen.value}>
        {isOpen.value && props.header && (
          <div class="orn-filters" onKeyDown={onHeaderKey}>
            {props.header(found.length)}
          </div>
        )}
        <div ref={list} id={`${id}-list`} class="orn-list" role="listbox" aria-label={label} tabIndex={-1}>
          {isOpen.value && found.length > 0 && (
            <VirtualList
              items={found}
              rowHeight={props.rowHeight}
              scroller={list}
              focus={at.value}
              row={(item, index) => (
                <div
                  key={keyOf(item)}
                  id={`${id}-${index}`}
                  role="option"
                  aria-selected={index === at.value}
                  aria-setsize={found.length}
                  aria-posinset={index + 1}
                  class={keyOf(item) === value ? "orn-current" : ""}
                  style={{ height: `${props.rowHeight}px` }}
                  onPointerDown={(event) => event.preventDefault()}
                  onClick={() => pick(keyOf(item))}
                >
                  {props.row(item)}
                </div>
              )}
            />
          )}
        </div>
        {isOpen.value && found.length === 0 && <p class="orn-nothing orn-muted">{props.nothing}</p>}
      </div>
    </div>
  );
}
