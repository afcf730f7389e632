import { useSignal } from "@preact/signals";
import { useLayoutEffect } from "preact/hooks";
import { useFocusTarget, usePanel } from "../context";
import type { Spec } from "../protocol";
import { rememberOpen, wasOpen } from "../store/open-groups";
import { fill, STRINGS } from "../strings";
import { Icon } from "../ui/icon";
import { ParameterRow } from "./parameter-row";
import { RoutingNote } from "./routing-note";

interface GroupProps {
  name: string;
  specs: readonly Spec[];
  /** Whether it is open until the user opens or closes it. */
  opens: boolean;
  /** Whether the specs are the result of a search: all of them are shown. */
  isFound: boolean;
  isSetting: boolean;
}

/** A group of parameters. Advanced ones that are unset are behind a button. */
export function ParameterGroup({ name, specs, opens, isFound, isSetting }: GroupProps) {
  const panel = usePanel();
  const focusTarget = useFocusTarget();
  const isOpen = useSignal(wasOpen(name) ?? opens);
  const showsAll = useSignal(false);
  const wanted = focusTarget.value?.field;
  const isAdvanced = (spec: Spec) =>
    spec.advanced && panel.value(spec, isSetting) === undefined && spec.name !== wanted;
  const advanced = isFound ? [] : specs.filter(isAdvanced);
  const shown = isFound || showsAll.value ? specs : specs.filter((spec) => !isAdvanced(spec));
  const set = isSetting ? 0 : specs.filter((spec) => panel.value(spec) !== undefined).length;
  const mustOpen = specs.some((spec) => spec.name === wanted);
  useLayoutEffect(() => {
    if (!mustOpen) return;
    isOpen.value = true;
    showsAll.value ||= specs.some((spec) => spec.name === wanted && spec.advanced);
  }, [mustOpen]);
  return (
    <details class="orn-group" open={isOpen.value || mustOpen || isFound}>
      <summary
        onClick={(event) => {
          event.preventDefault();
          if (isFound) return;
          isOpen.value = !isOpen.value;
          rememberOpen(name, isOpen.value);
        }}
      >
        <Icon name="open" />
        <h3>{name}</h3>
        {set > 0 && <span class="orn-counts">{fill(STRINGS.nSet, { n: set })}</span>}
      </summary>
      {(isOpen.value || isFound) && (
        <div class="orn-rows">
          {specs.some((spec) => spec.name.startsWith("provider.")) && <RoutingNote />}
          {shown.map((spec) => (
            <ParameterRow key={spec.name} spec={spec} isSetting={isSetting} />
          ))}
          {advanced.length > 0 && (
            <button
              type="button"
              class="orn-button orn-link"
              aria-expanded={showsAll.value}
              onClick={() => {
                showsAll.value = !showsAll.value;
              }}
            >
              {showsAll.value ? STRINGS.fewer : fill(STRINGS.moreRows, { n: advanced.length })}
            </button>
          )}
        </div>
      )}
    </details>
  );
}
