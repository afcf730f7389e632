import type { ComponentChildren } from "preact";
import type { Json, Spec } from "../protocol";
import { fill, STRINGS } from "../strings";
import { Button } from "../ui/button";
import { SpecControl } from "./spec-control";

/** A thing with fields of its own, such as a plugin: its name, a way to take it out, and a control for each field. */
export function FieldCard(props: {
  title: string;
  help: string;
  id: string;
  fields: readonly Spec[];
  value: Readonly<Record<string, Json>>;
  onChange: (value: Readonly<Record<string, Json>> | undefined) => void;
  children?: ComponentChildren;
}) {
  const { title, help, id, fields, value, onChange } = props;
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
          <SpecControl
            spec={spec}
            hint={{}}
            id={`${id}-${spec.name}`}
            value={value[spec.name]}
            invalid={false}
            describedBy={undefined}
            onChange={(next) => {
              const { [spec.name]: _, ...others } = value;
              onChange(next === undefined ? others : { ...others, [spec.name]: next });
            }}
          />
        </div>
      ))}
    </section>
  );
}
