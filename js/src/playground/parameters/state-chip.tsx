import { usePanel } from "../context";
import type { Json, Spec } from "../protocol";
import { topOf } from "../store/dotted-path";
import { fill, STRINGS } from "../strings";
import { Button } from "../ui/button";
import { Menu, type MenuItem } from "../ui/menu";

export type ParameterState = "unset" | "set" | "null" | "ignored" | "invalid";

/** What the request will hold of a row, in a word; set rows can be taken back, and more is in the menu. */
export function StateChip({
  spec,
  state,
  value,
  isSetting,
}: {
  spec: Spec;
  state: ParameterState;
  value: Json | undefined;
  isSetting: boolean;
}) {
  const panel = usePanel();
  const name = spec.label;
  const isForced = panel.traits.forced.value.includes(topOf(spec.name));
  const unset = () => panel.set(spec, undefined, isSetting);
  const items: MenuItem[] = [];
  if (spec.nullable && !isSetting && state !== "null") {
    items.push({ label: STRINGS.sendNull, hint: STRINGS.sendNullHint, act: () => panel.set(spec, null) });
  }
  if (state === "ignored" || isForced) {
    const act = () => void panel.do({ op: "force_param", name: spec.name, on: !isForced });
    items.push({ label: STRINGS.sendAnyway, checked: isForced, act });
  }
  if (spec.deprecated && state !== "unset") {
    const act = () => void panel.do({ op: "convert_deprecated", name: spec.name });
    items.push({ label: STRINGS.convert, hint: spec.deprecated, act });
  }
  const word = panel.isOverride(spec) ? STRINGS.own : STRINGS.states[state];
  return (
    <span class={`orn-chip orn-${state}`}>
      <span class="orn-chip-word" title={state === "set" ? JSON.stringify(value) : undefined}>
        {word}
      </span>
      {state !== "unset" && (
        <Button bare icon="undo" label={fill(STRINGS.unsetNamed, { name })} onPress={unset} />
      )}
      {items.length > 0 && <Menu bare icon="more" label={fill(STRINGS.moreAbout, { name })} items={items} />}
    </span>
  );
}
