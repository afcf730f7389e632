import type { ComponentChildren, ComponentType } from "preact";
import type { Hint, Json, Spec } from "../protocol";
import { fill, STRINGS } from "../strings";
import { Button } from "../ui/button";
import { Help } from "./help";

export interface FieldControlProps {
  spec: Spec;
  hint: Hint;
  id: string;
  value: Json | undefined;
  invalid: boolean;
  describedBy: string | undefined;
  onChange: (value: Json | undefined) => void;
}

/** Renders the control of one field. Passed in, because a field can be a list of forms itself. */
export type FieldControl = ComponentType<FieldControlProps>;

/** The form of an object such as a plugin: its name, a remove button, and a control for each field. */
export function FieldCard(props: {
  title: string;
  help: string;
  id: string;
  fields: readonly Spec[];
  value: Readonly<Record<string, Json>>;
  control: FieldControl;
  onChange: (value: Readonly<Record<string, Json>> | undefined) => void;
  children?: ComponentChildren;
}) {
  const { title, help, id, fields, value, control: Control, onChange } = props;
  return (
    <section class="orn-field-card" aria-label={title}>
      <div class="orn-row">
        <strong class="orn-grow" title={help}>
          {title}
        </strong>
        {props.children}
        <Button
          bare
          icon="close"
          label={fill(STRINGS.removeNamed, { name: title })}
          onPress={() => onChange(undefined)}
        />
      </div>
      {fields.map((spec) => (
        <div key={spec.name} class="orn-field" data-field={spec.name}>
          <label for={`${id}-${spec.name}`} title={spec.help}>
            {spec.label}
          </label>
          <Control
            spec={spec}
            hint={{}}
            id={`${id}-${spec.name}`}
            value={value[spec.name]}
            invalid={false}
            describedBy={spec.help ? `${id}-${spec.name}-help` : undefined}
            onChange={(next) => {
              const { [spec.name]: _, ...others } = value;
              onChange(next === undefined ? others : { ...others, [spec.name]: next });
            }}
          />
          {spec.help && <Help id={`${id}-${spec.name}-help`} text={spec.help} />}
        </div>
      ))}
    </section>
  );
}
