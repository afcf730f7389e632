import type { ComponentChildren, Ref, TargetedMouseEvent } from "preact";
import { Icon, type IconName } from "./icon";

export interface ButtonProps {
  /** Accessible name and tooltip; also the text unless `bare`. */
  label: string;
  icon?: IconName | undefined;
  /** Show only the icon. */
  bare?: boolean;
  primary?: boolean;
  disabled?: boolean | undefined;
  /** Inactive, but keeps the focus: for buttons that are disabled by being pressed. */
  inactive?: boolean | undefined;
  pressed?: boolean | undefined;
  /** Tooltip, such as why it is disabled. */
  title?: string | undefined;
  class?: string;
  tabIndex?: number;
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
