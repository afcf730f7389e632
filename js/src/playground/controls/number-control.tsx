import { STRINGS } from "../strings";
import { useDraft } from "../ui/hooks";
import { type ControlProps, controlAttributes, readNumber } from "./control-props";

export interface Scale {
  minimum: number | null;
  maximum: number | null;
  step: number | null;
  /** Position of the slider while nothing is set. */
  resting: number | null;
  isLogarithmic: boolean;
  /** Change by an arrow key; null is the step. */
  arrow: number | null;
  hasSlider: boolean;
}

const STOPS = 200;

/** A number field, with a slider if both bounds are known. */
export function NumberControl({ scale, ...props }: ControlProps & { scale: Scale }) {
  const { value, label, ghost, onChange } = props;
  const { minimum, maximum, step } = scale;
  const draft = useDraft(
    typeof value === "number" || typeof value === "string" ? String(value) : "",
    (text) => onChange(readNumber(text)),
  );
  const move = (by: number) => {
    const size = (scale.arrow ?? step ?? 1) * by;
    const from = typeof value === "number" ? value : (scale.resting ?? minimum ?? 0);
    onChange(clamp(round(from + size, step), minimum, maximum));
  };
  const isSlider = scale.hasSlider && minimum !== null && maximum !== null;
  const at = typeof value === "number" ? value : (scale.resting ?? minimum ?? 0);
  return (
    <div class="orn-number">
      {isSlider && (
        <input
          type="range"
          class={typeof value === "number" ? "" : "orn-resting"}
          aria-label={label}
          aria-valuetext={typeof value === "number" ? String(value) : ghost}
          aria-describedby={props.describedBy}
          min={scale.isLogarithmic ? 0 : minimum}
          max={scale.isLogarithmic ? STOPS : maximum}
          step={scale.isLogarithmic ? 1 : (step ?? "any")}
          value={scale.isLogarithmic ? toStop(at, minimum, maximum) : at}
          onInput={({ currentTarget }) => {
            const raw = Number(currentTarget.value);
            onChange(scale.isLogarithmic ? fromStop(raw, minimum, maximum) : round(raw, step));
          }}
        />
      )}
      <input
        {...controlAttributes(props)}
        {...draft}
        type="text"
        inputMode="decimal"
        autocomplete="off"
        placeholder={isSlider ? (scale.resting === null ? STRINGS.default : String(scale.resting)) : ghost}
        title={ghost}
        onKeyDown={({ key, shiftKey }) => {
          if (key === "ArrowUp") move(shiftKey ? 10 : 1);
          if (key === "ArrowDown") move(shiftKey ? -10 : -1);
        }}
      />
    </div>
  );
}

function clamp(value: number, low: number | null, high: number | null): number {
  return Math.min(high ?? value, Math.max(low ?? value, value));
}

/** Round to the step's decimals, to avoid 0.30000000000000004. */
function round(value: number, step: number | null): number {
  return Number(value.toFixed(step && step < 1 ? Math.ceil(-Math.log10(step)) : 0));
}

function toStop(value: number, low: number, high: number): number {
  const from = Math.max(low, 1);
  return Math.round((Math.log(Math.max(value, from) / from) / Math.log(high / from)) * STOPS);
}

function fromStop(stop: number, low: number, high: number): number {
  const from = Math.max(low, 1);
  const exact = from * (high / from) ** (stop / STOPS);
  const grain = 10 ** Math.max(0, Math.floor(Math.log10(exact)) - 1);
  return stop === STOPS ? high : clamp(Math.round(exact / grain) * grain, low, high);
}
