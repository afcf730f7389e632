import { useSignal } from "@preact/signals";
import { useLayoutEffect, useRef } from "preact/hooks";
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

/** A button that opens a menu: arrow keys move, Enter selects, Escape closes. */
export function Menu({
  items,
  onOpen,
  ...button
}: ButtonProps & { items: readonly MenuItem[]; onOpen?: () => void }) {
  const isOpen = useSignal(false);
  const opener = useRef<HTMLButtonElement>(null);
  const box = usePopover(isOpen.value, () => {
    isOpen.value = false;
  });

  // Before the next key, which may follow immediately. Items that arrive later do not take the focus from an item;
  // until then the list itself has it, so that Escape closes it.
  useLayoutEffect(() => {
    if (!isOpen.value || box.current?.querySelector(":focus")) return;
    (box.current?.querySelector<HTMLElement>("[role^=menuitem]:not(:disabled)") ?? box.current)?.focus();
  });

  const close = () => {
    isOpen.value = false;
    opener.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const all = [...(box.current?.querySelectorAll<HTMLElement>("[role^=menuitem]:not(:disabled)") ?? [])];
    const at = all.indexOf(document.activeElement as HTMLElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 }[event.key];
    if (to !== undefined) all.at(to % all.length)?.focus();
    else if (event.key === "Escape") close();
    else if (event.key === "Tab")
      close(); // the browser moves on from the button
    else return;
    if (event.key !== "Tab") event.preventDefault();
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
          {items.map(({ label, icon, hint, disabled, checked, act }) => (
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
