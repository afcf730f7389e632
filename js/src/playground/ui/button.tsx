import type { ComponentChildren, Ref, TargetedMouseEvent } from "preact";
import { Icon, type IconName } from "./icon";

export interface ButtonProps {
  /** What it does. Read out, shown as a tooltip, and as text unless `bare`. */
  label: string;
  icon?: IconName | undefined;
  /** Only the icon is seen. */
  bare?: boolean;
  primary?: boolean;
  disabled?: boolean | undefined;
  /** Does nothing for now, but keeps the focus: for what is disabled by being pressed. */
  inactive?: boolean | undefined;
  pressed?: boolean | undefined;
  /** Why it is disabled, or more about it. */
  title?: string | undefined;
  class?: string;
  buttonRef?: Ref<HTMLButtonElement>;
  onPress?: (event: TargetedMouseEvent<HTMLButtonElement>) => void;
  children?: ComponentChildren;
  [attribute: `aria-${string}` | `data-${string}`]: string | boolean | undefined;
}

export function Button(props: ButtonProps) {
  const { label, icon, bare, primary, inactive, pressed, title, buttonRef, onPress, children, ...rest } =
    props;
  const kinds = [bare && "orn-bare", primary && "orn-primary", props.class].filter(Boolean).join(" ");
  return (
    <button
      {...rest}
      type="button"
      ref={buttonRef ?? null}
      class={`orn-button ${kinds}`}
      aria-label={bare ? label : undefined}
      aria-disabled={inactive || undefined}
      aria-pressed={pressed}
      title={title ?? (bare ? label : undefined)}
      onClick={inactive ? undefined : onPress}
    >
      {icon && <Icon name={icon} />}
      {!bare && <span>{label}</span>}
      {children}
    </button>
  );
}
