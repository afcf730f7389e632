import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { STRINGS } from "../strings";
import { useDraft } from "../ui/hooks";
import { type ControlProps, controlAttributes, jsonProblem, readJson, showJson } from "./control-props";
import { useJsonEditor } from "./use-json-editor";

/**
 * A single-line text field that keeps its text until Enter or blur. Updates from the kernel do not change it while it has
 * the focus.
 */
export function CommittedText({
  label,
  value,
  onCommit,
  ...attributes
}: {
  label: string;
  value: string;
  onCommit: (text: string) => void;
  class?: string;
  inputMode?: "decimal" | "text";
  list?: string;
  placeholder?: string;
}) {
  const draft = useSignal<string | undefined>(undefined);
  const field = useRef<HTMLInputElement>(null);
  useLayoutEffect(() => {
    if (!field.current?.matches(":focus")) draft.value = undefined;
  }, [value]);
  return (
    <input
      {...attributes}
      ref={field}
      type="text"
      list={attributes.list}
      aria-label={label}
      dir="auto"
      value={draft.value ?? value}
      onInput={({ currentTarget }) => {
        draft.value = currentTarget.value;
      }}
      onChange={({ currentTarget }) => onCommit(currentTarget.value)}
    />
  );
}

/** A single-line text field, with a character count if there is a limit. */
export function TextControl({ longest, ...props }: ControlProps & { longest: number | null }) {
  const { value, ghost, onChange } = props;
  const text = typeof value === "string" ? value : "";
  const { props: draft } = useDraft(text, (next) => onChange(next === "" ? undefined : next));
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

/** A multi-line text field. */
export function LongTextControl(props: ControlProps) {
  const { value, ghost, onChange } = props;
  const { props: draft } = useDraft(typeof value === "string" ? value : "", (next) =>
    onChange(next === "" ? undefined : next),
  );
  return <textarea {...controlAttributes(props)} {...draft} rows={3} placeholder={ghost} dir="auto" />;
}

/** JSON as text. Syntax errors are shown here, validation errors by the kernel. */
export function JsonControl({
  rows = 4,
  children,
  ...props
}: ControlProps & { rows?: number; children?: ComponentChildren }) {
  const { value, onChange } = props;
  const field = useRef<HTMLTextAreaElement>(null);
  const editor = useJsonEditor(field);
  const { props: draft } = useDraft(showJson(value), (text) => onChange(readJson(text)));
  const problem = /^\s*[[{"]/.test(draft.value) ? jsonProblem(draft.value) : undefined;
  return (
    <div class="orn-stack">
      <textarea
        {...controlAttributes(props)}
        {...draft}
        {...editor}
        ref={field}
        class="orn-code"
        rows={Math.max(rows, Math.min(16, draft.value.split("\n").length))}
        spellcheck={false}
        autocomplete="off"
        placeholder={props.ghost}
        aria-label={props.label}
        dir="ltr"
      />
      {problem && <small>{`${STRINGS.notJson} ${problem}`}</small>}
      {children}
    </div>
  );
}
