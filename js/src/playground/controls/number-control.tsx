import { STRINGS } from "../strings";
import { useDraft } from "../ui/hooks";
import { type ControlProps, controlAttributes, readNumber } from "./control-props";

export interface Scale {
  minimum: number | null;
  maximum: number | null;
  step: number | null;
  /** Value from which the arrow keys start while nothing is set. */
  resting: number | null;
  /** Default of the model. */
  given: string | undefined;
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
    draft.discard(); // the field shows the number that is set
    onChange(clamp(round(from + size, step), minimum, maximum));
  };
  const isSlider = scale.hasSlider && minimum !== null && maximum !== null;
  const isSet = typeof value === "number";
  const at = isSet ? value : (scale.resting ?? minimum ?? 0);
  const take = (input: HTMLInputElement) => {
    const raw = Number(input.value);
    onChange(scale.isLogarithmic ? fromStop(raw, minimum ?? 0, maximum ?? 0) : round(raw, step));
  };
  return (
    <div class="orn-number">
      {isSlider && (
        <input
          type="range"
          class={isSet ? "" : "orn-resting"}
          aria-label={label}
          aria-valuetext={isSet ? String(value) : ghost}
          aria-describedby={props.describedBy}
          min={scale.isLogarithmic ? 0 : minimum}
          max={scale.isLogarithmic ? STOPS : maximum}
          step={scale.isLogarithmic ? 1 : (step ?? "any")}
          value={scale.isLogarithmic ? toStop(at, minimum, maximum) : at}
          onInput={({ currentTarget }) => take(currentTarget)}
          // The browser reports no change for a press at the resting place.
          onClick={({ currentTarget }) => isSet || take(currentTarget)}
        />
      )}
      <input
        {...controlAttributes(props)}
        {...draft.props}
        type="text"
        inputMode="decimal"
        dir="ltr"
        autocomplete="off"
        placeholder={isSlider ? (scale.given ?? STRINGS.default) : ghost}
        title={ghost}
        onKeyDown={(event) => {
          const by = { ArrowUp: 1, ArrowDown: -1 }[event.key];
          if (by === undefined) return;
          event.preventDefault(); // the cursor stays behind the number
          move(event.shiftKey ? 10 * by : by);
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
