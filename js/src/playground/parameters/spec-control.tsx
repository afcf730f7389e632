import { usePanel } from "../context";
import { CheckboxGroup, OpenSelect, SegmentedControl, Select } from "../controls/choice-controls";
import type { ControlProps } from "../controls/control-props";
import { KeyValueControl } from "../controls/key-value-control";
import { NumberControl } from "../controls/number-control";
import { StringListControl } from "../controls/string-list-control";
import { JsonControl, LongTextControl, TextControl } from "../controls/text-controls";
import type { Json, Spec } from "../protocol";
import { STRINGS } from "../strings";
import type { FieldControlProps } from "./field-card";
import { PluginsControl } from "./plugins";
import { ResponseFormatControl } from "./response-format";
import { ToolChoiceControl } from "./tool-choice";
import { ToolsControl } from "./tools";

/** Render the control that a spec names. An unknown control, newer than this panel, is edited as JSON. */
export function SpecControl({ spec, hint, ...rest }: FieldControlProps) {
  const panel = usePanel();
  const shared: ControlProps = {
    ...rest,
    label: spec.label,
    ghost: hint.ghost ?? spec.ghost ?? STRINGS.providerDefault,
    onChange: (next) => rest.onChange(next as Json | undefined),
  };
  const choices = hint.choices ?? spec.choices ?? [];
  const options = choices.map((choice) => ({ value: choice, label: choice }));
  const maximum = hint.maximum ?? spec.maximum ?? null;
  switch (spec.control) {
    case "slider":
    case "number": {
      const given = typeof hint.default === "number" ? hint.default : undefined;
      const scale = {
        minimum: spec.minimum ?? null,
        maximum,
        step: spec.step ?? (spec.kind === "integer" ? 1 : 0.01),
        arrow: spec.arrow ?? null,
        resting: given ?? (spec.centred ? 0 : null),
        given: given?.toString(),
        isLogarithmic: spec.log ?? false,
        hasSlider: spec.control === "slider",
      };
      return <NumberControl {...shared} scale={scale} />;
    }
    case "switch":
      return <SegmentedControl {...shared} marked={hint.default} options={SWITCH} />;
    case "segmented":
      return <SegmentedControl {...shared} marked={hint.default} options={options} />;
    case "select":
      return spec.open ? (
        <OpenSelect {...shared} options={options} />
      ) : (
        <Select {...shared} options={options} />
      );
    case "checks":
      return <CheckboxGroup {...shared} options={options} />;
    case "text":
      return <TextControl {...shared} longest={maximum} />;
    case "textarea":
      return <LongTextControl {...shared} />;
    case "chips":
      return <StringListControl {...shared} most={maximum} suggestions={offered(panel, spec, choices)} />;
    case "table":
      return (
        <KeyValueControl {...shared} isNumeric={spec.value === "number"} most={spec.limits?.pairs ?? null} />
      );
    case "tools":
      return <ToolsControl {...shared} spec={spec} control={SpecControl} />;
    case "tool_choice":
      return <ToolChoiceControl {...shared} choices={choices} />;
    case "plugins":
      return <PluginsControl {...shared} cards={spec.cards ?? []} control={SpecControl} />;
    case "response_format":
      return <ResponseFormatControl {...shared} />;
    case "note":
      return <code class="orn-code">{JSON.stringify(rest.value)}</code>;
    default:
      return <JsonControl {...shared} />;
  }
}

const SWITCH = [
  { value: true, label: STRINGS.on },
  { value: false, label: STRINGS.off },
];

/** For `provider.*`, suggest the providers that serve the model now as well. */
function offered(
  panel: ReturnType<typeof usePanel>,
  spec: Spec,
  choices: readonly string[],
): readonly string[] {
  if (!spec.name.startsWith("provider.")) return choices;
  const tags = panel.traits.routing.value.endpoints.map(({ tag }) => tag);
  return [...new Set([...choices, ...tags])];
}
