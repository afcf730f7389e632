import { usePanel } from "../context";
import type { MessageCard } from "../protocol";
import { STRINGS } from "../strings";
import { Button } from "../ui/button";

/** The alternatives of a place: which one is shown of how many. */
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
