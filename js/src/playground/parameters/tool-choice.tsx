import { isObject } from "../../shared/guards";
import { usePanel } from "../context";
import { Select } from "../controls/choice-controls";
import type { ControlProps } from "../controls/control-props";
import { STRINGS } from "../strings";
import { entriesOf } from "./list-entries";

/** A select of the general choices and of each tool by name. */
export function ToolChoiceControl({ choices, ...props }: ControlProps & { choices: readonly string[] }) {
  const panel = usePanel();
  const tools = entriesOf(panel.traits.params.value.tools);
  const named = tools.map((tool) => {
    const name = isObject(tool.function) ? String(tool.function.name) : undefined;
    const value = name === undefined ? { type: tool.type } : { type: "function", function: { name } };
    return { value, label: name ?? String(tool.type) };
  });
  const names = new Set(named.map(({ label }) => label));
  const words = choices.filter((choice) => !names.has(choice)).map((word) => ({ value: word, label: word }));
  return (
    <Select
      {...props}
      ghost={tools.length === 0 ? STRINGS.noTools : props.ghost}
      options={[...words, ...named]}
    />
  );
}
