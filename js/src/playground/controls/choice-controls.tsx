import { useSignal } from "@preact/signals";
import { isObject } from "../../shared/guards";
import { STRINGS } from "../strings";
import { type ControlProps, controlAttributes } from "./control-props";
import { TextControl } from "./text-controls";

export interface ChoiceOption {
  value: unknown;
  label: string;
  hint?: string;
}

/** Radio buttons side by side. */
export function SegmentedControl({
  options,
  marked,
  ...props
}: ControlProps & { options: readonly ChoiceOption[]; marked?: unknown }) {
  const { id, label, value, describedBy, onChange } = props;
  return (
    <div id={id} class="orn-segments" role="radiogroup" aria-label={label} aria-describedby={describedBy}>
      {options.map((option) => (
        <label key={String(option.value)} title={option.hint}>
          <input
            type="radio"
            name={id}
            checked={value === option.value}
            onChange={() => onChange(option.value)}
          />
          <span>
            {option.label}
            {marked !== undefined && marked === option.value && <sup title="default">•</sup>}
          </span>
        </label>
      ))}
    </div>
  );
}

/** A select with an "other" option for any text. */
export function OpenSelect({ options, ...props }: ControlProps & { options: readonly ChoiceOption[] }) {
  const isTyping = useSignal(false);
  const isForeign = typeof props.value === "string" && !options.some(({ value }) => value === props.value);
  if (isTyping.value || isForeign) return <TextControl {...props} longest={null} />;
  const other = { value: OTHER, label: STRINGS.other };
  return (
    <Select
      {...props}
      options={[...options, other]}
      onChange={(value) => {
        isTyping.value = value === OTHER;
        if (!isTyping.value) props.onChange(value);
      }}
    />
  );
}

const OTHER = Symbol("other");

/** A select, for more options than fit side by side. */
export function Select({ options, ...props }: ControlProps & { options: readonly ChoiceOption[] }) {
  const { value, ghost, onChange } = props;
  const at = options.findIndex((option) => same(option.value, value));
  const isForeign = at < 0 && value !== undefined;
  return (
    <select
      {...controlAttributes(props)}
      value={isForeign ? "foreign" : String(at)}
      onChange={({ currentTarget }) => onChange(options[Number(currentTarget.value)]?.value)}
    >
      <option value="-1">{ghost}</option>
      {isForeign && (
        <option value="foreign">{typeof value === "string" ? value : JSON.stringify(value)}</option>
      )}
      {options.map((option, index) => (
        <option key={option.label} value={String(index)}>
          {option.label}
        </option>
      ))}
    </select>
  );
}

/** Checkboxes, for several of a few options. */
export function CheckboxGroup({ options, ...props }: ControlProps & { options: readonly ChoiceOption[] }) {
  const { id, label, value, describedBy, onChange } = props;
  const chosen: readonly unknown[] = Array.isArray(value) ? value : [];
  return (
    <div id={id} class="orn-row" role="group" aria-label={label} aria-describedby={describedBy}>
      {options.map((option) => (
        <label key={option.label} class="orn-check">
          <input
            type="checkbox"
            checked={chosen.includes(option.value)}
            onChange={({ currentTarget }) => {
              const rest = chosen.filter((each) => each !== option.value);
              const next = currentTarget.checked ? [...rest, option.value] : rest;
              onChange(next.length > 0 ? next : undefined);
            }}
          />
          {option.label}
        </label>
      ))}
    </div>
  );
}

/** Compare options by value: an option can be an object, such as a tool. */
function same(one: unknown, other: unknown): boolean {
  return one === other || (isObject(one) && JSON.stringify(one) === JSON.stringify(other));
}
