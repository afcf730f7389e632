import { useLayoutEffect, useRef } from "preact/hooks";
import { useFocusTarget, usePanel } from "../context";
import type { Spec } from "../protocol";
import { topOf } from "../store/dotted-path";
import { STRINGS } from "../strings";
import { Button } from "../ui/button";
import { Icon } from "../ui/icon";
import { useElementId } from "../ui/use-element-id";
import { SpecControl } from "./spec-control";
import { type ParameterState, StateChip } from "./state-chip";

/** One parameter: its name, what it is set to, and what that means for the request. Drawn from its row of the table alone. */
export function ParameterRow({ spec, isSetting = false }: { spec: Spec; isSetting?: boolean }) {
  const panel = usePanel();
  const goal = useFocusTarget();
  const row = useRef<HTMLDivElement>(null);
  const hint = panel.traits.hints.value[spec.name] ?? {};
  const value = panel.value(spec, isSetting);
  const ignored = isSetting ? undefined : panel.traits.ignored.value[topOf(spec.name)];
  const problems = panel.traits.problems.value.filter(
    ({ field }) => field === spec.name || field.startsWith(`${spec.name}.`),
  );
  const isWrong = problems.some(({ level }) => level === "error");
  const state: ParameterState =
    value === undefined
      ? "unset"
      : isWrong
        ? "invalid"
        : ignored
          ? "ignored"
          : value === null
            ? "null"
            : "set";
  const id = useElementId();
  const isWanted = goal.value?.field === spec.name;

  useLayoutEffect(() => {
    if (!isWanted) return;
    goal.value = undefined;
    row.current?.scrollIntoView?.({ block: "nearest" });
    row.current?.querySelector<HTMLElement>(".orn-control :is(input, select, textarea, button)")?.focus();
  }, [isWanted]);

  const excludes = spec.excludes?.length ? `${STRINGS.excludes} ${spec.excludes.join(", ")}.` : "";
  const help = `${spec.help} ${excludes}`.trim();
  return (
    <div ref={row} class={`orn-param orn-${state}`} data-param={spec.name} data-state={state}>
      <label class="orn-param-name" for={id} title={help}>
        {spec.label}
        {spec.unit && <small> {spec.unit}</small>}
      </label>
      <div class="orn-control">
        <SpecControl
          spec={spec}
          hint={hint}
          id={id}
          value={value}
          invalid={isWrong}
          describedBy={`${id}-about`}
          onChange={(next) => panel.set(spec, next, isSetting)}
        />
      </div>
      <StateChip spec={spec} state={state} value={value} isSetting={isSetting} />
      <div id={`${id}-about`} class="orn-about">
        {problems.map(({ message, level }) => (
          <p key={message} class={`orn-problem orn-${level}`}>
            <Icon name="error" />
            {message}
          </p>
        ))}
        {ignored && (
          <p class="orn-kept">
            <span title={ignored.message}>{STRINGS.keptNotSent}</span> ·{" "}
            <Button
              class="orn-link"
              label={STRINGS.sendAnyway}
              title={ignored.message}
              onPress={() => void panel.do({ op: "force_param", name: spec.name, on: true })}
            />
          </p>
        )}
        {hint.note && <p>{hint.note}</p>}
        <span class="orn-sr">{help}</span>
      </div>
    </div>
  );
}
