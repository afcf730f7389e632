import type { ControlProps } from "../controls/control-props";
import type { FormSpec } from "../protocol";
import { STRINGS } from "../strings";
import { Menu } from "../ui/menu";
import { FieldCard, type FieldControl } from "./field-card";
import { type Entry, entriesOf } from "./list-entries";

/** A list of plugins, each with a form for its fields, and a menu to add one. */
export function PluginsControl({
  cards,
  control,
  ...props
}: ControlProps & { cards: readonly FormSpec[]; control: FieldControl }) {
  const entries = entriesOf(props.value);
  const set = (next: readonly Entry[]) => props.onChange(next.length > 0 ? next : undefined);
  return (
    <div
      id={props.id}
      class="orn-stack"
      role="group"
      aria-label={props.label}
      aria-describedby={props.describedBy}
    >
      {entries.map((entry, at) => {
        const card = cards.find(({ id }) => id === entry.id);
        return (
          <FieldCard
            key={String(entry.id)}
            title={card?.label ?? String(entry.id)}
            help={card?.help ?? ""}
            id={`${props.id}-${at}`}
            fields={card?.fields ?? []}
            value={entry}
            control={control}
            onChange={(next) => set(next ? entries.with(at, next) : entries.toSpliced(at, 1))}
          />
        );
      })}
      <Menu
        icon="add"
        label={STRINGS.addPlugin}
        items={cards
          .filter(({ id }) => !entries.some((entry) => entry.id === id))
          .map(({ id, label, help }) => ({ label, hint: help, act: () => set([...entries, { id }]) }))}
      />
    </div>
  );
}
