import { useSignal } from "@preact/signals";
import { useLayoutEffect, useRef } from "preact/hooks";
import { usePanel } from "./context";
import { fill, STRINGS } from "./strings";
import { Button } from "./ui/button";
import { Menu, type MenuItem } from "./ui/menu";

/** Saves, loads and deletes named sets of parameters. */
export function PresetMenu() {
  const panel = usePanel();
  const { names, current, changed, folder } = panel.traits.presets.value;
  const isNaming = useSignal(false);
  const items: MenuItem[] = [
    {
      label: STRINGS.savePreset,
      hint: folder,
      act: () => {
        isNaming.value = true;
      },
    },
    ...names.map((name) => ({
      label: name,
      checked: name === current,
      act: () => void panel.do({ op: "preset_load", name }),
    })),
  ];
  if (current) {
    items.push({
      label: fill(STRINGS.deleteNamed, { name: current }),
      icon: "remove",
      act: () => void panel.do({ op: "preset_delete", name: current }),
    });
  }
  const done = () => {
    isNaming.value = false;
  };
  // The box stays while the name is entered, so that the focus returns to its button.
  return (
    <span class="orn-anchor">
      {isNaming.value ? (
        <NameForm
          name={current}
          onSave={(name) => {
            done();
            if (name) void panel.do({ op: "preset_save", name });
          }}
          onCancel={done}
        />
      ) : (
        <Menu
          icon="sliders"
          label={current ? `${current}${changed ? " *" : ""}` : STRINGS.presets}
          items={items}
        />
      )}
    </span>
  );
}

function NameForm(props: { name: string; onSave: (name: string) => void; onCancel: () => void }) {
  const { onSave, onCancel } = props;
  const name = useSignal(props.name);
  const input = useRef<HTMLInputElement>(null);
  useLayoutEffect(() => {
    input.current?.focus();
    input.current?.select();
  }, []);
  const save = () => onSave(name.value.trim());
  return (
    <div
      class="orn-row"
      role="group"
      aria-label={STRINGS.savePreset}
      onKeyDown={(event) => {
        if (event.key !== "Escape") return;
        event.preventDefault();
        event.stopPropagation();
        onCancel();
      }}
    >
      <input
        ref={input}
        type="text"
        class="orn-preset-name"
        aria-label={STRINGS.presetName}
        placeholder={STRINGS.presetName}
        dir="auto"
        value={name.value}
        onInput={({ currentTarget }) => {
          name.value = currentTarget.value;
        }}
        onKeyDown={(event) => {
          if (event.key !== "Enter") return;
          event.preventDefault();
          save();
        }}
      />
      <Button primary label={STRINGS.save} onPress={save} />
      <Button bare icon="close" label={STRINGS.cancel} onPress={onCancel} />
    </div>
  );
}
