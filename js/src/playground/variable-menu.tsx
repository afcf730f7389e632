import { useSignal } from "@preact/signals";
import { usePanel } from "./context";
import type { VariablesReply } from "./protocol";
import { STRINGS } from "./strings";
import type { IconName } from "./ui/icon";
import { Menu } from "./ui/menu";

type Use = "attachment" | "tool" | "schema";

/** A menu of the notebook's variables for one use. Queried on each opening, because the notebook changes. */
export function VariableMenu({
  use,
  label,
  icon,
  onPick,
}: {
  use: Use;
  label: string;
  icon: IconName;
  onPick: (name: string) => void;
}) {
  const panel = usePanel();
  const found = useSignal<VariablesReply["variables"] | undefined>(undefined);
  const look = async () => {
    found.value = undefined;
    const { value } = await panel.kernel.query({ ask: "variables", use });
    found.value = (value as VariablesReply | null)?.variables ?? [];
  };
  const items = found.value?.map(({ name, about }) => ({
    label: name,
    hint: about,
    act: () => onPick(name),
  }));
  const none = { label: STRINGS.noVariable, disabled: true, act: () => {} };
  return (
    <Menu icon={icon} label={label} items={items?.length === 0 ? [none] : items} onOpen={() => void look()} />
  );
}
