import { useSignal } from "@preact/signals";
import { useLayoutEffect, useRef } from "preact/hooks";
import { STRINGS } from "../strings";
import { Button, type ButtonProps } from "./button";
import { Icon, type IconName } from "./icon";
import { usePopover } from "./use-popover";

export interface MenuItem {
  label: string;
  icon?: IconName;
  hint?: string;
  disabled?: boolean | undefined;
  checked?: boolean;
  act: () => void;
}

const LOADING: MenuItem = { label: STRINGS.loading, disabled: true, act: () => {} };

/**
 * A button that opens a menu: arrow keys move, Enter selects, Escape closes. While `items` is undefined, they have been
 * requested: keys take effect when they arrive.
 */
export function Menu({
  items,
  onOpen,
  ...button
}: ButtonProps & { items: readonly MenuItem[] | undefined; onOpen?: () => void }) {
  const isOpen = useSignal(false);
  const early = useRef<string[]>([]);
  const opener = useRef<HTMLButtonElement>(null);
  /** The focus is elsewhere, and Enter was pressed for an item that has not arrived. */
  const isLeft = useRef(false);
  const box = usePopover(isOpen.value, () => {
    isLeft.current = !items && early.current.some((key) => key === "Enter" || key === " ");
    if (!isLeft.current) close({ elsewhere: true });
  });

  // Before the next key, which may follow immediately. Items that arrive later do not take the focus from an item;
  // until then the list itself has it, so that Escape closes it.
  useLayoutEffect(() => {
    if (!isOpen.value || box.current?.querySelector(":focus")) return;
    if (!isLeft.current) (enabled()[0] ?? box.current)?.focus();
    if (!items) return;
    let at = 0;
    for (const key of early.current.splice(0)) {
      const to = target(key, at);
      const chosen = enabled()[to ?? at];
      at = to ?? at;
      if (to === undefined && chosen) return chosen.click();
      if (!isLeft.current) chosen?.focus();
    }
    if (isLeft.current) close();
  });

  const enabled = () => [
    ...(box.current?.querySelectorAll<HTMLElement>("[role^=menuitem]:not(:disabled)") ?? []),
  ];
  const close = ({ elsewhere = isLeft.current } = {}) => {
    isOpen.value = false;
    early.current = [];
    isLeft.current = false;
    if (!elsewhere) opener.current?.focus();
  };
  /** Return the index of the item that a key moves to. */
  const target = (key: string, at: number) => {
    const count = enabled().length;
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 }[key];
    return to === undefined ? undefined : (to + count) % Math.max(1, count);
  };
  /** Return whether a key moves the focus. */
  const move = (key: string) => {
    const all = enabled();
    const to = target(
      key,
      all.findIndex((each) => each.matches(":focus")),
    );
    if (to !== undefined) all[to]?.focus();
    return to !== undefined;
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const { key } = event;
    if (key === "Escape") close();
    else if (key === "Tab")
      close(); // the browser moves on from the button
    else if (!items && ["ArrowDown", "ArrowUp", "Home", "End", "Enter", " "].includes(key))
      early.current.push(key);
    else if (!move(key)) return;
    if (key !== "Tab") event.preventDefault();
    event.stopPropagation();
  };

  return (
    <span class="orn-anchor">
      <Button
        {...button}
        buttonRef={opener}
        aria-haspopup="menu"
        aria-expanded={isOpen.value}
        onPress={() => {
          isOpen.value = !isOpen.value;
          if (isOpen.value) onOpen?.();
        }}
      />
      {isOpen.value && (
        <div
          ref={box}
          class="orn-popover orn-menu"
          popover="manual"
          role="menu"
          tabIndex={-1}
          data-align="end"
          aria-label={button.label}
          onKeyDown={onKeyDown}
        >
          {(items ?? [LOADING]).map(({ label, icon, hint, disabled, checked, act }) => (
            <button
              key={label}
              type="button"
              role={checked === undefined ? "menuitem" : "menuitemcheckbox"}
              aria-checked={checked}
              tabIndex={-1}
              disabled={disabled}
              onClick={() => {
                close();
                act();
              }}
            >
              {icon && <Icon name={icon} />}
              <span>
                {label}
                {hint && <small>{hint}</small>}
              </span>
            </button>
          ))}
        </div>
      )}
    </span>
  );
}
