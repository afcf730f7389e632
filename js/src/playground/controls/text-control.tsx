import { useDraft } from "../ui/use-draft";
import { type ControlProps, controlAttributes } from "./control-props";

/** A line of text, with a count where there is a limit. */
export function TextControl({ longest, ...props }: ControlProps & { longest: number | null }) {
  const { value, ghost, onChange } = props;
  const text = typeof value === "string" ? value : "";
  const draft = useDraft(text, (next) => onChange(next === "" ? undefined : next));
  return (
    <div class="orn-counted">
      <input
        {...controlAttributes(props)}
        {...draft}
        type="text"
        autocomplete="off"
        placeholder={ghost}
        dir="auto"
      />
      {longest !== null && text !== "" && (
        <small>
          {text.length}/{longest}
        </small>
      )}
    </div>
  );
}

/** Several lines of text. */
export function LongTextControl(props: ControlProps) {
  const { value, ghost, onChange } = props;
  const draft = useDraft(typeof value === "string" ? value : "", (next) =>
    onChange(next === "" ? undefined : next),
  );
  return <textarea {...controlAttributes(props)} {...draft} rows={3} placeholder={ghost} dir="auto" />;
}
