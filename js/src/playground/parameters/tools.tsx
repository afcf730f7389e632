import { useSignal } from "@preact/signals";
import { isObject } from "../../shared/guards";
import { usePanel } from "../context";
import { type ControlProps, showJson } from "../controls/control-props";
import { CommittedText, JsonControl } from "../controls/text-controls";
import type { CheckReply, Json, Spec } from "../protocol";
import { fill, STRINGS } from "../strings";
import { Button } from "../ui/button";
import { Menu } from "../ui/menu";
import { VariableMenu } from "../variable-menu";
import { FieldCard, type FieldControl } from "./field-card";
import { type Entry, entriesOf } from "./list-entries";

const BLANK: Entry = {
  type: "function",
  function: { name: "my_tool", description: "", parameters: { type: "object", properties: {} } },
};

/** Functions and server tools. A function of the notebook is added with its signature and docstring. */
export function ToolsControl({
  spec,
  control,
  ...props
}: ControlProps & { spec: Spec; control: FieldControl }) {
  const panel = usePanel();
  const entries = entriesOf(props.value);
  const set = (next: readonly Entry[]) => props.onChange(next.length > 0 ? next : undefined);
  const cards = spec.cards ?? [];
  return (
    <div
      id={props.id}
      class="orn-stack"
      role="group"
      aria-label={props.label}
      aria-describedby={props.describedBy}
    >
      {entries.map((entry, at) => {
        const replace = (next: Entry | undefined) =>
          set(next ? entries.with(at, next) : entries.toSpliced(at, 1));
        const card = cards.find(({ id }) => id === entry.type);
        const id = `${props.id}-${at}`;
        if (isObject(entry.function)) {
          return (
            <FunctionTool key={at} id={id} entry={entry} fn={entry.function as Entry} onChange={replace} />
          );
        }
        return (
          <FieldCard
            key={at}
            id={id}
            title={card?.label ?? String(entry.type)}
            help={card?.help ?? ""}
            fields={card?.fields ?? []}
            value={entry}
            control={control}
            onChange={replace}
          />
        );
      })}
      <div class="orn-row">
        <VariableMenu
          icon="tool"
          use="tool"
          label={STRINGS.fromPython}
          onPick={(variable) => void panel.do({ op: "tool_from", variable })}
        />
        <Menu
          icon="add"
          label={STRINGS.addTool}
          items={[
            { label: STRINGS.blankTool, act: () => set([...entries, BLANK]) },
            ...cards.map(({ id, label, help }) => ({
              label,
              hint: help,
              act: () => set([...entries, { type: id }]),
            })),
          ]}
        />
      </div>
    </div>
  );
}

function FunctionTool({
  id,
  entry,
  fn,
  onChange,
}: {
  id: string;
  entry: Entry;
  fn: Entry;
  onChange: (entry: Entry | undefined) => void;
}) {
  const panel = usePanel();
  const problem = useSignal("");
  const name = String(fn.name ?? "");
  const policy = panel.traits.policies.value?.[name];
  const write = (key: string, value: unknown) =>
    onChange({ ...entry, function: { ...fn, [key]: value as Json } });
  const check = async () => {
    const text = showJson(fn);
    const { value } = await panel.kernel.query({ ask: "check_json", text, as: "tool" });
    problem.value = (value as CheckReply | null)?.problem ?? "";
  };
  const shared = { describedBy: problem.value ? `${id}-problem` : undefined, invalid: problem.value !== "" };
  return (
    <section class="orn-field-card" aria-label={name} onBlur={() => void check()}>
      <div class="orn-row">
        <CommittedText
          class="orn-grow orn-code"
          label={STRINGS.toolName}
          value={name}
          onCommit={(next) => write("name", next)}
        />
        <Button
          bare
          icon="close"
          label={fill(STRINGS.removeNamed, { name })}
          onPress={() => onChange(undefined)}
        />
      </div>
      <CommittedText
        label={STRINGS.toolDescription}
        placeholder={STRINGS.toolDescription}
        value={String(fn.description ?? "")}
        onCommit={(next) => write("description", next)}
      />
      <JsonControl
        {...shared}
        id={`${id}-parameters`}
        label={STRINGS.toolParameters}
        ghost=""
        value={fn.parameters}
        onChange={(next) => write("parameters", next ?? {})}
      />
      {problem.value && (
        <p id={`${id}-problem`} class="orn-problem">
          {problem.value}
        </p>
      )}
      <div class="orn-row">
        <label class="orn-check">
          <input
            type="checkbox"
            checked={fn.strict === true}
            onChange={({ currentTarget }) => write("strict", currentTarget.checked || undefined)}
          />
          {STRINGS.strict}
        </label>
        {policy && (
          <select
            aria-label={fill(STRINGS.policyOf, { name })}
            value={policy.chosen}
            onChange={({ currentTarget }) => {
              const chosen = policy.choices.find((each) => each === currentTarget.value) ?? "ask";
              void panel.do({ op: "tool_policy", tool: name, policy: chosen });
            }}
          >
            {policy.choices.map((choice) => (
              <option key={choice} value={choice} selected={choice === policy.chosen}>
                {STRINGS.policies[choice]}
              </option>
            ))}
          </select>
        )}
      </div>
    </section>
  );
}
