import { useSignal } from "@preact/signals";
import { useLayoutEffect, useRef } from "preact/hooks";
import { usePanel } from "./context";
import { ModelPicker } from "./model-picker";
import { fill, STRINGS } from "./strings";
import { Button } from "./ui/button";
import { Menu, type MenuItem } from "./ui/menu";

const MAX_COLUMNS = 4;

/** The models that are asked, and what belongs to the whole panel: compare, presets, undo. */
export function Head() {
  const panel = usePanel();
  const columns = panel.traits.columns.value;
  const { badge, key_source, server } = panel.traits.connection.value;
  return (
    <div class="orn-head">
      <div class="orn-models">
        {columns.map((column, at) => (
          <div key={column.id} class="orn-chosen" data-column={column.id}>
            <ModelPicker
              column={column}
              label={columns.length > 1 ? fill(STRINGS.modelN, { n: at + 1 }) : STRINGS.model}
            />
            {columns.length > 1 && (
              <Button
                bare
                icon="close"
                label={fill(STRINGS.removeNamed, { name: column.model })}
                onPress={() => void panel.do({ op: "remove_column", column: column.id })}
              />
            )}
            <span class="orn-facts">{column.summary.join(" · ")}</span>
          </div>
        ))}
      </div>
      <div class="orn-row">
        {badge && (
          <span class="orn-tag orn-badge" title={server}>
            {badge}
          </span>
        )}
        {!badge && !key_source && <span class="orn-tag orn-badge">{STRINGS.noKey}</span>}
        <Button
          icon="columns"
          label={STRINGS.compare}
          title={STRINGS.compareHint}
          disabled={columns.length >= MAX_COLUMNS}
          onPress={() => void panel.do({ op: "add_column" })}
        />
        <Presets />
        <Whole />
      </div>
    </div>
  );
}

function Presets() {
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
  return (
    <>
      <Menu
        icon="sliders"
        label={current ? `${current}${changed ? " *" : ""}` : STRINGS.presets}
        items={items}
      />
      {isNaming.value && (
        <NameField
          name={current}
          onDone={(name) => {
            isNaming.value = false;
            if (name) void panel.do({ op: "preset_save", name });
          }}
        />
      )}
    </>
  );
}

/** Where a preset gets its name. Enter, or leaving it, takes what is written; Escape takes nothing. */
function NameField({ name, onDone }: { name: string; onDone: (name: string) => void }) {
  const draft = useSignal(name);
  const input = useRef<HTMLInputElement>(null);
  const opener = useRef<Element | null>(null);
  const isDone = useRef(false);
  useLayoutEffect(() => {
    opener.current = document.activeElement;
    input.current?.select();
    input.current?.focus();
  }, []);
  const end = (text: string) => {
    if (isDone.current) return;
    isDone.current = true; // the blur of a field that is taken away comes after its Enter
    onDone(text.trim());
  };
  return (
    <input
      type="text"
      ref={input}
      aria-label={STRINGS.presetName}
      placeholder={STRINGS.presetName}
      value={draft.value}
      onInput={({ currentTarget }) => {
        draft.value = currentTarget.value;
      }}
      onKeyDown={(event) => {
        if (event.isComposing || (event.key !== "Enter" && event.key !== "Escape")) return;
        event.preventDefault();
        end(event.key === "Enter" ? draft.value : "");
        if (opener.current instanceof HTMLElement) opener.current.focus();
      }}
      onBlur={() => end(draft.value)}
    />
  );
}

function Whole() {
  const panel = usePanel();
  const { undo, redo } = panel.traits.undo.value;
  return (
    <>
      <Button
        bare
        icon="undo"
        label={undo ? fill(STRINGS.undoNamed, { name: undo }) : STRINGS.undo}
        disabled={!undo}
        onPress={() => void panel.do({ op: "undo" })}
      />
      <Button
        bare
        icon="redo"
        label={redo ? fill(STRINGS.redoNamed, { name: redo }) : STRINGS.redo}
        disabled={!redo}
        onPress={() => void panel.do({ op: "redo" })}
      />
    </>
  );
}
