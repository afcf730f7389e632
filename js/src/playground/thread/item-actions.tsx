import { useCreate, usePanel } from "../context";
import type { MessageCard, Role, ThreadItem } from "../protocol";
import { fill, STRINGS } from "../strings";
import { Button } from "../ui/button";
import { Menu, type MenuItem } from "../ui/menu";

export const ROLES: readonly Role[] = ["system", "developer", "user", "assistant", "tool"];

interface ItemActionsProps {
  item: ThreadItem;
  index: number;
  count: number;
  onEdit?: () => void;
}

/** Actions on a message. Moving by buttons replaces drag and drop. */
export function ItemActions({ item, index, count, onEdit }: ItemActionsProps) {
  const panel = usePanel();
  const create = useCreate();
  const { id } = item;
  const move = (to: number) => void panel.do({ op: "move_message", item: id, index: to });
  const insert = (role: Role) => () => create({ op: "insert_message", index: index + 1, role, text: "" });
  const parts = item.cards[0]?.parts ?? [];
  const cached = parts[0]?.type === "text" && parts[0].cached === true;
  const items: MenuItem[] = [
    { label: STRINGS.insertUser, icon: "add", act: insert("user") },
    { label: STRINGS.insertAssistant, icon: "add", act: insert("assistant") },
    { label: STRINGS.insertSystem, icon: "add", act: insert("system") },
    {
      label: STRINGS.duplicate,
      icon: "copy",
      act: () => void panel.do({ op: "duplicate_message", item: id }),
    },
    {
      label: STRINGS.branchHere,
      icon: "branch",
      hint: STRINGS.branchHint,
      act: () => void panel.do({ op: "branch_message", item: id }),
    },
    {
      label: STRINGS.cachePart,
      checked: cached,
      disabled: parts.length === 0,
      act: () => void panel.do({ op: "set_cache", item: id, part: 0, on: !cached }),
    },
    ...ROLES.filter((role) => role !== item.role).map((role) => ({
      label: fill(STRINGS.changeRole, { role: STRINGS.roles[role] }),
      act: () => void panel.do({ op: "set_role", item: id, role }),
    })),
  ];
  return (
    <span class="orn-actions">
      {onEdit && <Button bare icon="edit" label={STRINGS.edit} onPress={onEdit} />}
      <Button bare icon="up" label={STRINGS.moveUp} inactive={index === 0} onPress={() => move(index - 1)} />
      <Button
        bare
        icon="down"
        label={STRINGS.moveDown}
        inactive={index === count - 1}
        onPress={() => move(index + 1)}
      />
      <Button
        bare
        icon="remove"
        label={STRINGS.delete}
        onPress={({ currentTarget }) => {
          // The button is removed with its message; focus the next message, or the last.
          const here = currentTarget.closest(".orn-item");
          const near = here?.nextElementSibling ?? here?.previousElementSibling;
          const to = near?.querySelector<HTMLElement>("article") ?? here?.closest<HTMLElement>(".orn-thread");
          to?.focus({ preventScroll: true });
          void panel.do({ op: "delete_message", item: id });
        }}
      />
      <Menu bare icon="more" label={STRINGS.moreActions} items={items} />
    </span>
  );
}

/** Selects one of the alternatives of an item. */
export function Branches({ item, card }: { item: string; card: MessageCard }) {
  const panel = usePanel();
  const { index, count } = card.branch;
  if (count < 2) return null;
  const column = card.column === null ? {} : { column: card.column };
  const go = (step: 1 | -1) => void panel.do({ op: "choose_branch", item, step, ...column });
  return (
    <span class="orn-branches">
      <Button
        bare
        icon="open"
        class="orn-back"
        label={STRINGS.previousBranch}
        inactive={index === 0}
        onPress={() => go(-1)}
      />
      <span>{`${index + 1}/${count}`}</span>
      <Button
        bare
        icon="open"
        label={STRINGS.nextBranch}
        inactive={index === count - 1}
        onPress={() => go(1)}
      />
    </span>
  );
}
