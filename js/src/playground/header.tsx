import { useLayoutEffect, useRef } from "preact/hooks";
import { useCreate, useFocusTarget, usePanel } from "./context";
import type { FullSize } from "./full-size";
import { ModelPicker } from "./model-picker";
import { PresetMenu } from "./presets";
import type { Column } from "./protocol";
import { fill, STRINGS } from "./strings";
import { Button } from "./ui/button";
import { Menu } from "./ui/menu";

const MAX_COLUMNS = 4;

/** The models, and the actions of the whole panel: compare, presets, undo. */
export function Header({ fullSize }: { fullSize: FullSize }) {
  const panel = usePanel();
  const create = useCreate();
  const columns = panel.traits.columns.value;
  const { badge, key_source, server } = panel.traits.connection.value;
  return (
    <div class="orn-head">
      <div class="orn-models">
        {columns.map((column, at) => (
          <ColumnHeader key={column.id} column={column} at={at} count={columns.length} />
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
          inactive={columns.length >= MAX_COLUMNS}
          onPress={() => create({ op: "add_column" })}
        />
        <PresetMenu />
        <PanelActions />
        <Button
          bare
          icon={fullSize.isOn.value ? "shrink" : "expand"}
          label={fullSize.isOn.value ? STRINGS.leaveFullSize : STRINGS.fullSize}
          title={fullSize.isOn.value ? STRINGS.leaveFullSizeHint : STRINGS.fullSizeHint}
          onPress={fullSize.toggle}
        />
      </div>
    </div>
  );
}

/** One column's model. A new column begins with the model of the first and opens the picker. */
function ColumnHeader({ column, at, count }: { column: Column; at: number; count: number }) {
  const panel = usePanel();
  const focusTarget = useFocusTarget();
  const box = useRef<HTMLDivElement>(null);
  const isWanted = focusTarget.value?.column === column.id;
  useLayoutEffect(() => {
    if (!isWanted) return;
    focusTarget.value = undefined;
    box.current?.querySelector("input")?.focus();
  }, [isWanted]);
  return (
    <div ref={box} class="orn-chosen" data-column={column.id}>
      <ModelPicker column={column} label={count > 1 ? fill(STRINGS.modelN, { n: at + 1 }) : STRINGS.model} />
      {count > 1 && (
        <Button
          bare
          icon="close"
          label={fill(STRINGS.removeNamed, { name: column.model })}
          onPress={() => void panel.do({ op: "remove_column", column: column.id })}
        />
      )}
      <span class="orn-model-summary">{column.summary.join(" · ")}</span>
    </div>
  );
}

function PanelActions() {
  const panel = usePanel();
  const { undo, redo } = panel.traits.undo.value;
  return (
    <>
      <Button
        bare
        icon="undo"
        label={undo ? fill(STRINGS.undoNamed, { name: undo }) : STRINGS.undo}
        inactive={!undo}
        onPress={() => void panel.do({ op: "undo" })}
      />
      <Button
        bare
        icon="redo"
        label={redo ? fill(STRINGS.redoNamed, { name: redo }) : STRINGS.redo}
        inactive={!redo}
        onPress={() => void panel.do({ op: "redo" })}
      />
      <Menu
        bare
        icon="more"
        label={STRINGS.moreOfAll}
        items={[
          {
            label: STRINGS.editAsJson,
            icon: "code",
            hint: STRINGS.editAsJsonHint,
            act: () => {
              panel.isJson.value = true;
            },
          },
          {
            label: STRINGS.clear,
            icon: "remove",
            disabled: panel.traits.thread.value.length === 0,
            act: () => void panel.do({ op: "clear_thread" }),
          },
        ]}
      />
    </>
  );
}
