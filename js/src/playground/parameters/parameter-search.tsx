import { type Signal, useComputed, useSignal } from "@preact/signals";
import { useLayoutEffect, useRef } from "preact/hooks";
import { useFocusTarget, usePanel } from "../context";
import type { Spec } from "../protocol";
import { plural, STRINGS } from "../strings";
import { Button } from "../ui/button";

export interface Group {
  readonly name: string;
  readonly specs: readonly Spec[];
  readonly isSetting: boolean;
}

/** What the parameters are narrowed to: words of the user, and whether a value is set. */
export interface Search {
  readonly words: Signal<string>;
  readonly isSetOnly: Signal<boolean>;
}

/** Return the groups of all parameters and settings, without those that the model hides or a search excludes. */
export function useGroups({ words, isSetOnly }: Search) {
  const panel = usePanel();
  return useComputed(() => {
    const { param_specs, setting_specs, hints } = panel.traits;
    const groups = new Map<string, Spec[]>();
    for (const spec of param_specs.value) groups.set(spec.group, [...(groups.get(spec.group) ?? []), spec]);
    const all = [...groups].map(([name, specs]) => ({ name, specs, isSetting: false }));
    const wanted = words.value.toLowerCase().split(/\s+/);
    const shows = (group: Group) => (spec: Spec) => {
      const isSet = panel.value(spec, group.isSetting) !== undefined;
      const text = [
        spec.name,
        spec.label,
        spec.help,
        group.name,
        ...(spec.cards ?? []).map(({ label }) => label),
      ]
        .join(" ")
        .toLowerCase();
      return (
        (isSet || (!isSetOnly.value && spec.control !== "note" && !hints.value[spec.name]?.hidden)) &&
        wanted.every((word) => text.includes(word))
      );
    };
    return [...all, { name: STRINGS.settings, specs: setting_specs.value, isSetting: true }]
      .map((group) => ({ ...group, specs: group.specs.filter(shows(group)) }))
      .filter(({ specs }) => specs.length > 0);
  });
}

/** The search field. `/` focuses it, Escape clears it, Enter goes to the first parameter that is found. */
export function ParameterSearch({ words, isSetOnly, found }: Search & { found: readonly Spec[] }) {
  const focusTarget = useFocusTarget();
  const field = useRef<HTMLInputElement>(null);
  const isWanted = focusTarget.value?.search;
  useLayoutEffect(() => {
    if (!isWanted) return;
    focusTarget.value = undefined;
    field.current?.focus();
  }, [isWanted]);
  return (
    <div class="orn-find">
      <input
        ref={field}
        type="search"
        aria-label={STRINGS.findParameter}
        placeholder={`${STRINGS.findParameter}  /`}
        autocomplete="off"
        dir="auto"
        value={words.value}
        onInput={({ currentTarget }) => {
          words.value = currentTarget.value;
        }}
        onKeyDown={(event) => {
          const [first] = found;
          if (event.key === "Escape" && words.value) words.value = "";
          else if (event.key === "Enter" && first) focusTarget.value = { field: first.name };
          else return;
          event.preventDefault();
        }}
      />
      <Button
        label={STRINGS.setOnly}
        title={STRINGS.setOnlyHint}
        pressed={isSetOnly.value}
        onPress={() => {
          isSetOnly.value = !isSetOnly.value;
        }}
      />
      <p class={found.length > 0 ? "orn-sr" : "orn-muted"} role="status">
        {(words.value || isSetOnly.value) && plural(STRINGS.nFound, found.length)}
      </p>
    </div>
  );
}

export function useSearch(): Search {
  return { words: useSignal(""), isSetOnly: useSignal(false) };
}
