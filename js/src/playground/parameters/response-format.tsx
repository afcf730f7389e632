import { useSignal } from "@preact/signals";
import { isObject } from "../../shared/guards";
import { usePanel } from "../context";
import { SegmentedControl } from "../controls/choice-controls";
import type { ControlProps } from "../controls/control-props";
import { CommittedText, JsonControl } from "../controls/text-controls";
import type { CheckReply } from "../protocol";
import { STRINGS } from "../strings";
import { VariableMenu } from "../variable-menu";

const TYPES = ["text", "json_object", "json_schema", "grammar", "python"];
const EXAMPLE = {
  type: "object",
  properties: { answer: { type: "string" } },
  required: ["answer"],
  additionalProperties: false,
};

/** Text, JSON, or JSON with a schema, which can be taken from a class in the notebook. */
export function ResponseFormatControl(props: ControlProps) {
  const panel = usePanel();
  const problem = useSignal("");
  const format: Record<string, unknown> = isObject(props.value) ? props.value : {};
  const options = TYPES.map((choice) => ({ value: choice, label: choice.replace("json_", "") }));
  const schema = isObject(format.json_schema) ? format.json_schema : {};
  const writeSchema = (changes: object) =>
    props.onChange({ ...format, json_schema: { ...schema, ...changes } });
  const check = async (text: string) => {
    const { value } = await panel.kernel.query({ ask: "check_json", text, as: "schema" });
    problem.value = (value as CheckReply | null)?.problem ?? "";
  };
  return (
    <div class="orn-stack">
      <SegmentedControl
        {...props}
        value={format.type}
        options={options}
        onChange={(type) => {
          const isSchema = type === "json_schema";
          props.onChange(
            isSchema ? { type, json_schema: { name: "answer", strict: true, schema: EXAMPLE } } : { type },
          );
        }}
      />
      {format.type === "json_schema" && (
        <>
          <div class="orn-row">
            <CommittedText
              class="orn-grow orn-code"
              label={STRINGS.schemaName}
              value={String(schema.name ?? "")}
              onCommit={(name) => writeSchema({ name })}
            />
            <label class="orn-check">
              <input
                type="checkbox"
                checked={schema.strict === true}
                onChange={({ currentTarget }) => writeSchema({ strict: currentTarget.checked })}
              />
              {STRINGS.strict}
            </label>
          </div>
          <div onBlur={() => void check(JSON.stringify(schema.schema ?? {}))}>
            <JsonControl
              {...props}
              id={`${props.id}-schema`}
              label={STRINGS.schema}
              rows={6}
              value={schema.schema}
              onChange={(next) => writeSchema({ schema: next })}
            />
          </div>
          {problem.value && <p class="orn-problem">{problem.value}</p>}
          <VariableMenu
            icon="code"
            use="schema"
            label={STRINGS.fromClass}
            onPick={(variable) => void panel.do({ op: "schema_from", variable })}
          />
        </>
      )}
      {(format.type === "grammar" || format.type === "python") && (
        <JsonControl {...props} id={`${props.id}-json`} value={format} />
      )}
    </div>
  );
}
